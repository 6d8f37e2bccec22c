"""What is remembered: to read, to correct, to see at work."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.group_bar import group_bar
from components.memory import changes, dialogs, fact, filters, head, importing, keeping, nothing, recall, settings
from components.memory.list import fact_list
from components.memory.summary import summary_view
from components.memory.words import YOU, Wish
from hub import chat, memory, projects
from hub.chat import preferences
from hub.errors import HubError, NotFound, StoreDown
from hub.memory.act import act, planned
from hub.models import catalogue
from hub.turns import EVERYWHERE, project_scope

who, page, shell, now = state.who(), state.memory(), state.shell(), viewer_now()


def do(word: str, about: tuple[str, ...] = (), **values: Any) -> str:
    """Has the room of memory do something, and offers to take it back; what was wrong, "" for nothing."""
    try:
        with st.spinner("Working on it"):
            done = act(who, word, about, **values)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    if done.events:
        shell.offer(done.said, "memory", *done.events)
    page.said = "" if done.events else done.said
    if "fact" in st.query_params and (done.fact or word == "purge"):
        st.query_params.from_dict({"fact": done.fact} if done.fact else {})
    return ""


def wish(word: str, about: tuple[str, ...]) -> None:
    """Does what was asked for, then draws the page anew."""
    if word in {"chat", "models"}:
        st.switch_page(Path(__file__).with_name(f"{word}.py"), query_params=dict(zip("cm", about, strict=False)))
    if not page.take(word, about):
        page.said = do(word, about) or page.said
    st.rerun()


def dialog(word: str, ids: tuple[str, ...]) -> None:
    """Draws the open dialog."""
    if word == "export":
        importing.export_dialog(names, lambda scope, form: memory.export(who, scope, form=form), page.close)
    elif word == "import":
        importing.import_dialog(page.scope, names[page.scope], models, partial(planned, who), do, page.close)
    else:
        chosen = [memory.get(who, one) for one in ids]
        near = memory.facts(who, chosen[0].scope, most=200).facts if word == "merge" and len(ids) == 1 else ()
        others = {one.id: one.text for one in near if one.id not in ids}
        dialogs.show(word, dialogs.Asked(chosen, others, page.scope, names[page.scope]), do, page.close)


def show_fact(id_: str) -> Wish | None:
    """One fact with its story, or that there is none."""
    try:
        one = memory.story(who, id_)
    except NotFound as error:
        return troubles.not_there(error.message, partial(st.query_params.pop, "fact"), "All memories")
    return fact.fact_view(one, chat.titles(who, one.conversations), names.get(one.fact.scope, "A deleted project"), now)


def show_facts() -> Wish | None:
    """The facts of a scope, page by page; or all of a subject, along time."""
    wanted, shape = filters.filter_bar(counts)
    begin, older = page.show((page.scope, wanted, shape)), None
    if shape == "timeline":
        found = memory.timeline(who, filters.subject_picker(memory.subjects(who, page.scope)), page.scope)
    else:
        shown = memory.facts(who, page.scope, wanted, before=begin, most=48)
        found, older = shown.facts, shown.before
    asked = fact_list(found, now, look=shape, revision=shell.acts) if found else nothing.nothing_fits(wanted)
    filters.pager(page, older)
    return asked


def show_changes() -> Wish | None:
    """What waits for the person, and what was changed, page by page."""
    begin, most = page.show((page.scope, "changes")), 30
    lately = memory.events(who, page.scope, before=begin or "", most=most + 1)
    asked = changes.changes_view(() if begin else memory.pending(who, page.scope), lately[:most], now)
    filters.pager(page, lately[most - 1].id if len(lately) > most else None)
    keeping.exchanges(memory.extractions(who), now, {one.id: one.label for one in models})
    return asked


def show_recall() -> None:
    """What a message would bring into the prompt."""
    if text := recall.recall_box():
        with st.skeleton(height=200):
            found = memory.recall_preview(who, page.scope, text)
        recall.recall_view(found, liked.max_tokens, now)


def show_settings() -> Wish | None:
    """How memory is wanted, what is never kept, what it costs, and removing everything."""
    settings.settings_form(liked, models, page.kept, lambda name, value: page.keep(name, do("set", **{name: value})))
    rules, days, costs = memory.never_rules(who), memory.spent(who), preferences.get(who).show_costs
    return keeping.keeping_view(rules, days, page.scope, names[page.scope], counts, now, costs=costs)


def show_summary() -> Wish | None:
    """What is known of a scope, as a text."""
    with st.skeleton(height=320):
        found = memory.summary(who, page.scope)
    return summary_view(found, now)


SHOWN = {
    "Summary": show_summary,
    "Facts": show_facts,
    "Changes": show_changes,
    "Recall": show_recall,
    "Settings": show_settings,
}

with st.container(key="page_memory"):
    try:
        names = {EVERYWHERE: YOU} | {project_scope(id_): name for id_, name in projects.names(who).items()}
        liked, models = memory.settings(who), catalogue.models(who)
        page.enter(names, st.query_params.get("scope"))
        page.scope, asked = head.memory_head(names, page.scope, liked)
        counts = memory.counts(who, page.scope, kinds=False)
        if open_fact := st.query_params.get("fact"):
            asked = show_fact(open_fact) or asked
        else:
            waiting = 0 if st.query_params.get("part") == "Changes" else counts.pending  # it stands there already
            asked = head.standing(liked, waiting, model=any(not one.demo for one in models)) or asked
            part = group_bar("Part", list(SHOWN), key="part")
            empty = not counts.all and part in {"Summary", "Facts"}
            asked = (nothing.nothing_yet(page.scope) if empty else SHOWN[part]()) or asked
        if asked:
            wish(*asked)
        if page.dialog:
            dialog(*page.dialog)
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="memory_error")
page.tell()
