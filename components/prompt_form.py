"""Prompts that a slash puts into the composer, and presets: lists with what can be done, and the form for a prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import streamlit as st

from hub.chat.records import Preset, Prompt


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt as it was filled in."""

    name: str
    text: str
    description: str


def prompt_list(prompts: Sequence[Prompt]) -> tuple[Literal["edit", "delete"], Prompt] | None:
    """One row for each prompt; what was asked for, if anything."""
    asked: tuple[Literal["edit", "delete"], Prompt] | None = None
    for prompt in prompts:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card_prompt_{prompt.id}"):
            with st.container(gap=None):
                st.markdown(f"`/{prompt.name}`")
                st.caption(_cut(prompt.description or prompt.text))
            word = st.menu_button(
                "More",
                ["edit", "delete"],
                key=f"prompt_{prompt.id}",
                icon=":material/more_horiz:",
                type="tertiary",
                format_func=lambda name: {"edit": "Edit prompt", "delete": "Delete prompt"}[name],
            )
        asked = (word, prompt) if word else asked
    return asked


def prompt_form(prompt: Prompt | None, *, key: str = "prompt") -> Draft | None:
    """The fields of a new or known prompt; return what was sent, if anything."""
    with st.form(f"{key}_form", border=False):
        name = st.text_input(
            "Name",
            prompt.name if prompt else "",
            key=f"{key}_name",
            placeholder="translate",
            icon=":material/edit_note:",
        )
        text = st.text_area(
            "Text",
            prompt.text if prompt else "",
            key=f"{key}_text",
            height=160,
            placeholder="Translate into {{language}}:",
            help="Words in double braces are asked for when the prompt is used",
        )
        about = st.text_input("What it is for", prompt.description if prompt else "", key=f"{key}_about")
        sent = st.form_submit_button("Save prompt", type="primary")
    return Draft(name, text, about) if sent else None


def preset_list(presets: Sequence[Preset]) -> Preset | None:
    """One row for each preset; the one to delete, if that was asked for."""
    gone: Preset | None = None
    for preset in presets:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card_preset_{preset.id}"):
            with st.container(gap=None):
                st.markdown(f"**{preset.name.replace('*', '')}**")
                st.caption(_cut("  ·  ".join(preset_facts(preset))))
            if st.button("Delete preset", key=f"preset_{preset.id}", icon=":material/delete:", type="tertiary"):
                gone = preset
    return gone


def prompt_dialog(prompt: Prompt | None, on_save: Callable[[Draft], str], on_close: Callable[[], None]) -> None:
    """The form in a dialog, open as long as it is called. `on_save` answers what was wrong, "" for nothing."""

    @st.dialog("Edit prompt" if prompt else "New prompt", width="medium", on_dismiss=on_close)
    def form() -> None:
        draft = prompt_form(prompt, key=f"prompt_{prompt.id if prompt else 'new'}")
        problem = on_save(draft) if draft else None
        if problem:
            st.error(f"Not saved. {problem}", icon=":material/error:")
        elif draft:
            on_close()
            st.rerun()

    form()


def gone_note(gone: Prompt | Preset) -> bool:
    """Says what was just deleted; True in the run in which it is wanted back."""
    name = f"/{gone.name}" if isinstance(gone, Prompt) else gone.name
    with st.container(horizontal=True, vertical_alignment="center", key="gone_note"):
        st.markdown(f":gray[Deleted **{name.replace('*', '')}**.]", width="content")
        return st.button("Undo", icon=":material/undo:", type="tertiary", key="gone_undo")


def preset_facts(preset: Preset) -> list[str]:
    """What a preset sets, in words."""
    found = [f"model {preset.model.partition('/')[2]}"] if preset.model else []
    for name, value in asdict(preset.params).items():
        if value not in (None, (), [], False):
            shown = ", ".join(map(str, value)) if isinstance(value, tuple | list) else "on" if value is True else value
            found.append(f"{name.replace('_', ' ')} {shown}")
    return [*found, *(["system prompt"] if preset.system_prompt else [])] or ["the defaults"]


def _cut(text: str, most: int = 120) -> str:
    line = " ".join(text.split()).replace("`", "'")
    return line if len(line) <= most else f"{line[: most - 1]}…"
