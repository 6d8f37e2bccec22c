"""A new run: a prompt set, the models, how they are judged, what it would take, and its start."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import state, troubles
from components.error_note import error_note
from components.evaluate import estimate, heads, plan_form
from components.evaluate.run_models import run_models
from hub import evals
from hub.errors import HubError, StoreDown
from hub.evals.checks import KINDS
from hub.evals.records import PromptSet, RunRequest
from hub.models import catalogue

who = state.who()
page = state.evaluate()
new = page.new


def draw() -> None:
    """The whole form, from top to bottom, and at its end what it comes to."""
    if heads.new_head():
        page.go(view="Runs")
    sets = [one for one in evals.sets(who) if one.rows]
    if not sets:
        if heads.no_sets("new"):
            page.go(view="Prompt sets")
        return
    models = [one for one in catalogue.models(who) if not one.hidden]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = plan_form.choose_set(sets, st.query_params.get("set", new.set_id))
        versions = evals.versions(who, chosen.id)
        one = plan_form.choose_version(versions)
    heads.section("Models")
    run_models(models, new, catalogue.recents(who))
    heads.section("Judging")
    rows = evals.set_rows(who, one.id, one.version, count=None)
    plan_form.judging(one, KINDS, new, models, [check for row in rows for check in row.checks])
    heads.section("Run")
    tags = {tag for row in rows for tag in row.tags}
    earlier = [run for run in evals.runs(who) if run.set_id == one.id]
    given = plan_form.options(sorted(tags), earlier, new)
    asked = plan_form.request(one, new, given, unpriced=False, newest=one is versions[0])
    close(one, asked)


def close(one: PromptSet, asked: RunRequest) -> None:
    """What the run would take, and its start."""
    if not asked.models:
        st.caption("Add a model to see what the run would take.")
        return
    found = evals.plan(who, asked)
    place = st.container()
    allowed = estimate.unpriced_question(found)
    if allowed:
        asked = replace(asked, unpriced=True)
        found = evals.plan(who, asked)
    with place:
        estimate.estimate_card(found, cap=asked.cap)
    waiting = bool(found.unpriced) and not allowed
    if not waiting:
        estimate.problems(found)
    if st.button(
        f"Start {found.cells:,} cells",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(found.problems),
        key="run_start",
    ):
        run = evals.start(who, asked)
        page.ask(asked.models, one.id)
        page.go("evaluate_run", run=run)
    if waiting:
        estimate.waiting_words()


with st.container(key="page_evaluate_new"):
    try:
        draw()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        if error_note(error.message, error.hint, action="Back to the runs", key="new_error"):
            page.go(view="Runs")
