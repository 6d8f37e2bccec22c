"""What the skills pages remember."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import streamlit as st

from components.state.chat import chat
from components.state.pages import script

SKILLS = "skills_pages"


@dataclass(slots=True)
class SkillsState:
    """The skills pages of one tab: the open dialog, what an import found (held between looking and taking, so that
    what is taken is what was looked at), the text of a new skill that is not saved yet, the version that an edit began
    with, and what there is to say. `editing` is the skill that is written on ("" a new one), `settled` that an older
    draft of it was taken or thrown away, `kept` what was last kept of it. `acts` counts what was done here, so that
    what shows it is drawn anew."""

    dialog: str = ""
    source: Any = None
    draft: str = ""
    from_chat: bool = False
    base: int = 0
    edits: int = 0
    editing: str | None = None
    settled: bool = False
    kept: str = ""
    saving: bool = False
    acts: int = 0
    said: str = ""

    def open(self, dialog: str) -> None:
        """Open a dialog, with nothing found yet."""
        self.dialog, self.source = dialog, None

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog, self.source = "", None

    def write(self, text: str = "", *, skill: str = "", base: int = 0, from_chat: bool = False) -> None:
        """Begin to write: over a text, or over what is there in the version `base`, 0 for the newest."""
        self.close()
        self.draft, self.from_chat, self.base = text, from_chat, base
        self.editing, self.settled, self.kept = skill, False, ""
        self.edits += 1

    def save(self) -> None:
        """Save what is written, in the run that comes."""
        self.saving = True

    def done(self, said: str = "") -> None:
        """Something was done."""
        self.acts += 1
        self.said = said

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said)
            self.said = ""

    def go(self, page: str, **query: str) -> None:
        """Go to another page."""
        st.switch_page(script(page), query_params=query)

    def try_(self, skill: str) -> None:
        """Open a temporary chat in which a skill is always on."""
        page = chat()
        page.start()
        page.open(None, temporary=True)
        page.attached = {"skills": {"always": [skill]}}
        self.go("chat", temporary="1")


def skills() -> SkillsState:
    """The skills pages' state, made on first use."""
    return cast(SkillsState, st.session_state.setdefault(SKILLS, SkillsState()))
