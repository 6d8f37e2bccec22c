"""Schedules: which there are, how each stands, and new ones by words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.dialog import dialog
from components.error_note import error_note
from components.item_list import ItemEvent, item_list
from components.schedules import dialogs, heads, words
from components.schedules.offers import Offers
from hub import agents, documents
from hub.errors import HubError, StoreDown
from hub.models import catalogue
from hub.schedules import manage, preview, transfer, when
from hub.schedules.records import Schedule, Spec

TITLES = {"new": "New schedule", "export": "Export schedules", "import": "Import schedules"}

who, page, shell, now = state.who(), state.schedules(), state.shell(), viewer_now()
reader = preview.Reader(who, now)


def show_list(found: Sequence[Schedule]) -> None:
    """The schedules; drawn every two seconds while one of them runs."""
    asked, which = heads.filters()
    going = words.going(found)
    st.fragment(show_rows, run_every="2s" if going else None)(asked, which, found, going)


def show_rows(asked: str, which: str, found: Sequence[Schedule], going: bool) -> None:
    """The rows that fit, as they are now while something runs."""
    if going:
        found = manage.schedules(who)
        if not words.going(found):
            st.rerun()
    shown, names = words.shown_of(found, asked, which), named(found)
    st.caption(words.counted(len(shown), len(found)))
    items = [words.schedule_item(one, starts(one, names), viewer_now()) for one in shown]
    if items and (event := item_list(items, label="Schedules", address="schedule?s=", key="schedules")):
        act(event)


def named(all_: Sequence[Schedule]) -> dict[str, str]:
    """Names by id of what can start a schedule."""
    names = {one.id: one.spec.name for one in all_}
    if any(one.spec.triggers.collection for one in all_):
        names |= {one.id: one.name for one in documents.collections(who)}
    return names


def starts(one: Schedule, names: dict[str, str]) -> str:
    """Everything that starts a schedule."""
    return words.starts(when.sentence(one.spec.when) if one.spec.when else "", one.spec.triggers, names)


def act(event: ItemEvent) -> None:
    """What was done with a schedule of the list."""
    match event.do:
        case "open":
            page.go("schedule", s=event.id)
        case "run":
            manage.run_now(who, event.id)
            page.said = "Started. A worker takes it."
        case "pause":
            manage.pause(who, event.id)
        case "resume":
            manage.resume(who, event.id)
        case "duplicate":
            page.go("schedule", s=manage.duplicate(who, event.id).id, part="Edit")
        case "export":
            page.open("export", event.id)
        case _:
            gone = manage.find(who, event.id).spec.name
            manage.delete(who, event.id)
            shell.offer(f"Deleted the schedule “{gone}”", "restore_schedule", event.id)
    st.rerun()


def create(spec: Spec) -> str:
    """Keep a new schedule and open it; what is wrong with it."""
    try:
        made = manage.create(who, spec)
    except HubError as error:
        return error.sentence
    page.close()
    page.opening = made.id
    return ""


def take(text: str) -> str:
    """Bring schedules in; what is wrong with them."""
    try:
        made = transfer.import_(who, text)
    except HubError as error:
        return error.sentence
    page.close()
    page.said = f"Imported {words.many(len(made), 'schedule')}, paused."
    return ""


def open_dialog(name: str, about: str) -> None:
    """Draw the dialog that is open."""
    if name == "new":
        models = {one.id: one.label for one in catalogue.models(who) if not one.hidden}
        default = catalogue.default_model(who) or ""
        named = {one.id: one.spec.name for one in agents.visible(who)}
        offers = Offers(named, models, models.get(default, ""))
        known = bool(st.context.timezone)
        ways = (reader.look, reader.ask)
        body = partial(dialogs.new_body, offers, *ways, now, create, stamp=page.form, zone_known=known)
    elif name == "export":
        ids = [about] if about else [one.id for one in manage.schedules(who)]
        body = partial(dialogs.export_body, transfer.export(who, ids), len(ids))
    else:
        body = partial(dialogs.import_body, take)
    dialog(TITLES[name], page.close, body, width="medium")


def wish(word: str) -> None:
    """Do what was asked for above the list."""
    match word:
        case "pause_all":
            page.said = f"Paused {words.many(manage.pause_all(who), 'schedule')}. “Resume all” lets them go on."
        case "resume_all":
            page.said = f"Resumed {words.many(manage.resume_all(who), 'schedule')}."
        case _:
            page.open(word)
    st.rerun()


def draw() -> None:
    """Everything, once."""
    if page.opening:
        made, page.opening = page.opening, ""
        page.go("schedule", s=made)
    found = manage.schedules(who)
    if asked := heads.schedules_head(any_=bool(found), held=words.all_held(found)):
        wish(asked)  # at once: the next click may end this run
    if (part := heads.part_bar("Schedules", manage.unread(who))) != "schedules":
        page.go(part)
    if found:
        show_list(found)
    elif heads.no_schedules():
        wish("new")
    if page.dialog:
        open_dialog(*page.dialog)


with st.container(key="page_schedules"):
    try:
        draw()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        page.close()
        error_note(error.message, error.hint, action="Try again", key="schedules_error")
page.tell()
