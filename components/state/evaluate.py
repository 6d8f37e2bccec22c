"""What the evaluate pages remember."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import streamlit as st

from components.state.pages import script
from hub.evals.records import Asked, CheckData, EvalRun, Limits, Order, Row, Template

EVALUATE = "evaluate_pages"


@dataclass(slots=True)
class SetWork:
    """Unsaved work on one version of a prompt set: its templates and checks as they are being written, how many columns
    the table has beside those that rows need, and a number that changes when the work begins anew."""

    of: tuple[str, int] = ("", 0)
    templates: list[Template] = field(default_factory=list[Template])
    checks: list[CheckData] = field(default_factory=list[CheckData])
    turns: int = 1
    names: list[str] = field(default_factory=list[str])
    round: int = 0
    problem: tuple[str, str] | None = None

    def begin(self, of: tuple[str, int], templates: Sequence[Template], checks: Sequence[CheckData]) -> None:
        """Work on this version; what was not saved of another one goes."""
        if of != self.of:
            self.of = of
            self.anew(templates, checks)

    def anew(self, templates: Sequence[Template], checks: Sequence[CheckData]) -> None:
        """Begin with what is stored."""
        self.templates, self.checks, self.problem = list(templates), list(checks), None
        self.turns, self.names, self.round = 1, [], self.round + 1


@dataclass(slots=True)
class NewRun:
    """A run as it is being put together: the models in their order, checks beside those of the set, and the judge."""

    models: list[Asked] = field(default_factory=list[Asked])
    checks: list[CheckData] = field(default_factory=list[CheckData])
    judge: str = ""
    repeats: int = 1
    cap: float | None = None
    order: Order = "rows"
    limits: Limits = field(default_factory=Limits)
    rows: set[str] = field(default_factory=set[str])
    """Rows that a run is to get on top, by their ids."""
    extends: str = ""
    """The run that is to get more; empty for a new one."""
    set_id: str = ""
    round: int = 0

    def take(self, model: str) -> None:
        """Add a model; the same one may come again."""
        self.models.append(Asked(model))

    def adjust(self, at: int, asked: Asked) -> None:
        """Change how one of them shall answer."""
        self.models[at] = replace(asked)


@dataclass(slots=True)
class EvaluateState:
    """The evaluate pages of one tab. `adding` are rows from another page (a chat, a comparison, a cell) that wait for a
    prompt set; `stamp` changes when something was done to a run that its grid shall look at."""

    work: SetWork = field(default_factory=SetWork)
    new: NewRun = field(default_factory=NewRun)
    adding: tuple[Row, ...] = ()
    said: str = ""
    baseline: dict[str, str] = field(default_factory=dict[str, str])
    stamp: int = 0
    dialog: tuple[str, str] = ("", "")
    """What is open ("limits", "rejudge"), and over which run."""
    opening: str = ""
    """The prompt set that was just made and is to be opened."""
    picked: str = ""
    """The message of a chat that is to go into a prompt set."""

    def close(self) -> None:
        """Nothing waits for a prompt set any more."""
        self.adding, self.picked = (), ""

    def close_dialog(self) -> None:
        """Nothing is open over the run any more."""
        self.dialog = ("", "")

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said, icon=":material/check:")
            self.said = ""

    def go(self, name: str = "evaluate", **query: str) -> None:
        """Show another page. A bar that was drawn before keeps its choice unless it is told of the new one."""
        if "view" in query:
            st.session_state["view"] = query["view"]
        st.switch_page(script(name), query_params=query)

    def ask(self, models: Sequence[Asked], set_id: str = "") -> None:
        """Begin a new run with these models."""
        self.new = NewRun(list(models), set_id=set_id, round=self.new.round + 1)

    def extend(self, run: str) -> None:
        """Begin to add to a run, unless that has begun already."""
        if self.new.extends != run:
            self.ask([])
            self.new.extends = run

    def again(self, run: EvalRun, of_set: Sequence[CheckData]) -> None:
        """Begin a new run as this one was: models, judge, checks beside those `of_set`, repeats, cap, limits."""
        self.ask([Asked(one.model, one.params, one.label) for one in run.models], run.set_id)
        new = self.new
        new.judge = run.judge.model if run.judge else ""
        new.checks = [dict(check) for check in run.checks if check not in of_set]
        new.repeats, new.cap, new.order, new.limits = run.repeats, run.cap, run.order, run.limits


def evaluate() -> EvaluateState:
    """The state of the evaluate pages, made on first use."""
    return cast(EvaluateState, st.session_state.setdefault(EVALUATE, EvaluateState()))
