"""How a person likes the hub: one row for each preference, kept as soon as it is changed, and saying so."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.state import Kept
from hub.chat.records import Preferences
from hub.models.types import ModelInfo

_WAYS = {"queue": "Wait, then send", "interrupt": "Stop it and send"}
_LOOKS = {"system": "System", "light": "Light", "dark": "Dark"}
FIRST_WORDS = ""


@dataclass(frozen=True, slots=True)
class Preference:
    """What stands beside a control."""

    name: str
    label: str
    help: str


PREFERENCES = (
    Preference("appearance", "Appearance", "Light, dark, or as your system is, wherever you sign in."),
    Preference("enter_sends", "Enter sends the message", "When off, Ctrl+Enter sends and Enter begins a new line."),
    Preference("when_running", "Sending while an answer is written", "What happens to the answer and your message."),
    Preference("show_costs", "Show costs", "Under each answer and in lists, where the price of the model is known."),
    Preference(
        "auto_compact",
        "Summarise long chats",
        "When a chat no longer fits the model, a summary that you can edit stands in for the older part.",
    ),
    Preference("title_model", "Titles", "Who names a new chat. A small, cheap model is enough."),
    Preference("system_prompt", "System prompt", "Goes before every new chat, for example how you like answers."),
)


def preferences_form(
    likes: Preferences,
    models: Sequence[ModelInfo],
    kept: Kept | None,
    on_change: Callable[[str, Any], None],
    *,
    only: Collection[str] | None = None,
    key: str = "likes",
) -> None:
    """Draw the rows, or `only` those named; `on_change` gets the name of a preference and its new value. `kept` is
    what came of it."""

    def keep(name: str) -> None:
        on_change(name, st.session_state[f"{key}_{name}"])

    for one in PREFERENCES:
        if only is not None and one.name not in only:
            continue
        control: dict[str, Any] = {"key": f"{key}_{one.name}", "on_change": keep, "args": (one.name,)}
        with _row(one, kept if kept and kept.name == one.name else None, wide=one.name == "system_prompt"):
            _control(one, getattr(likes, one.name), models, control | {"label_visibility": "collapsed"})


@contextmanager
def _row(one: Preference, kept: Kept | None, *, wide: bool) -> Iterator[None]:
    """Label and help at the left, the control at the right, or below where it is `wide`."""
    with st.container(key=f"row_{one.name}", gap="xsmall"):
        left, right = (st.container(), st.container()) if wide else st.columns([3, 2], vertical_alignment="center")
        with left.container(gap=None):
            st.markdown(f"**{one.label}**" + (f"  {_mark(kept)}" if kept else ""))
            st.caption(one.help)
        with right.container(horizontal_alignment="left" if wide else "right"):
            yield


def _mark(kept: Kept) -> str:
    if kept.problem:
        return f":red[:material/error: Not saved. {kept.problem}]"
    return ":green[:material/check: Saved]"


def _control(one: Preference, value: Any, models: Sequence[ModelInfo], control: dict[str, Any]) -> None:
    if one.name == "appearance":
        st.segmented_control(one.label, list(_LOOKS), default=value, required=True, format_func=_LOOKS.get, **control)
        st.html(f"<script>window.hubLook?.({json.dumps(value)})</script>", unsafe_allow_javascript=True)
    elif one.name == "when_running":
        ways = list(_WAYS)
        st.selectbox(one.label, ways, index=ways.index(value), format_func=_WAYS.__getitem__, **control)
    elif one.name == "title_model":
        names = title_models(models, value)
        ids = list(names)
        st.selectbox(one.label, ids, index=ids.index(value), format_func=names.__getitem__, **control)
    elif one.name == "system_prompt":
        st.text_area(one.label, value, height=120, placeholder="Answer briefly. Say when you are unsure.", **control)
    else:
        st.toggle(one.label, value, **control)


def title_models(models: Sequence[ModelInfo], chosen: str) -> dict[str, str]:
    """What may name a chat, by id: the first words, every real model, and the chosen one even when it is gone."""
    names = {FIRST_WORDS: "First words of the message"} | {
        model.id: f"{model.label} · {model.connection_name}" for model in models if not model.demo
    }
    return names if chosen in names else {**names, chosen: f"{chosen.partition('/')[2]} (not available)"}
