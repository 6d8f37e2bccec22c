"""Adding models or rows to a run: a new run that takes over what was answered."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.connection_card import plain
from components.error_note import error_note
from components.evaluate import estimate, heads, plan_form
from components.evaluate.row_picker import row_picker
from components.evaluate.run_models import run_models
from components.evaluate.words import many
from hub import evals
from hub.errors import HubError, StoreDown
from hub.evals.records import EvalRun
from hub.models import catalogue

who = state.who()
page = state.evaluate()
new = page.new


def draw(run: EvalRun) -> None:
    """The models and rows that come on top, and what that takes."""
    if heads.extend_head(f"{run.name} · {many(run.rows, 'row')} on {many(len(run.models), 'model')}"):
        page.go("evaluate_run", run=run.id)
    st.caption(
        "A new run with the same checks, repeats and parameters. Every answer that is there is taken over; only what "
        "is missing is asked. The run itself stays as it is."
    )
    heads.section("More models")
    st.caption(f"Asked already: {plain(', '.join(one.label for one in run.models))}.")
    run_models([one for one in catalogue.models(who) if not one.hidden], new, catalogue.recents(who))
    heads.section("More rows")
    rows = evals.more_rows(who, run.id)
    if rows:
        row_picker(rows, new.rows, key=f"pick_{run.id}")
    else:
        st.caption(f"The run has every row of the newest version of “{plain(run.set_name)}”.")
    close(run)


def close(run: EvalRun) -> None:
    """What it would take, and the start."""
    if not new.models and not new.rows:
        st.caption("Add a model or choose a row to see what that would take.")
        return
    models, rows = tuple(new.models), tuple(sorted(new.rows))
    cap = None if run.cap is None else plan_form.cap_field(run.cap, key=f"extend_{run.id}") or run.cap
    found = evals.plan_extend(who, run.id, models, rows, cap=cap, unpriced=False)
    place = st.container()
    allowed = estimate.unpriced_question(found, key="extend")
    if allowed:
        found = evals.plan_extend(who, run.id, models, rows, cap=cap, unpriced=True)
    with place:
        estimate.estimate_card(found, cap=cap)
    waiting = bool(found.unpriced) and not allowed
    if not waiting:
        estimate.problems(found)
    if st.button(
        f"Start {found.cells - run.cells:,} new cells",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(found.problems),
        key="extend_start",
    ):
        made = evals.extend(who, run.id, models, rows, cap=cap, unpriced=allowed)
        page.ask([])
        page.go("evaluate_run", run=made)
    if waiting:
        estimate.waiting_words()


with st.container(key="page_evaluate_extend"):
    try:
        run_id = st.query_params.get("run", "")
        page.extend(run_id)
        new = page.new
        draw(evals.get_run(who, run_id))
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        if error_note(error.message, error.hint, action="Back to the runs", key="extend_error"):
            page.go(view="Runs")
