"""Judging the answers of a run again: the checks, the judge, what that would take, and its start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from components.connection_card import plain
from components.dialog import dialog
from components.evaluate import estimate
from components.evaluate.check_editor import Kinds, check_editor, missing
from components.evaluate.plan_form import asks_judge, cap_field
from components.evaluate.run_dialogs import finish
from components.evaluate.words import many, told_apart
from hub.evals.records import Asked, CheckData, Estimate, EvalRun
from hub.models.types import ModelInfo

WORK = "rejudge_checks"
KEPT = "Without this, what the judge has said to the same question before stands, and costs nothing."


@dataclass(frozen=True, slots=True)
class Again:
    """How answers are to be judged again. `cap` is in US dollars; `unpriced` says that a judge without a known price
    may be asked, `fresh` that it is asked anew what it has judged before."""

    checks: tuple[CheckData, ...]
    judge: Asked | None = None
    cap: float | None = None
    unpriced: bool = False
    fresh: bool = False


def rejudge_dialog(
    run: EvalRun,
    kinds: Kinds,
    models: Sequence[ModelInfo],
    plan: Callable[[Again], Estimate | str],
    judge_again: Callable[[Again], str],
    close: Callable[[], None],
) -> None:
    """Other checks, or another judge, over the answers that are there. `plan` says what it would take or what is wrong,
    `judge_again` starts it and says what is wrong, if anything."""
    if WORK not in st.session_state:
        st.session_state[WORK] = [dict(check) for check in run.checks]

    def form() -> None:
        st.caption(
            f"The {many(run.cells, 'answer')} stay as they are and no model is asked for them again; only the checks "
            "below look at them anew. Your marks stand above whatever they say."
        )
        checks: list[CheckData] = st.session_state[WORK]
        check_editor(checks, kinds, key=f"rejudge_{run.id}", scope="fragment")
        judge, cap, fresh = _judge(run, models) if asks_judge(checks, kinds) else (None, None, False)
        lacking = missing(checks, kinds)
        if lacking:
            st.caption(lacking[0])
        else:
            _start(Again(tuple(checks), judge, cap, fresh=fresh), plan, judge_again, cap or run.cap, close)

    dialog("Judge again", close, form, width="large")


def _judge(run: EvalRun, models: Sequence[ModelInfo]) -> tuple[Asked | None, float | None, bool]:
    """The model that judges, what it may cost, and whether it is asked anew."""
    named = told_apart({one.id: f"{one.label} · {one.connection_name}" for one in models if not one.hidden})
    ids = list(named)
    place = ids.index(run.judge.model) if run.judge and run.judge.model in named else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Judge", ids, place, format_func=named.__getitem__, key="rejudge_judge")
        cap = cap_field(run.cap, key=f"rejudge_{run.id}")
    fresh = st.checkbox("Ask anew what it has judged before", key="rejudge_fresh", help=KEPT)
    return (Asked(chosen) if chosen else None), cap, fresh


def _start(
    asked: Again,
    plan: Callable[[Again], Estimate | str],
    judge_again: Callable[[Again], str],
    cap: float | None,
    close: Callable[[], None],
) -> None:
    """What it would take, the question about a judge without a price, and the button."""
    found = plan(asked)
    if isinstance(found, str):
        st.error(plain(found), icon=":material/error:")
        return
    estimate.estimate_card(found, cap=cap)
    allowed = estimate.unpriced_question(found, key="rejudge")
    estimate.problems(found)
    waiting = bool(found.unpriced) and not allowed
    if st.button("Judge again", type="primary", disabled=waiting or bool(found.problems), key="rejudge_take"):
        finish(judge_again(replace(asked, unpriced=allowed)), close)
    if waiting:
        estimate.waiting_words()
