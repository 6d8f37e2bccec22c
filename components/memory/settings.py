"""How memory is wanted: one row for each setting, kept as soon as it is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.preferences_form import model_names
from components.setting_row import setting_row
from components.state import Kept
from hub.memory.records import Settings
from hub.models.types import ModelInfo

BUDGETS = (500, 1000, 2000, 4000, 7000)
SAME = "The model that answers"


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands beside a control."""

    name: str
    label: str
    help: str


SETTINGS = (
    Setting("enabled", "Memory", "Off: nothing is read, nothing is kept, and what is known stays as it is."),
    Setting("paused", "Pause learning", "Nothing new is kept; what is known still goes into answers."),
    Setting("recall", "Use memories in answers", "Your profile, and what fits the message, go into the prompt."),
    Setting("past_chats", "Search earlier chats", "Answers also get what you and models wrote in other chats."),
    Setting("review_first", "Review first", "What is learned by itself waits here until you keep it."),
    Setting(
        "sensitive", "Sensitive things", "Health, faith, politics, sexuality and the like may be kept, marked as such."
    ),
    Setting("max_tokens", "Room in the prompt", "How many tokens profile and recall may take together."),
    Setting("model", "Who learns", "The model that reads an exchange and says what to keep. A small one is enough."),
)


def settings_form(
    liked: Settings, models: Sequence[ModelInfo], kept: Kept | None, on_change: Callable[[str, Any], None]
) -> None:
    """Draw the rows; `on_change` gets the name of a setting and its new value. `kept` is what came of it."""

    def keep(name: str) -> None:
        on_change(name, st.session_state[f"memory_{name}"])

    with st.container(gap=None, key="memory_settings"):
        _rows(liked, models, kept, keep)


def _rows(liked: Settings, models: Sequence[ModelInfo], kept: Kept | None, keep: Callable[[str], None]) -> None:
    for one in SETTINGS:
        control: dict[str, Any] = {
            "key": f"memory_{one.name}",
            "on_change": keep,
            "args": (one.name,),
            "label_visibility": "collapsed",
            "disabled": one.name != "enabled" and not liked.enabled,
        }
        with setting_row(one.name, one.label, one.help, kept):
            _control(one, getattr(liked, one.name), models, control)


def _control(one: Setting, value: Any, models: Sequence[ModelInfo], control: dict[str, Any]) -> None:
    if one.name == "max_tokens":
        sizes = sorted({*BUDGETS, value})
        st.selectbox(one.label, sizes, sizes.index(value), format_func=lambda size: f"{size:,} tokens", **control)
    elif one.name == "model":
        names = model_names(models, value, SAME)
        ids = list(names)
        st.selectbox(one.label, ids, ids.index(value), format_func=names.__getitem__, **control)
    else:
        st.toggle(one.label, value, **control)
