"""One conversation: its messages, the answer that is being written, and the composer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from components import state, troubles
from components.agents.greeting import greeting
from components.chat_dialogs import delete_dialog, export_dialog, request_dialog
from components.chat_header import chat_header
from components.chat_view import chat_view
from components.chat_words import askers
from components.model_picker import PickerEvent
from components.parameters import ParametersEvent
from components.source_panel import source_panel
from components.source_panel.words import find_once, shown_source
from hub import agents, chat, documents, mcp, memory, projects, skills
from hub.agents import trace as asked
from hub.agents.records import Agent
from hub.chat import act
from hub.chat.opened import opened
from hub.chat.records import Opened
from hub.errors import HubError, NotFound, StoreDown
from hub.models import catalogue
from hub.settings import settings
from hub.turns import project_scope

who = state.who()
page = state.chat()


def do(action: dict[str, Any]) -> None:
    """Have the chat room do `action` in the open conversation; what goes wrong is shown above the composer."""
    page.problem = None
    try:
        done = act.act(who, page.conversation, {"project": page.project, **action})
    except HubError as error:
        page.problem = error.record()
        return
    if done.moved:
        page.stay()
    if done.conversation:
        st.query_params.from_dict({"c": done.conversation})
    if done.run:
        page.following.append(done.run)
    page.dialog = ("delete", action["message"]) if done.asks else page.dialog
    if action["kind"] == "delete" and not done.asks:
        state.shell().offer("Deleted the message", "restore_message", action["message"])
    page.said = done.said or page.said


def on_action(action: dict[str, Any]) -> None:
    """What was done in the transcript."""
    if not page.take(action):
        do(action)


def on_event(event: dict[str, Any]) -> None:
    """What was done in the composer. Sending is done already."""
    page.problem = None
    if not page.take(event):
        named = event["kind"] == "command"
        do(act.command(event["name"], event["argument"], temporary=page.temporary) if named else event)
        if found := answering(event.get("attached", {})):
            model = {"model": found.spec.model} if found.spec.model else {}
            do({"kind": "params", "params": found.spec.params, **model})


def answering(attached: Mapping[str, Any]) -> Agent | None:
    """The agent in what is attached to a chat; None without one, and for one that is not there any more."""
    chosen = attached.get("agents")
    if not isinstance(chosen, Mapping) or not chosen.get("agent"):
        return None
    try:
        return agents.find(who, str(chosen["agent"]), draft=bool(chosen.get("draft")))
    except NotFound:
        return None


def open_dialog(name: str, message: str) -> None:
    """Show one of the dialogs; one about what is gone does not come again."""
    page.close()
    if name == "delete":
        alone, more = chat.delete_choices(who, message)
        delete_dialog(alone, more, lambda all: do({"kind": "delete", "message": message, "subtree": all}), page.close)
    elif name == "what-went-in":
        said = chat.get_message(who, message)
        request_dialog(said, None if said.veiled else chat.sent_request(who, message), page.close)
    elif home := page.conversation:
        export_dialog(chat.get(who, home).title, *chat.export_forms(who, home), page.close)
    else:
        return
    page.dialog = (name, message)


def draw(shown: Opened) -> None:
    """The page of a conversation, or of a new chat."""
    attached = shown.conversation.attached if shown.conversation else page.attached
    agent = answering(attached)
    done = chat_header(
        shown,
        params=page.params,
        system_prompt=page.system_prompt,
        temporary=page.temporary,
        place=page.place,
        project=page.project,
        projects=projects.names(who),
        agent=agent,
        on_move=move,
        on_rename=lambda text: do({"kind": "title", "text": text}),
        on_temporary=lambda wanted: page.empty(temporary=wanted),
    )
    if isinstance(done, ParametersEvent):
        adjust(done, shown.chosen)
    elif done:
        pick(done)
    on, most = {"on_action": on_action, "on_event": on_event}, settings().max_upload_mb
    on |= {"learning": partial(memory.learning, who)}
    home = shown.conversation.project if shown.conversation else page.project
    shelf = [one for scope in {"", project_scope(home)} for one in documents.collections(who, scope)]
    named = [(one.skill.name, one.skill.description) for one in skills.on(who, attached, project_scope(home))]
    on |= {"agents": agents.visible(who), "servers": mcp.offering(who)}
    on |= {"asked": {one: asked.below(who, one) for one in askers(shown.messages)}}
    empty = greeting(agent.spec) if agent else None
    chat_view(shown, page, who.id, shelf=shelf, skills=named, max_mb=most, empty=empty, **on)
    find = partial(find_once, partial(documents.cited, who))
    source_panel(shown_source(shown.messages, page.panel, find), on_event=page.take)


def move(project: str | None) -> None:
    """Put the chat into a project, or out of any; one that is not stored yet keeps it until it is."""
    if page.conversation:
        do({"kind": "move", "project": project})
    else:
        page.enter(project)


def pick(event: PickerEvent) -> None:
    """What was done in the model picker."""
    if event.do == "manage":
        st.switch_page(state.script("models"))
    elif event.do != "choose":
        catalogue.mark(who, event.id, favourite=event.do == "favourite")
    elif page.conversation:
        do({"kind": "model", "model": event.id})
    else:
        page.model = event.id
    st.rerun()


def adjust(event: ParametersEvent, model: str) -> None:
    """What was done in the parameters; a chat that is not stored yet keeps them until it is."""
    for action in event.actions(model):
        if action["kind"] == "params" and not page.conversation:
            page.use(action["model"], event.params, event.system_prompt)
        else:
            do(action)
    st.rerun()


page.leave()
page.come()
try:
    if not page.conversation and (begun := answering(page.attached)):
        page.follow(begun.id, begun.spec.model, begun.spec.params)
    found = opened(who, page.conversation, limit=page.limit, model=page.model, at=page.at, below=page.below)
    page.heed(found)
    draw(found)
    if page.dialog:
        open_dialog(*page.dialog)
except NotFound as error:
    troubles.not_there(error.message, page.empty)
except StoreDown as error:
    troubles.store_down(error.message)
page.tell()
