"""Evaluate: runs of prompt sets over models, the sets, and the leaderboard of the person's own votes."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.evaluate import bringing, heads, leaderboard, words
from components.item_list import ItemEvent, item_list
from hub import evals, votes
from hub.errors import HubError, StoreDown
from hub.evals.records import EvalRun, SetDraft
from hub.votes.records import Leaderboard

PAGE = 20
"""Runs on one page of the list."""

who = state.who()
page, shell = state.evaluate(), state.shell()
page.close_dialog()


def show_runs() -> None:
    """The runs, the newest first; drawn every second while one is under way."""
    found = evals.runs(who)
    if not found:
        sets = evals.sets(who)
        if heads.no_runs(sets=bool(sets)):
            new_run() if sets else bringing.new_set(read_file, create)
        return
    pages = -(-len(found) // PAGE)
    at = st.session_state.get("runs_page", 1) - 1
    busy = any(run.status == "running" for run in found[at * PAGE : (at + 1) * PAGE])
    st.fragment(run_rows, run_every="2s" if busy else None)(at)
    if pages > 1:
        st.pagination(pages, key="runs_page")


def run_rows(at: int) -> None:
    """One page of the list of runs."""
    now = viewer_now()
    shown = evals.runs(who)[at * PAGE : (at + 1) * PAGE]
    items = [words.run_item(run, evals.summary(who, run.id), now) for run in shown]
    event = item_list(items, label="Runs", address="evaluate_run?run=", key="runs")
    if event and event.do == "open":
        page.go("evaluate_run", run=event.id)
    elif event:
        evals.delete_run(who, event.id)
        shell.offer("Deleted the run", "restore_run", event.id)
        st.rerun()


def show_sets() -> None:
    """The prompt sets, what was changed last first."""
    found = evals.sets(who)
    if not found:
        if heads.no_sets():
            bringing.new_set(read_file, create)
        return
    now = viewer_now()
    event = item_list(
        [words.set_item(one, now) for one in found], label="Prompt sets", address="evaluate_set?set=", key="sets"
    )
    if event:
        act_on_set(event)


def show_leaderboards() -> None:
    """The person's own votes, and below them the judges of runs in which models were compared."""
    leaderboard.leaderboard(votes.leaderboard(who, leaderboard.chosen_tags()))
    judged = [run for run in evals.runs(who) if evals.compares(run)]
    if judged:
        leaderboard.judges_board(judged, read_judge, viewer_now())


def read_judge(run: EvalRun) -> tuple[Leaderboard, list[str]]:
    """How the judge of a run ranks its models, and how far it agrees with the person."""
    return evals.judge_leaderboard(who, run.id), [one.sentence for one in evals.agreements(who, run.id)]


def act_on_set(event: ItemEvent) -> None:
    """What was done with a prompt set."""
    if event.do == "open":
        page.go("evaluate_set", set=event.id)
    elif event.do == "run":
        page.ask(page.new.models, event.id)
        page.go("evaluate_new", set=event.id)
    else:
        evals.delete_set(who, event.id)
        shell.offer("Deleted the prompt set", "restore_set", event.id)
        st.rerun()


def new_run() -> None:
    """Begin a new run with the models of the last one."""
    page.ask(page.new.models)
    page.go("evaluate_new")


def read_file(name: str, data: bytes) -> bringing.Imported | str:
    """A file, or why it cannot be read."""
    try:
        return evals.read_set(name, data)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()


def create(draft: SetDraft) -> str:
    """Make a prompt set, which is then opened; what is wrong with it, if anything."""
    try:
        page.opening = evals.create_set(who, draft).id
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def draw() -> None:
    """The view that is chosen."""
    if page.opening:
        made, page.opening = page.opening, ""
        page.go("evaluate_set", set=made)
    view, adding = heads.evaluate_head(full=True)
    if adding:
        new_run() if view == "Runs" else bringing.new_set(read_file, create)
    if view == "Runs":
        show_runs()
    elif view == "Prompt sets":
        show_sets()
    else:
        show_leaderboards()


with st.container(key="page_evaluate"):
    try:
        draw()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, key="evaluate_error")
page.tell()
