"""Every key of `st.session_state` that pages and components share: ids, drafts and toggles, never documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import streamlit as st

from components.undo import Undoable
from hub.db.who import Who

WHO = "who"
"""The person of this session: a `Who`, set by the shell at the start of every run."""

CHAT = "chat"
"""What the chat page remembers: a `ChatState`."""


SHELL = "shell"
"""What the sidebar remembers: a `ShellState`."""


@dataclass(slots=True)
class ShellState:
    """The sidebar of one tab: `acts` counts what was done in it, `undoable` is the last thing that can be undone."""

    acts: int = 0
    undoable: Undoable | None = None


MODELS = "models_page"
"""What the models page remembers: a `ModelsState`."""

LIBRARY = "library_page"
"""What the library remembers: a `LibraryState`."""


@dataclass(slots=True)
class ModelsState:
    """The models page of one tab: what the last test of each connection `said` and whether it was fine, which stale
    lists were `asked` for already, and whether the form for `adding` a connection is open."""

    said: dict[str, tuple[str, bool]] = field(default_factory=dict[str, tuple[str, bool]])
    asked: set[str] = field(default_factory=set[str])
    adding: bool = False


@dataclass(slots=True)
class LibraryState:
    """The library of one tab: the time before which each further page of the list begins, for the `shelf` it was
    cut for."""

    shelf: str = ""
    cuts: list[datetime] = field(default_factory=list[datetime])


@dataclass(slots=True)
class ChatState:
    """The chat page of one tab.

    `conversation` is what was open in the last run; `news` counts new chats, so that each starts afresh. `limit` is how
    many messages are shown. `model`, `params` and `temporary` are for the chat that is not stored yet. `following` are
    runs that write no message (summaries). `problem` is the last thing that did not work: {kind, message, hint}.
    """

    conversation: str | None = None
    news: int = 0
    limit: int = 40
    model: str = ""
    params: dict[str, Any] = field(default_factory=dict[str, Any])
    temporary: bool = False
    following: list[str] = field(default_factory=list[str])
    problem: dict[str, Any] | None = None
    said: str = ""
    dialog: tuple[str, str] | None = None
    """A dialog to open in this run: its name and the message or text it is about."""

    def open(self, conversation: str | None, *, temporary: bool = False) -> None:
        """Note what this run shows: a conversation, or None for a new chat. What belonged to the last one goes."""
        if (conversation, temporary) == (self.conversation, self.temporary):
            return
        if conversation is None:
            self.news += 1
            self.model, self.params = "", {}
        self.conversation, self.temporary = conversation, temporary
        self.limit, self.following, self.problem = 40, [], None

    @property
    def place(self) -> str:
        """The name of what is shown, for the transcript and the composer."""
        return self.conversation or f"new-{self.news}"


def who() -> Who:
    """Who this session belongs to."""
    return cast(Who, st.session_state[WHO])


def chat() -> ChatState:
    """The chat page's state, made on first use."""
    return cast(ChatState, st.session_state.setdefault(CHAT, ChatState()))


def shell() -> ShellState:
    """The sidebar's state, made on first use."""
    return cast(ShellState, st.session_state.setdefault(SHELL, ShellState()))


def models() -> ModelsState:
    """The models page's state, made on first use."""
    return cast(ModelsState, st.session_state.setdefault(MODELS, ModelsState()))


def library() -> LibraryState:
    """The library's state, made on first use."""
    return cast(LibraryState, st.session_state.setdefault(LIBRARY, LibraryState()))
