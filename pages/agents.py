"""Agents: which there are, chatting with one, and ways to more of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components import state, troubles
from components.agents import dialogs, head
from components.agents.cards import agent_cards
from components.agents.words import many, shown_of
from components.dialog import dialog
from components.empty_state import empty_state
from components.error_note import error_note
from hub import agents, documents, hooks, people, skills
from hub.agents.records import Agent
from hub.errors import HubError, StoreDown
from hub.models import catalogue
from hub.models.types import ModelInfo
from hub.tools.switches import group_id
from hub.turns import Turn

who, page, shell = state.who(), state.agents(), state.shell()
ANY = ModelInfo("", "", "", "", "", "", abilities=frozenset({"tools"}))
TITLES = {"new": "New agent", "import": "Import agents", "export": "Export agent", "share": "Share agent"}
ABOUT = (
    "An agent is a model with instructions, tools, skills and documents of its own, under a name. Begin with one of "
    "the templates, and try it beside its form."
)


def begin(name: str) -> None:
    """Make an agent of a template, and open it."""
    page.go("agent", a=agents.begin(who, name).id)


def take(data: bytes) -> None:
    """Import what was given."""
    found, _ = hooks.tools(Turn(who, "0" * 24, "0" * 24, "", ANY))
    known = agents.Known(
        frozenset({one.stable_id for one in found} | {group_id(one.group) for one in found}),
        frozenset(one.skill.name for one in skills.skills(who)),
        frozenset(one.id for one in documents.collections(who)),
        frozenset(one.id for one in catalogue.models(who, hidden=True)),
    )
    try:
        page.come = agents.import_(who, data, known)
        page.acts += 1
    except HubError as error:
        page.come = f"{error.message} {error.hint}".strip()


def share(agent: str, everybody: bool, names: list[str]) -> str:
    """Let others use it; what is wrong with that."""
    try:
        agents.share(who, agent, everybody=everybody, people=list(people.meant(who, names)))
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.close()
    page.done("Shared." if everybody or names else "Nobody else has it now.")
    return ""


def open_dialog(word: str, id_: str) -> None:
    """Draw the dialog that is open."""
    match word:
        case "new":
            known = {name: one.spec for name, one in agents.TEMPLATES.items()}
            body = partial(dialogs.new_body, known, begin)
        case "import":
            body = partial(dialogs.import_body, page.come, take, lambda agent: page.go("agent", a=agent))
        case "export":
            write = lambda along: agents.export(who, [id_], along=along)  # noqa: E731
            body = partial(dialogs.export_body, agents.find(who, id_), agents.named_here(who, id_), write)
        case _:
            admin, found = who.role == "admin", agents.find(who, id_)
            offered = [one.name for one in people.list_people(who) if one.id != who.id] if admin else []
            names = people.names(who, found.people)
            body = partial(dialogs.share_body, found, names, offered, admin=admin, do=partial(share, id_))
    dialog(TITLES[word], page.close, body, width="medium")


def wish(word: str, about: tuple[str, ...]) -> None:
    """Do what was asked for, then draw the page anew."""
    match word:
        case "chat":
            page.chat(about[0])
        case "open":
            page.go("agent", a=about[0])
        case "duplicate":
            page.go("agent", a=agents.duplicate(who, about[0]).id)
        case "delete":
            gone = agents.find(who, about[0]).spec.name
            agents.delete(who, about[0])
            shell.offer(f"Deleted the agent “{gone}”", "restore_agent", about[0])
            page.done()
        case _:
            page.open(word, *about)
    st.rerun()


def draw(all_: Sequence[Agent]) -> None:
    """Everything, once."""
    words, which, asked = head.agents_head(any_=bool(all_))
    shown = shown_of(all_, words, which)
    if not all_:
        if empty_state("smart_toy", "No agents yet", ABOUT, action="Choose a template", key="agents"):
            asked = ("new", ())
    elif shown:
        st.caption(many(len(shown), "agent") + (f" of {len(all_)}" if len(shown) < len(all_) else ""))
        models = {one.id: one.label for one in catalogue.models(who, hidden=True)}
        owners = people.names(who, list({one.owner for one in shown if not one.mine}))
        asked = agent_cards(shown, models, owners, revision=page.acts + shell.acts) or asked
    else:
        st.caption("No agent fits. Other words, or “All”, show more.")
    if asked:
        wish(*asked)
    if page.dialog:
        open_dialog(*page.dialog)


with st.container(key="page_agents"):
    try:
        draw(agents.visible(who))
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        page.close()
        error_note(error.message, error.hint, action="Try again", key="agents_error")
page.tell()
