"""What the memory page remembers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import streamlit as st

from components.state.settings import Kept

MEMORY = "memory_page"
MEMORY_DIALOGS = frozenset({"add", "edit", "merge", "never", "purge", "rests", "import", "export"})
"""What opens a dialog there."""


@dataclass(slots=True)
class MemoryState:
    """The memory page of one tab: whose memory is shown, where each further page of its list begins (the moment of a
    fact, the id of a change) and what this is true for, the open dialog with the facts it is about, and the setting
    that was just changed."""

    scope: str = ""
    shown: object = None
    cuts: list[Any] = field(default_factory=list[Any])
    dialog: tuple[str, tuple[str, ...]] | None = None
    kept: Kept | None = None
    said: str = ""

    def show(self, what: object) -> Any:
        """Note what is shown; where the page begins. Something else begins at its first page."""
        if what != self.shown:
            self.shown, self.cuts = what, []
        return self.cuts[-1] if self.cuts else None

    def take(self, word: str, about: tuple[str, ...]) -> bool:
        """Do what changes only what this tab shows; False when it is for the room of memory."""
        match word:
            case "back":
                st.query_params.pop("fact", None)
            case "open":
                st.query_params["fact"] = about[0]
            case _ if word in MEMORY_DIALOGS:
                self.dialog = (word, about)
            case _:
                return False
        return True

    def turn(self, step: int, on: datetime | str | None) -> None:
        """Go to the next page, which begins at `on`, or back to the one before."""
        if step < 0:
            self.cuts.pop()
        elif on:
            self.cuts.append(on)

    def enter(self, scopes: Collection[str], wanted: str | None) -> None:
        """Show the scope that the address asks for, and the first one in the place of one that is gone."""
        if wanted and wanted in scopes:
            self.scope = wanted
        elif self.scope not in scopes:
            self.scope = next(iter(scopes))

    def keep(self, name: str, problem: str) -> None:
        """Note what came of the change of a setting."""
        self.kept = Kept(name, problem)

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said)
            self.said = ""

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog = None


def memory() -> MemoryState:
    """The memory page's state, made on first use."""
    return cast(MemoryState, st.session_state.setdefault(MEMORY, MemoryState()))
