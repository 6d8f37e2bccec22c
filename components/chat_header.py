"""The row above a chat: the model that answers next, the title, what it has cost so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from components.agents.avatar import picture
from components.markdown import label
from components.model_picker import PickerEvent, model_picker
from components.parameters import ParametersEvent, parameters
from components.state import script
from components.transcript.money import money
from hub.agents.records import Agent
from hub.chat.records import Conversation, Opened, Totals
from hub.models.types import Params

TEMPORARY = "A temporary chat is not listed, searched or remembered, and is gone after a day."


def chat_header(
    shown: Opened,
    *,
    params: Params,
    system_prompt: str,
    temporary: bool,
    place: str,
    project: str | None,
    projects: Mapping[str, str],
    agent: Agent | None = None,
    on_rename: Callable[[str], None],
    on_temporary: Callable[[bool], None],
    on_move: Callable[[str | None], None],
) -> PickerEvent | ParametersEvent | None:
    """Draw the row; what was done in the model picker or the parameters, if anything.

    `params`, `system_prompt`, `temporary` and `project` are those of a chat that is not stored yet; `place` names the
    chat, so that what was filled in but not used does not go along into another one. `projects` are id to name,
    `agent` is the one that answers.
    """
    conversation = shown.conversation
    system_prompt = conversation.system_prompt if conversation else system_prompt
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="chat_header"):
        with st.container(width="content", key="chat_who"):
            if agent:
                agent_chip(agent)
        picked = model_picker(shown.models, shown.chosen, recent=shown.recent)
        taken = conversation.params if conversation else params
        adjusted = parameters(shown.model, taken, system_prompt, shown.presets, place=place)
        st.space("stretch")
        if projects:
            project_chip(conversation.project if conversation else project, projects, on_move, place=place)
        if conversation:
            if conversation.temporary:
                st.badge("Temporary", icon=":material/timer:", color="gray", help=TEMPORARY)
            chat_title(conversation, costs=shown.likes.show_costs, on_rename=on_rename)
        else:
            temporary_switch(temporary, on_temporary)
    return picked or adjusted


def agent_chip(agent: Agent) -> None:
    """The agent that answers; it leads to its page."""
    name = agent.spec.name
    if st.button(
        f"![]({picture(agent.spec)}) {label(name[:40])}", type="tertiary", key="chat_agent", help=f"Look at {name}"
    ):
        st.switch_page(script("agent"), query_params={"a": agent.id})


def project_chip(
    project: str | None, projects: Mapping[str, str], on_move: Callable[[str | None], None], *, place: str
) -> None:
    """The project of the chat; behind it the way there, and into another one."""
    key = f"chat_project_{place}"

    def move() -> None:
        on_move(st.session_state[key])

    name = projects.get(project or "", "")
    with st.popover(
        label(name[:40]) if name else "",
        icon=":material/folder:" if name else ":material/create_new_folder:",
        type="tertiary",
        key="chat_project",
        help=f"In the project {name}" if name else "Put this chat into a project",
    ):
        ids = [None, *projects]
        at = ids.index(project) if project in projects else 0
        st.selectbox(
            "Project", ids, at, format_func=lambda id_: projects.get(id_ or "", "None"), key=key, on_change=move
        )
        if name and st.button("Open the project", icon=":material/folder_open:", type="tertiary"):
            st.switch_page(script("projects"), query_params={"p": str(project)})


def temporary_switch(temporary: bool, on_temporary: Callable[[bool], None]) -> None:
    """The button of a chat that is not stored yet: whether it will be kept."""
    st.button(
        "Keep this chat" if temporary else "Temporary",
        icon=":material/timer_off:" if temporary else ":material/timer:",
        type="tertiary",
        key="chat_temporary",
        help="List and keep this chat like any other." if temporary else TEMPORARY,
        on_click=lambda: on_temporary(not temporary),
    )


def chat_title(conversation: Conversation, *, costs: bool, on_rename: Callable[[str], None]) -> None:
    """The title as a button; behind it the field to change it, and the sums of the conversation."""

    def rename() -> None:
        on_rename(st.session_state["chat_title"])

    spent = sums(conversation.totals, costs=costs)
    with st.popover(
        label((conversation.title or "New chat")[:60]), type="tertiary", key="chat_title_menu", help=" ".join(spent)
    ):
        st.text_input("Title", conversation.title, max_chars=200, key="chat_title", on_change=rename)
        for line in spent:
            st.caption(line)


def sums(totals: Totals, *, costs: bool) -> list[str]:
    """The tokens and the cost of all answers of a conversation, one sentence each."""
    if not totals.answers:
        return ["No answers yet."]
    answers = "1 answer" if totals.answers == 1 else f"{totals.answers:,} answers"
    found = [f"{answers}: {totals.input:,} tokens in, {totals.output:,} out."]
    if not costs:
        return found
    if totals.unpriced >= totals.answers:
        return [*found, "What they cost is unknown."]
    unknown = f"; the cost of {totals.unpriced} is unknown" if totals.unpriced else ""
    return [*found, f"Cost so far {money(totals.cost)}{unknown}."]
