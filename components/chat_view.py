"""The messages of a chat and the composer below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import chat_words
from components.composer import composer
from components.error_note import error_note
from components.state import ChatState
from components.transcript import Empty, Live, transcript, views
from components.watch import watch
from hub.agents.records import Agent
from hub.chat.records import Opened
from hub.documents.records import Collection
from hub.mcp.records import Offering
from hub.traces import Work

Told = Callable[[dict[str, Any]], None]
Learning = Callable[[str, datetime, Mapping[str, Any]], bool]
"""Whether it is still being learned from an answer, by its id, its time and what rooms keep with the chat."""


def chat_view(
    shown: Opened,
    page: ChatState,
    person: str,
    *,
    shelf: Sequence[Collection] = (),
    skills: Sequence[tuple[str, str]] = (),
    servers: Sequence[Offering] = (),
    asked: Mapping[str, Sequence[Work]],
    agents: Sequence[Agent] | None = None,
    max_mb: int,
    learning: Learning,
    on_action: Told,
    on_event: Told,
    empty: Empty | None = None,
    below: DeltaGenerator | None = None,
) -> None:
    """Draw what `shown` has for `person`, who may have the chat read the collections on the `shelf`, name `skills`
    (names and descriptions) and `agents`, and use what `servers` have; `on_action` hears the transcript, `on_event` the
    composer. `asked` are the sub-agents under each answer; what was learned stands there as soon as it is. `empty` is
    what an empty chat says, in place of the usual; `below` is where the composer stands, where that is not at the lower
    edge of the page."""
    given = {"notes": shown.notes, "asked": asked, "agents": {one.id: one.spec.name for one in agents or ()}}
    _messages(shown, page, empty, given, on_action)
    if (last := shown.answered) and shown.conversation:
        watch(partial(learning, last.id, last.created_at, shown.conversation.attached))
    with below or st.bottom:
        if shown.window and shown.window.aside:
            _aside(on_action)
        if page.problem:
            with st.container(key="chat_problem"):
                error_note(page.problem["message"], page.problem["hint"])
        _composer(shown, page, person, shelf, skills, servers, agents, max_mb, on_event)


def _messages(shown: Opened, page: ChatState, empty: Empty | None, given: Mapping[str, Any], on_action: Told) -> None:
    messages, conversation = shown.messages, shown.conversation
    temporary = conversation.temporary if conversation else page.temporary
    transcript(
        views(messages, costs=shown.likes.show_costs, **given),
        place=page.place,
        conversation=page.conversation,
        live=[Live(run, chat_words.answers(messages, run)) for run in (*shown.running, *page.following)],
        earlier=bool(shown.window and shown.window.earlier),
        later=bool(shown.window and shown.window.later),
        at=(page.at, page.visits) if page.at else None,
        empty=None if messages else empty or chat_words.empty(shown.model, temporary=temporary),
        recent=shown.recent,
        on_action=on_action,
    )


def _aside(on_action: Told) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="center", key="chat_aside"):
        st.caption("This is another branch of the chat. What you write goes on from here.", width="content")
        st.button(
            "Back to the open branch", type="tertiary", key="aside_back", on_click=on_action, args=[{"kind": "latest"}]
        )


def _composer(
    shown: Opened,
    page: ChatState,
    person: str,
    shelf: Sequence[Collection],
    skills: Sequence[tuple[str, str]],
    servers: Sequence[Offering],
    agents: Sequence[Agent] | None,
    max_mb: int,
    on_event: Told,
) -> None:
    messages, conversation = shown.messages, shown.conversation
    composer(
        place=page.place,
        person=person,
        conversation=page.conversation,
        parent=shown.window.aside if shown.window else None,
        project=page.project,
        model=shown.model,
        params=asdict(conversation.params if conversation else page.params),
        temporary=conversation.temporary if conversation else page.temporary,
        system_prompt="" if conversation else page.system_prompt,
        shelf=shelf,
        attached=conversation.attached if conversation else _begun(page.attached),
        running=shown.running,
        turn=f"{messages[-1].id} {messages[-1].status}" if messages else "",
        queued=shown.window.queued if shown.window else (),
        prompts=shown.prompts,
        skills=skills,
        servers=servers,
        agents=agents,
        recall=[message.text for message in messages if message.role == "user"],
        enter_sends=shown.likes.enter_sends,
        when_running=shown.likes.when_running,
        max_mb=max_mb,
        on_event=on_event,
    )


def _begun(attached: Mapping[str, Any]) -> dict[str, Any]:
    """What a new chat begins with: also the person's time zone, which tools go by."""
    zone = st.context.timezone
    return {**attached, "tools": {"zone": zone, **attached.get("tools", {})}} if zone else dict(attached)
