"""What the page that compares models remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from components.state.evaluate import evaluate
from components.state.given import take_given
from components.state.pages import script
from components.state.shell import shell
from hub.compare.records import Team
from hub.evals.records import Asked
from hub.models.types import Params

COMPARE = "compare_page"
Member = tuple[str, Params]


@dataclass(slots=True)
class CompareState:
    """The compare page of one tab.

    `comparison` is the one that is open, `sent` one that was just made by sending, until the address names it; `news`
    counts new ones. `limit` is how many messages of each column are shown. `members` and `blind` are of the one that is
    not there yet, `chosen` tells whether the person chose them. `seed` is the answer that it shall begin with.
    `heard` counts what was done here, `problem` is the last thing that did not work.
    """

    comparison: str | None = None
    sent: str | None = None
    news: int = 0
    limit: int = 40
    members: tuple[Member, ...] = ()
    chosen: bool = False
    blind: bool = False
    seed: str | None = None
    heard: int = 0
    dialog: dict[str, Any] | None = None
    """The action that opened the dialog that is open."""
    attached: dict[str, Any] = field(default_factory=dict[str, Any])
    """What rooms keep with the comparison that is not there yet, such as the collections that it reads."""
    panel: tuple[str, int] | None = None
    """The source that is open beside the columns: the message it belongs to, and its place there."""
    problem: dict[str, Any] | None = None
    said: str = ""
    leaving: tuple[str, dict[str, str]] | None = None
    """Another page to go to in this run, by the name of its script, with its query."""

    def take(self, action: Mapping[str, Any]) -> bool:
        """Do what changes only what this tab shows; False when `action` is for the room of comparisons."""
        match action:
            case {"kind": "answered" | "finished" | "unqueued"}:
                pass
            case {"kind": "earlier"}:
                self.limit += 40
            case {"kind": "sent", "conversation": comparison}:
                self.sent, self.seed = comparison, None
                st.query_params.from_dict({"c": comparison})
            case {"kind": "open", "comparison": comparison}:
                st.query_params.from_dict({"c": comparison})
            case {"kind": "new"}:
                if "members" in action:
                    self.line_up(action["members"], blind=bool(action["blind"]))
                self.start()
            case {"kind": "delete", "conversation": conversation, "title": title}:
                shell().delete(conversation, title)
                if self.comparison:
                    self.start()
            case {"kind": "lineup", "members": members, "blind": blind}:
                self.line_up(members, blind=bool(blind))
            case {"kind": "add-to-set", "message": message}:
                evaluate().picked = message
            case {"kind": "evaluate", "members": members}:
                evaluate().ask([Asked(str(one["model"]), as_params(one["params"])) for one in members])
                self.leaving = ("evaluate_new", {})
            case {"kind": "adjust" | "adjust-member" | "save-team" | "difference" | "what-went-in" | "rename"}:
                self.dialog = dict(action)
            case {"kind": "attached", "attached": given} if not self.comparison:
                self.attached = {**self.attached, **given}
            case _:
                return take_given(self, action)
        return True

    def line_up(self, members: Sequence[Mapping[str, Any]], *, blind: bool) -> None:
        """Note who shall answer, as the browser tells it."""
        self.members = tuple((str(one["model"]), as_params(one.get("params", {}))) for one in members)
        self.chosen, self.blind = True, blind

    def use(self, team: Team) -> None:
        """Begin with a saved team."""
        self.members, self.chosen, self.blind = tuple(team.members), True, team.blind

    def adjust(self, at: int, params: Params) -> None:
        """Have one of those that shall answer do so with other parameters."""
        members = list(self.members)
        members[at] = (members[at][0], params)
        self.members, self.chosen = tuple(members), True

    def begin_with(self, members: Sequence[Member]) -> None:
        """Offer `members` as long as nobody has chosen others."""
        if not self.chosen:
            self.members = tuple(members)

    def start(self) -> None:
        """Leave what is open for a new comparison, with the same models."""
        st.query_params.clear()
        self.open(None)

    def open(self, comparison: str | None) -> None:
        """Note what this run shows."""
        self.sent = None
        if comparison == self.comparison:
            return
        self.news += comparison is None
        self.comparison, self.problem, self.panel = comparison, None, None
        self.limit, self.attached = 40, {}
        self.close()

    def come(self) -> None:
        """Open what the address names: a comparison, or an answer to begin one with. A run that was asked for before
        the browser had the address of what was just made still names none."""
        query = st.query_params
        named, sent = query.get("c"), self.sent
        self.seed = None if named else query.get("from")
        self.open(named or sent)
        if sent and not named:
            self.sent = query["c"] = sent

    def leave(self) -> None:
        """Go to the page that was asked for, if one was."""
        if self.leaving:
            (name, query), self.leaving = self.leaving, None
            st.switch_page(script(name), query_params=query)

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog = None

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said)
            self.said = ""

    @property
    def place(self) -> str:
        """The name of what is shown, for the columns and the composer."""
        return self.comparison or f"new-compare-{self.news}"


def as_params(given: Mapping[str, Any]) -> Params:
    """Parameters as the browser keeps them."""
    known = {name: value for name, value in given.items() if name in Params.__dataclass_fields__}
    return Params(**{**known, "stop": tuple(known.get("stop", ()))})


def compare() -> CompareState:
    """The compare page's state, made on first use."""
    return cast(CompareState, st.session_state.setdefault(COMPARE, CompareState()))
