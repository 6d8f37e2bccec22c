"""What changes a run: its limits, judging it again, and deleting it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.connection_card import plain
from components.evaluate.check_editor import Kinds, check_editor, missing
from components.evaluate.plan_form import asks_judge, limit_fields
from components.evaluate.words import many, told_apart
from hub.evals.records import Asked, CheckData, EvalRun, Limits
from hub.models.types import ModelInfo

WORK = "rejudge_checks"


def limits_dialog(run: EvalRun, change: Callable[[Limits], str]) -> None:
    """How many calls may be under way from now on."""

    @st.dialog("Change limits")
    def form() -> None:
        st.caption("The workers follow within a few seconds; calls that are under way go on.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            limits = limit_fields(run.limits, key=f"limits_{run.id}")
        if st.button("Change limits", type="primary", key="limits_take"):
            _finish(change(limits))

    form()


def rejudge_dialog(
    run: EvalRun,
    kinds: Kinds,
    models: Sequence[ModelInfo],
    judge_again: Callable[[Sequence[CheckData], Asked | None], str],
) -> None:
    """Other checks, or another judge, over the answers that are there."""
    st.session_state[WORK] = [dict(check) for check in run.checks]

    @st.dialog("Judge again", width="large")
    def form() -> None:
        st.caption(
            f"The {many(run.cells, 'answer')} stay as they are and no model is asked for them again; only the checks "
            "below look at them anew. Your marks stand above whatever they say."
        )
        checks: list[CheckData] = st.session_state[WORK]
        check_editor(checks, kinds, key=f"rejudge_{run.id}")
        judge = _judge(run, models) if asks_judge(checks, kinds) else None
        lacking = missing(checks, kinds)
        if lacking:
            st.caption(lacking[0])
        if st.button("Judge again", type="primary", disabled=bool(lacking), key="rejudge_take"):
            with st.spinner("Judging"):
                problem = judge_again(checks, judge)
            _finish(problem)

    form()


def _judge(run: EvalRun, models: Sequence[ModelInfo]) -> Asked | None:
    named = told_apart({one.id: f"{one.label} · {one.connection_name}" for one in models if not one.hidden})
    ids = list(named)
    place = ids.index(run.judge.model) if run.judge and run.judge.model in named else None
    chosen = st.selectbox("Judge", ids, place, format_func=named.__getitem__, key="rejudge_judge")
    return Asked(chosen) if chosen else None


def _finish(problem: str) -> None:
    if problem:
        st.error(plain(problem), icon=":material/error:")
    else:
        st.rerun()
