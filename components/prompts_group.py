"""Prompts and presets: both lists, the dialog that is open, and taking back what was deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components import prompt_form
from components.empty_state import empty_state
from components.prompt_form import Draft
from components.state import SettingsState
from hub.chat.records import Preset, Prompt

Kept = Prompt | Preset


def prompts_group(
    known: Sequence[Prompt],
    saved: Sequence[Preset],
    page: SettingsState,
    save: Callable[[Draft], str],
    remove: Callable[[Kept], None],
    restore: Callable[[Kept], None],
) -> None:
    """Draw the group. `save` answers what was wrong, "" for nothing; a deleted thing can be taken back until the next
    is deleted."""
    if page.gone and prompt_form.gone_note(page.gone):
        gone, page.gone = page.gone, None
        restore(gone)
        st.rerun()
    asked, unwanted = _prompts(known, page), _presets(saved)
    if asked and asked[0] == "edit":
        page.editing = asked[1].id
    elif asked or unwanted:
        _delete(asked[1] if asked else unwanted, page, remove)
    if page.editing is not None:
        editing = next((one for one in known if one.id == page.editing), None)
        prompt_form.prompt_dialog(editing, save, lambda: setattr(page, "editing", None))


def _prompts(known: Sequence[Prompt], page: SettingsState) -> tuple[str, Prompt] | None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Prompts", anchor=False, width="content")
        if st.button("Add prompt", icon=":material/add:", type="primary"):
            page.editing = ""
    st.caption("Type / in a chat and choose one. Words in {{double braces}} are asked for.")
    if not known:
        empty_state("edit_note", "No prompts yet", "Texts that you use often stand here.", key="prompts")
    return prompt_form.prompt_list(known)


def _presets(saved: Sequence[Preset]) -> Preset | None:
    st.subheader("Presets", anchor=False)
    st.caption("A model with parameters and a system prompt. Save one from the parameters of a chat.")
    if not saved:
        empty_state("tune", "No presets yet", "Adjust a chat, then save its values under a name.", key="presets")
    return prompt_form.preset_list(saved)


def _delete(gone: Kept | None, page: SettingsState, remove: Callable[[Kept], None]) -> None:
    if gone:
        remove(gone)
        page.gone = gone
        st.rerun()
