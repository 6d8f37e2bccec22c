"""What the chat page remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from components.state.evaluate import evaluate
from components.state.given import take_given
from components.state.pages import script
from hub.chat.records import Opened
from hub.models.types import Params

CHAT = "chat"


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
    followed: str = ""
    """The agent whose model and parameters the chat that is not stored yet has begun with."""
    following: list[str] = field(default_factory=list[str])
    problem: dict[str, Any] | None = None
    said: str = ""
    dialog: tuple[str, str] | None = None
    """The dialog that is open: its name and the message or text it is about."""
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
                if "agents" in given:
                    self.name_agent()
            case {"kind": "add-to-set", "message": message}:
                evaluate().picked = message
            case {"kind": "compare", "message": message}:
                self.leaving = ("compare", {"from": message})
            case _:
                return take_given(self, action)
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
        query |= {"agent": self.agent} if self.agent else {}
        st.query_params.from_dict(query | ({"project": self.project} if self.project else {}))
        self.open(None, temporary=temporary)

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog = None

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
        self.close()

    def start(self) -> None:
        """Open a new chat with nothing chosen, also from another new one."""
        self.open(None)
        self.news += 1
        self.use("", Params(), "")
        self.attached = {}

    def use(self, model: str, params: Params, system_prompt: str) -> None:
        """Note how the chat that is not stored yet shall be answered."""
        self.model, self.params, self.system_prompt, self.followed = model, params, system_prompt, ""

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
        if not self.conversation and query.get("agent", "") != self.agent:
            self.attached = {**self.attached, "agents": {"agent": query["agent"]} if "agent" in query else {}}

    @property
    def agent(self) -> str:
        """The id of the agent that answers in the chat that is not stored yet; "" is none."""
        return str(self.attached.get("agents", {}).get("agent") or "")

    def name_agent(self) -> None:
        """Have the address say which agent answers in the chat that is not stored yet."""
        st.query_params.pop("agent", None)
        if self.agent:
            st.query_params["agent"] = self.agent

    def follow(self, agent: str, model: str, params: Params) -> None:
        """Begin with how an agent answers, once: what the person chooses afterwards counts."""
        if agent != self.followed:
            self.followed, self.model, self.params = agent, model or self.model, params

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


def chat() -> ChatState:
    """The chat page's state, made on first use."""
    return cast(ChatState, st.session_state.setdefault(CHAT, ChatState()))
