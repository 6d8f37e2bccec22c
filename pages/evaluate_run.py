"""One run: its grid, its charts, and what it was made of."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.evaluate import heads, run_charts, run_dialogs, run_plan, run_rejudge, words
from components.evaluate.grid import grid
from hub import chat, evals
from hub.errors import HubError, StoreDown
from hub.evals.checks import KINDS
from hub.evals.records import Estimate, EvalRun, Limits
from hub.models import catalogue

FORMS = [(name, form.title) for name, form in evals.FORMS.items()]

who = state.who()
page, shell = state.evaluate(), state.shell()


def show(run: EvalRun) -> None:
    """One run, in the part that is chosen."""
    about = words.about_run(run, viewer_now())
    leaving, part = heads.run_head(run.name, about, ["Answers", "Charts", "Plan"], key=run.id)
    if leaving:
        page.go(view="Runs")
    if part == "Answers":
        show_grid(run)
    elif part == "Charts":
        run_charts.run_charts(
            evals.summary(who, run.id), [one.sentence for one in evals.agreements(who, run.id)], key=run.id
        )
    else:
        run_plan.run_plan(run, KINDS)


def show_grid(run: EvalRun) -> None:
    """The grid, and what was asked for in it."""
    earlier = [one for one in evals.runs(who) if one.set_id == run.set_id and one.id != run.id]
    columns = words.columns(run.models, run.templates)
    chosen = page.baseline.get(run.id, f"run:{run.baseline}" if run.baseline else "")
    event = grid(
        run.id, columns, words.baselines(columns, earlier, viewer_now()), baseline=chosen, forms=FORMS, stamp=page.stamp
    )
    if event:
        act(run, event)
    if page.dialog == ("limits", run.id):
        run_dialogs.limits_dialog(run, lambda limits: tried(run, limits), page.close_dialog)
    elif page.dialog == ("rejudge", run.id):
        models = catalogue.models(who)
        run_rejudge.rejudge_dialog(
            run, KINDS, models, lambda again: planned(run, again), lambda again: judged(run, again), page.close_dialog
        )


def act(run: EvalRun, event: dict[str, Any]) -> None:
    """What the grid leaves to the page."""
    match event:
        case {"do": "baseline", "baseline": baseline}:
            page.baseline[run.id] = baseline
        case {"do": "limits" | "rejudge" as name}:
            page.dialog = (name, run.id)
            st.session_state.pop(run_rejudge.WORK, None)
        case {"do": "delete"}:
            evals.delete_run(who, run.id)
            shell.offer("Deleted the run", "restore_run", run.id)
            page.go(view="Runs")
        case {"do": "again"}:
            page.again(run, evals.get_set(who, run.set_id, run.set_version).checks)
            page.go("evaluate_new", set=run.set_id)
        case {"do": "extend"}:
            page.ask([])
            page.go("evaluate_extend", run=run.id)
        case {"do": "add", "index": index}:
            page.adding = (evals.as_row(who, run.id, index),)
            st.rerun()
        case {"do": "chat", "index": index}:
            page.go("chat", c=as_chat(run, index))
        case _:
            raise ValueError(f"the grid asked for {event}")


def as_chat(run: EvalRun, index: int) -> str:
    """A conversation with what was asked and answered in a cell, to go on with; its id."""
    found = evals.cell(who, run.id, index)
    model, asked = run.models[found.cell.model], found.asked
    home = chat.create(
        who,
        title=f"{run.name}, row {found.cell.row + 1}",
        model=model.model,
        params=model.params,
        system_prompt=asked.system,
    )
    for said, answer in zip(asked.turns, found.cell.answers, strict=False):
        chat.add_message(who, home.id, "user", said)
        chat.add_message(who, home.id, "assistant", answer)
    return home.id


def tried(run: EvalRun, limits: Limits) -> str:
    """Change limits; what is wrong with them, if anything."""
    try:
        evals.set_limits(who, run.id, limits)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.stamp += 1
    return ""


def planned(run: EvalRun, again: run_rejudge.Again) -> Estimate | str:
    """What judging again would take, or why that cannot be told."""
    try:
        return evals.plan_rejudge(who, run.id, again.checks, again.judge)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()


def judged(run: EvalRun, again: run_rejudge.Again) -> str:
    """Judge again as a new run and show it; what keeps it from starting, if anything."""
    try:
        new = evals.rejudge(
            who, run.id, again.checks, again.judge, cap=again.cap, unpriced=again.unpriced, fresh=again.fresh
        )
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.close_dialog()
    page.go("evaluate_run", run=new)
    return ""


with st.container(key="wide_run"):
    try:
        show(evals.get_run(who, st.query_params.get("run", "")))
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        if error_note(error.message, error.hint, action="All runs", key="run_error"):
            page.go(view="Runs")
page.tell()
