"""What the pages of agents remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import streamlit as st

from components.state.chat import ChatState, chat
from components.state.pages import script
from hub.agents.records import AgentSpec, Taken

AGENTS = "agents_pages"


@dataclass(slots=True)
class Trial(ChatState):
    """The chat beside the form of an agent: a temporary one, which no address names."""

    agent: str = ""

    def of(self, agent: str) -> None:
        """Note which agent is tried; another one begins anew."""
        if agent != self.agent:
            self.agent = agent
            self.again()

    def again(self) -> None:
        """Start over, in a chat that is not stored yet."""
        self.conversation, self.sent, self.limit, self.following = None, None, 40, []
        self.problem, self.panel, self.dialog, self.at, self.system_prompt = None, None, None, None, ""
        self.news += 1
        self.temporary = True
        self.attached = {"agents": {"agent": self.agent, "draft": True}}

    def take(self, action: Mapping[str, Any]) -> bool:
        """As in a chat, but for what would change the address."""
        match action:
            case {"kind": "sent", "conversation": conversation}:
                self.conversation = conversation
                self.go_to(None)
            case {"kind": "command", "name": "new" | "temporary"}:
                self.again()
            case _:
                return ChatState.take(self, action)
        return True

    def stay(self) -> None:
        """Show the end of the open branch."""
        self.go_to(None)

    @property
    def place(self) -> str:
        """The name of what is shown; drafts of the message are kept by it."""
        return self.conversation or f"trial-{self.agent}-{self.news}"


@dataclass(slots=True)
class AgentsState:
    """The pages of agents of one tab: the open dialog with the agent that it is about, what came of an import, what is
    to be said once. `acts` counts what was done, so that cards are drawn anew.

    Of the agent whose form is open: `form` counts how often it was filled from the store, `base` is the version that
    it was filled from, `last` what this tab wrote or read last, `asked` whether it shall be saved or its changes
    dropped in the run that comes, `why` what was said about the change.
    """

    dialog: tuple[str, str] | None = None
    come: Sequence[Taken] | str = ()
    said: str = ""
    acts: int = 0
    agent: str = ""
    form: int = 0
    base: int = 0
    last: AgentSpec | None = None
    asked: Literal["", "save", "discard"] = ""
    why: str = ""
    trial: Trial = field(default_factory=Trial)

    def open(self, dialog: str, agent: str = "") -> None:
        """Open a dialog."""
        self.dialog, self.come = (dialog, agent), ()

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog, self.come = None, ()

    def come_to(self, agent: str) -> None:
        """Note which agent is open; another one has a form and a trial of its own."""
        if agent != self.agent:
            self.agent, self.asked = agent, ""
            self.refill()
        self.trial.of(agent)

    def refill(self) -> None:
        """Fill the form from the store, as it says now."""
        self.last = None
        self.form += 1

    def ask(self, what: Literal["save", "discard"]) -> None:
        """Save what the form says, or drop it, in the run that comes."""
        self.asked = what
        self.why = str(st.session_state.get("agent_why") or "").strip()
        st.session_state["agent_why"] = ""

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
        self.close()
        st.switch_page(script(page), query_params=query)

    def chat(self, agent: str) -> None:
        """Begin a chat with an agent."""
        chat().start()
        self.go("chat", agent=agent)


def agents() -> AgentsState:
    """The state of the pages, made on first use."""
    return cast(AgentsState, st.session_state.setdefault(AGENTS, AgentsState()))
