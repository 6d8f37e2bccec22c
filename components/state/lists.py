"""What the models page and the library remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from hub.chat.records import Place

MODELS = "models_page"
LIBRARY = "library_page"


@dataclass(slots=True)
class ModelsState:
    """The models page of one tab: what the last test of each connection `said`, whether it was fine and a better
    address if it found one, and which stale lists were `asked` for already."""

    said: dict[str, tuple[str, bool, str]] = field(default_factory=dict[str, tuple[str, bool, str]])
    asked: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class LibraryState:
    """The library of one tab: where each further page begins, and the shelf and words that this is true for."""

    shown: tuple[str, str] = ("", "")
    cuts: list[Place] = field(default_factory=list[Place])

    def show(self, shelf: str, words: str) -> Place | None:
        """Note what is shown; where the page begins. Another shelf, or other words, begin at the first page."""
        if (shelf, words) != self.shown:
            self.shown, self.cuts = (shelf, words), []
        return self.cuts[-1] if self.cuts else None


def models() -> ModelsState:
    """The models page's state, made on first use."""
    return cast(ModelsState, st.session_state.setdefault(MODELS, ModelsState()))


def library() -> LibraryState:
    """The library's state, made on first use."""
    return cast(LibraryState, st.session_state.setdefault(LIBRARY, LibraryState()))
