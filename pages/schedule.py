"""One schedule: what became of it, and its form."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.dialog import dialog
from components.error_note import error_note
from components.group_bar import group_bar
from components.markdown import label
from components.schedules import dialogs, words
from components.schedules.form import form, saving_bar
from components.schedules.history import failure, history
from components.schedules.offers import Offers
from components.schedules.schedule_head import schedule_head, standing
from components.schedules.webhook import webhook
from components.state.interfaces import origin
from hub import agents, chat, documents, hooks, notify
from hub.errors import HubError, NotFound, StoreDown, tried
from hub.models import catalogue
from hub.models.types import ModelInfo
from hub.schedules import manage, preview, spec, transfer, when
from hub.schedules.records import Occurrence, Schedule, Spec
from hub.settings import settings
from hub.turns import Turn

who, page, shell, now = state.who(), state.schedules(), state.shell(), viewer_now()
reader = preview.Reader(who, now)
ANY = ModelInfo("", "", "", "", "", "", abilities=frozenset({"tools"}))
PARTS = ("Runs", "Edit")
WEEK, ALL = timedelta(days=7), manage.HISTORY


def offers(one: Schedule) -> Offers:
    """What the person can put into the schedule."""
    models = {each.id: each.label for each in catalogue.models(who) if not each.hidden}
    talks = chat.list_conversations(who)
    return Offers(
        {each.id: each.spec.name for each in agents.visible(who)},
        models,
        models.get(catalogue.default_model(who) or "", ""),
        {each.id: each.name for each in documents.collections(who) if each.mine},
        {each.id: each.title for each in (*talks.pinned, *talks.recent)},
        {each.id: each.spec.name for each in manage.schedules(who) if each.id != one.id},
        {each.id: each.name for each in notify.channels(who)},
        {each.stable_id: each.title for each in hooks.tools(Turn(who, "0" * 24, "0" * 24, "", ANY))[0]},
    )


def edit(one: Schedule) -> None:
    """The form."""
    bar = st.container()
    if one.has_secret:
        base = settings().public_url.rstrip("/") or origin()
        webhook(one.id, f"{base}/api/hooks/schedules/{one.id}", partial(manage.secret, who, one.id))
    said = when.sentence(one.spec.when) if one.spec.when else ""
    wanted, wrong = form(one, said, offers(one), reader.look, reader.ask, now, stamp=f"schedule_{one.id}_{page.form}")
    problem = wrong or " ".join(spec.problems(wanted))
    if page.asked:
        page.asked = False
        problem = problem or save(one, wanted)
        if not problem:
            st.rerun()
    if wanted != one.spec or wrong:
        with bar:
            saving_bar(page.save, page.refill, can=not problem)
            if problem or page.problem:
                st.error(label(problem or page.problem), icon=":material/error:")


def save(one: Schedule, wanted: Spec) -> str:
    """Keep what the form says; what is wrong with it."""
    problem = tried(lambda: manage.save(who, one.id, wanted))
    if not problem:
        page.refill()
        page.said = "Saved."
    return problem


def runs(one: Schedule) -> None:
    """What became of it; drawn every two seconds while it runs."""
    going = words.going([one])
    st.fragment(show_runs, run_every="2s" if going else None)(one, going)


def show_runs(one: Schedule, going: bool) -> None:
    """The runs of the last week, or of three months."""
    older = st.session_state.get("runs_older", False)
    found = manage.history(who, one.id, within=ALL if older else WEEK)
    if going and not any(each.status in words.GOING for each in found):
        st.rerun()
    if found and found[0].status == "failed":
        failure(found[0], now)
    if asked := history(found, viewer_now()):
        do, run = asked
        act(do, next(each for each in found if each.id == run))
    st.toggle("Older than a week, up to three months", key="runs_older")


def act(do: str, one: Occurrence) -> None:
    """What was done with a run."""
    if do == "stop":
        manage.stop(who, one.id)
        st.rerun()
    if not one.conversation:
        return
    manage.file(who, [one.id], "read" if one.shelf == "unread" else one.shelf)
    if do == "trace":
        page.go("trace", m=one.answer)
    elif do == "replay":
        page.go("compare", **{"from": one.answer})
    else:
        page.go("chat", c=one.conversation, m=one.answer)


def wish(word: str, one: Schedule) -> None:
    """Do what was asked for, then draw the page anew."""
    match word:
        case "back":
            page.go("schedules")
        case "run":
            manage.run_now(who, one.id)
            page.said = "Started. A worker takes it."
        case "pause":
            manage.pause(who, one.id)
        case "resume":
            manage.resume(who, one.id)
        case "duplicate":
            page.go("schedule", s=manage.duplicate(who, one.id).id)
        case "delete":
            manage.delete(who, one.id)
            shell.offer(f"Deleted the schedule “{one.spec.name}”", "restore_schedule", one.id)
            page.go("schedules")
        case _:
            page.open(word, one.id)
    st.rerun()


def show(one: Schedule) -> None:
    """The schedule, and the part of it that is open."""
    page.come_to(one.id)
    if asked := schedule_head(one):
        wish(asked, one)  # at once: the next click may end this run
    names = {each.id: each.spec.name for each in manage.schedules(who)} if one.spec.triggers.after else {}
    if one.spec.triggers.collection:
        names |= {each.id: each.name for each in documents.collections(who)}
    said = when.sentence(one.spec.when) if one.spec.when else ""
    times = when.upcoming(one.spec.when, now, 3) if one.spec.when else []
    standing(one, words.starts(said, one.spec.triggers, names), times, now)
    if group_bar("Part", PARTS, key="part") == "Edit":
        edit(one)
    else:
        runs(one)
    if page.dialog:
        body = partial(dialogs.export_body, transfer.export(who, [one.id]), 1)
        dialog("Export schedule", page.close, body, width="medium")


with st.container(key="page_schedule"):
    try:
        show(manage.find(who, st.query_params.get("s", "")))
    except NotFound as error:
        if error_note(error.message, error.hint, action="All schedules", key="schedule_gone"):
            page.go("schedules")
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="schedule_error")
page.tell()
