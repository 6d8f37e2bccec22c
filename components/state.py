"""Every key of `st.session_state` that pages and components share: ids, drafts and toggles, never documents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.conversation_list import ListEvent
from components.undo import Pressed, Undoable
from hub.chat.records import Opened, Place, Preset, Prompt
from hub.db.who import Who
from hub.models.types import Params

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

    def offer(self, text: str, action: str, *ids: str, more: str = "") -> None:
        """Offer to undo what was just done to `ids`; the shell knows the words of `action`, and what `more` does."""
        self.acts += 1
        self.undoable = Undoable(str(self.acts), text, action, ids, more)


MODELS = "models_page"
"""What the models page remembers: a `ModelsState`."""

LIBRARY = "library_page"
"""What the library remembers: a `LibraryState`."""

MEMORY = "memory_page"
"""What the memory page remembers: a `MemoryState`."""

MEMORY_DIALOGS = frozenset({"add", "edit", "merge", "never", "purge", "rests", "import", "export"})
"""What opens a dialog there."""


SETTINGS = "settings_page"
"""What the settings remember: a `SettingsState`."""


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


DOCUMENTS = "documents_page"
"""What the documents page remembers: a `DocumentsState`."""


@dataclass(slots=True)
class DocumentsState:
    """The documents page of one tab: how often something was added, so that the ways to add are empty again; what could
    not be added, with the reason; the passage that is open; the document that is open while it is being read."""

    added: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    said: str = ""
    panel: str = ""
    reading: str = ""

    leaving: str = ""
    """The document that was asked for in the panel."""

    def take(self, event: Mapping[str, Any]) -> None:
        """What was done in the panel."""
        self.panel = ""
        self.leaving = str(event.get("document", ""))

    def leave(self) -> None:
        """Go to the document that was asked for, if one was."""
        if self.leaving:
            document, self.leaving = self.leaving, ""
            st.switch_page(script("document"), query_params={"d": document})


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


@dataclass(slots=True)
class ChatState:
    """The chat page of one tab.

    `conversation` is what was open in the last run; `sent` is one that was just made by sending, until the address
    names it; `news` counts new chats, so that each starts afresh. `limit` is how many messages are shown. `model`,
    `params`, `system_prompt`, `temporary`, `project` and `attached` are for the chat that is not stored yet.
    `following` are runs that write no message (summaries). `problem` is the last thing that did not work:
    {kind, message, hint}.
    """

    conversation: str | None = None
    sent: str | None = None
    news: int = 0
    limit: int = 40
    at: str | None = None
    """The message that the chat was opened at; the `limit` messages above it and `below` after it are shown."""
    below: int = 20
    visits: int = 0
    """Counts how often a message was gone to, so that the same one can be gone to again."""
    model: str = ""
    params: Params = field(default_factory=Params)
    system_prompt: str = ""
    temporary: bool = False
    project: str | None = None
    attached: dict[str, Any] = field(default_factory=dict[str, Any])
    """What rooms keep with the chat that is not stored yet, such as the collections that it reads."""
    following: list[str] = field(default_factory=list[str])
    problem: dict[str, Any] | None = None
    said: str = ""
    dialog: tuple[str, str] | None = None
    """A dialog to open in this run: its name and the message or text it is about."""
    panel: tuple[str, int] | None = None
    """The source that is open beside the chat: the message it belongs to, and its place there."""
    leaving: tuple[str, dict[str, str]] | None = None
    """Another page to go to in this run, by the name of its script, with its query."""

    def take(self, action: Mapping[str, Any]) -> bool:
        """Do what changes only what this tab shows; False when `action` is for the room of conversations."""
        match action:
            case {"kind": "earlier"}:
                self.limit += 40
            case {"kind": "later"}:
                self.below += 40
            case {"kind": "latest"}:
                self.stay()
            case {"kind": "finished", "run": run}:
                self.following = [one for one in self.following if one != run]
            case {"kind": "what-went-in", "message": message}:
                self.dialog = ("what-went-in", message)
            case {"kind": "source", "message": message, "at": at}:
                self.panel = (message, at)
            case {"kind": "step", "to": at} if self.panel:
                self.panel = (self.panel[0], at)
            case {"kind": "close"}:
                self.panel = None
            case {"kind": "sent", "conversation": conversation}:
                self.sent = conversation
                self.go_to(None)
                st.query_params.from_dict({"c": conversation})
            case {"kind": "command", "name": "new" | "temporary" as name}:
                self.start()
                self.empty(temporary=name == "temporary")
            case {"kind": "command", "name": "export"}:
                self.dialog = ("export", "")
            case {"kind": "command", "name": "system", "argument": text} if not self.conversation:
                self.system_prompt, self.said = text, "System prompt set for this chat."
            case {"kind": "attached", "attached": given} if not self.conversation:
                self.attached = {**self.attached, **given}
            case {"kind": "open-document", "document": document}:
                self.leaving = ("document", {"d": document})
            case {"kind": "memory-wrong", "fact": fact}:
                shell().wrong = fact
            case {"kind": "open-page", "page": name, "query": query}:
                self.leaving = (str(name), dict(query))
            case {"kind": "open-fact", "fact": fact}:
                self.leaving = ("memory", {"fact": fact})
            case {"kind": "open-message", "conversation": conversation, "to": message}:
                self.leaving = ("chat", {"c": conversation, "m": message})
            case _:
                return False
        return True

    def go_to(self, message: str | None) -> None:
        """Note at which message the chat is shown; None at its end."""
        if message != self.at:
            self.at, self.limit, self.below, self.visits = message, 40, 20, self.visits + 1

    def stay(self) -> None:
        """Show the end of the open branch from now on, whichever message the address named."""
        self.go_to(None)
        st.query_params.pop("m", None)

    def empty(self, *, temporary: bool = False) -> None:
        """Leave this conversation for an empty one, in the same project."""
        query = {"temporary": "1"} if temporary else {}
        st.query_params.from_dict(query | ({"project": self.project} if self.project else {}))
        self.open(None, temporary=temporary)

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said)
            self.said = ""

    def leave(self) -> None:
        """Go to the page that was asked for, if one was."""
        if self.leaving:
            (name, query), self.leaving = self.leaving, None
            st.switch_page(script(name), query_params=query)

    def heed(self, shown: Opened) -> None:
        """Say so when the message that the address named is not there any more."""
        if shown.missed:
            self.stay()
            self.said = "That message is not there any more. This is the end of its chat."

    def open(self, conversation: str | None, *, temporary: bool = False) -> None:
        """Note what this run shows: a conversation, or None for a new chat. What belonged to the last one goes; a new
        chat that only becomes temporary keeps its model and how it shall answer."""
        self.sent = None
        if (conversation, temporary) == (self.conversation, self.temporary):
            return
        if conversation is None:
            self.news += 1
        if conversation is None and self.conversation is not None:
            self.use("", Params(), "")
            self.attached = {}
        self.conversation, self.temporary = conversation, temporary
        self.limit, self.following, self.problem, self.panel = 40, [], None, None

    def start(self) -> None:
        """Open a new chat with nothing chosen, also from another new one."""
        self.open(None)
        self.news += 1
        self.use("", Params(), "")
        self.attached = {}

    def use(self, model: str, params: Params, system_prompt: str) -> None:
        """Note how the chat that is not stored yet shall be answered."""
        self.model, self.params, self.system_prompt = model, params, system_prompt

    def arrive(self, named: str | None, *, temporary: bool = False) -> str | None:
        """Open what the address names, and return it. A run that was asked for before the browser had the address of
        the conversation that was just made still names none: it shows that conversation."""
        sent = self.sent if named is None else None
        self.open(named or sent, temporary=temporary and not sent)
        self.sent = sent
        return self.conversation

    def come(self) -> None:
        """Open what the address names: a conversation, a message in it, a new chat in a project or a temporary one."""
        query = st.query_params
        if self.arrive(query.get("c"), temporary=query.get("temporary") == "1") and self.sent:
            query["c"] = self.sent
        self.go_to(query.get("m") if self.conversation else None)
        self.project = None if self.conversation else query.get("project")

    def enter(self, project: str | None) -> None:
        """Have the chat that is not stored yet begin in a project, or with None in none."""
        self.project = project
        st.query_params.pop("project", None)
        if project:
            st.query_params["project"] = project

    @property
    def place(self) -> str:
        """The name of what is shown, for the transcript and the composer."""
        return self.conversation or f"new-{self.news}"


def script(name: str) -> Path:
    """The script of a page, for going there."""
    return Path(__file__).parents[1] / "pages" / f"{name}.py"


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


def memory() -> MemoryState:
    """The memory page's state, made on first use."""
    return cast(MemoryState, st.session_state.setdefault(MEMORY, MemoryState()))


def settings() -> SettingsState:
    """The settings page's state, made on first use."""
    return cast(SettingsState, st.session_state.setdefault(SETTINGS, SettingsState()))


def documents() -> DocumentsState:
    """The documents page's state, made on first use."""
    return cast(DocumentsState, st.session_state.setdefault(DOCUMENTS, DocumentsState()))
