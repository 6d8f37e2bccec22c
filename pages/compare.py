"""Several models answer the same question side by side."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components import state, troubles
from components.chat_dialogs import request_dialog
from components.clock import viewer_now
from components.compare import views
from components.compare.asking import asking
from components.compare.dialogs import adjust_dialog, rename_dialog, team_dialog
from components.compare.difference import difference_dialog
from components.compare.panes import panes
from components.error_note import error_note
from components.source_panel import source_panel
from components.source_panel.words import find_once, shown_source
from hub import chat, compare, documents, mcp
from hub.chat.opened import opened
from hub.chat.records import Opened
from hub.compare import act
from hub.compare.records import Shown
from hub.errors import HubError, NotFound, StoreDown
from hub.settings import settings
from hub.turns import project_scope

who = state.who()
page = state.compare()


def on_action(action: dict[str, Any]) -> None:
    """What was done in the columns, the lineup or the composer; sending is done already. What goes wrong is shown above
    the composer."""
    page.problem = None
    page.heard += 1
    if page.take(action):
        return
    try:
        done = act.act(who, page.comparison, {"message": page.seed, **action})
    except HubError as error:
        page.problem = error.record()
        return
    if done.comparison:
        page.take({"kind": "sent", "conversation": done.comparison})
    if done.conversation:
        page.leaving = ("chat", {"c": done.conversation})
    if done.team:
        page.use(done.team)
    page.said = done.said or page.said


def draw(found: Opened, shown: Shown | None) -> None:
    """The columns, or before there is a comparison the lineup; below them the composer."""
    likes = {"recent": found.recent, "costs": found.likes.show_costs}
    with st.container(key="compare"):
        data = views.board(shown, found.models, merger=found.chosen, **likes) if shown else beginning(found)
        panes(data, on_action=on_action)
    with st.bottom:
        if page.problem:
            with st.container(key="chat_problem"):
                error_note(page.problem["message"], page.problem["hint"])
        if not page.seed:
            home = shown.comparison.project if shown else None
            shelf = [one for scope in {"", project_scope(home)} for one in documents.collections(who, scope)]
            more = {"servers": mcp.offering(who), "max_mb": settings().max_upload_mb, "on_event": on_action}
            asking(found, shown, page, who.id, shelf=shelf, **more)
    said = [message for one in shown.panes for message in one.messages] if shown else []
    source_panel(shown_source(said, page.panel, partial(find_once, partial(documents.cited, who))), on_event=page.take)


def beginning(found: Opened) -> dict[str, Any]:
    """What is drawn before there is a comparison."""
    page.begin_with(views.usual(found.models, found.recent, found.chosen))
    return views.lineup(
        page.place,
        page.members,
        found.models,
        blind=page.blind,
        heard=page.heard,
        seed=chat.get_message(who, page.seed) if page.seed else None,
        teams=compare.teams(who),
        recents=compare.comparisons(who, most=6),
        recent=found.recent,
        now=viewer_now(),
    )


def open_dialog(about: dict[str, Any], found: Opened, shown: Shown | None) -> None:
    """Show one of the dialogs; one about what is gone does not come again."""
    page.close()
    named = {one.pane.id: one for one in shown.panes} if shown else {}
    models = {model.id: model for model in found.models}
    match about:
        case {"kind": "what-went-in", "message": message}:
            said = chat.get_message(who, message)
            request_dialog(said, None if said.veiled else chat.sent_request(who, message), page.close)
        case {"kind": "difference", "pane": one, "with": other} if one in named and other in named:
            names = views.pane_name(named[one].pane), views.pane_name(named[other].pane)
            difference_dialog(names, compare.diff(who, page.comparison or "", one, other), page.close)
        case {"kind": "adjust", "pane": id_} if id_ in named:
            pane = named[id_].pane
            swap = {"kind": "swap", "pane": id_, "model": pane.model}
            name, known = views.pane_name(pane), models.get(pane.model)
            adjust_dialog(
                known, name, pane.params, lambda new, now: on_action(swap | {"params": new, "now": now}), page.close
            )
        case {"kind": "adjust-member", "at": at} if at < len(page.members):
            model, params = page.members[at]
            label = models[model].label if model in models else model
            adjust_dialog(
                models.get(model), label, params, lambda new, _: page.adjust(at, new), page.close, answered=False
            )
        case {"kind": "rename", "conversation": conversation, "title": title}:
            rename_dialog(title, lambda name: state.shell().rename(conversation, name), page.close)
        case {"kind": "save-team"}:
            members = [(one.pane.model, one.pane.params) for one in shown.panes] if shown else page.members
            labels = [models[model].label if model in models else model for model, _ in members]
            save = {"kind": "save-team-as", "members": members}
            team_dialog(labels, lambda name: on_action(save | {"name": name}), page.close)
        case _:
            page.said = "That column is not there any more."
            return
    page.dialog = about


page.leave()
page.come()
try:
    found = opened(who, None)
    shown = compare.open_comparison(who, page.comparison, levels=page.limit) if page.comparison else None
    draw(found, shown)
    if page.dialog:
        open_dialog(page.dialog, found, shown)
except NotFound as error:
    troubles.not_there(error.message, page.start, "New comparison")
except StoreDown as error:
    troubles.store_down(error.message)
page.tell()
