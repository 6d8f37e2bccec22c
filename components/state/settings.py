"""What pages remember of settings and preferences that were changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from hub.chat.records import Preset, Prompt

SETTINGS = "settings_page"


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the last change of a preference; `problem` is empty when it was saved."""

    name: str
    problem: str = ""


@dataclass(slots=True)
class SettingsState:
    """The settings of one tab: the last preference that was changed, and the prompt or preset that was just deleted,
    so that it can be taken back."""

    kept: Kept | None = None
    editing: str | None = None
    """The prompt whose form is open; "" is a new one."""
    gone: Prompt | Preset | None = None
    person: tuple[str, str] | None = None
    """The dialog about an account that is open: "reset" or "delete", and the account's id."""
    made: int = 0
    """How many accounts were made here, so that the form is empty again after each."""
    key: str = ""
    """The text of an API key that was just made, until it is hidden."""


def settings() -> SettingsState:
    """The settings page's state, made on first use."""
    return cast(SettingsState, st.session_state.setdefault(SETTINGS, SettingsState()))
