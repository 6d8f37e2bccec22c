"""What the sidebar remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from components.conversation_list import ListEvent
from components.undo import Pressed, Undoable

SHELL = "shell"


@dataclass(slots=True)
class ShellState:
    """The sidebar of one tab: `acts` counts what was done in it, `undoable` is the last thing that can be undone."""

    acts: int = 0
    undoable: Undoable | None = None
    down: str = ""
    """What the store's failure was in this run; empty when it answers."""

    asked: list[ListEvent | tuple[Pressed, Undoable]] = field(
        default_factory=list[ListEvent | tuple[Pressed, Undoable]]
    )
    """What was done in the list or the undo bar and waits for the run that does it: a run that is overtaken by the next
    click leaves it to that one."""

    wrong: str = ""
    """A memory that the person just said is wrong."""

    def press(self, button: Pressed, done: Undoable) -> None:
        """Note a press in the undo bar."""
        self.asked.append((button, done))

    def rename(self, conversation: str, title: str) -> None:
        """Have the next run call a chat `title`."""
        self.asked.append(ListEvent("rename", conversation, title))

    def delete(self, conversation: str, title: str) -> None:
        """Have the next run delete the chat of this title, which can be undone."""
        self.asked.append(ListEvent("delete", conversation, title))

    def offer(self, text: str, action: str, *ids: str, more: str = "") -> None:
        """Offer to undo what was just done to `ids`; the shell knows the words of `action`, and what `more` does."""
        self.acts += 1
        self.undoable = Undoable(str(self.acts), text, action, ids, more)


def shell() -> ShellState:
    """The sidebar's state, made on first use."""
    return cast(ShellState, st.session_state.setdefault(SHELL, ShellState()))
