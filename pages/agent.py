"""One agent: its form with a chat beside it in which it is tried, its versions, and who may use it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import state, troubles
from components.agents import dialogs
from components.agents.agent_head import agent_head, facts, look, saving_bar
from components.agents.form import form
from components.agents.greeting import greeting
from components.agents.offers import Offers
from components.agents.trial import side_bar, styles, trial_pane
from components.agents.versions import versions_view
from components.agents.words import has, whose
from components.chat_dialogs import delete_dialog, request_dialog
from components.chat_view import chat_view
from components.chat_words import askers
from components.clock import viewer_now
from components.dialog import dialog
from components.error_note import error_note
from components.group_bar import group_bar
from components.markdown import label
from components.source_panel import source_panel
from components.source_panel.words import find_once, shown_source
from hub import agents, chat, documents, hooks, memory, people, skills
from hub.agents import trace as asked
from hub.agents.records import Agent, AgentSpec
from hub.chat import act
from hub.chat.opened import opened
from hub.errors import HubError, NotFound, StoreDown
from hub.models import catalogue
from hub.models.types import ModelInfo
from hub.settings import settings
from hub.turns import Turn

who, page, shell, now = state.who(), state.agents(), state.shell(), viewer_now()
trial, admin = page.trial, who.role == "admin"
PARTS = ("Edit", "Versions")
ANY = ModelInfo("", "", "", "", "", "", abilities=frozenset({"tools"}))


def do(action: dict[str, Any]) -> None:
    """Have the chat room do something in the trial."""
    trial.problem = None
    try:
        done = act.act(who, trial.conversation, action)
    except HubError as error:
        trial.problem = error.record()
        return
    if done.moved:
        trial.stay()
    trial.conversation = done.conversation or trial.conversation
    trial.following += [done.run] if done.run else []
    trial.dialog = ("delete", action["message"]) if done.asks else trial.dialog
    page.said = done.said or page.said


def on_action(action: dict[str, Any]) -> None:
    """What was done in the trial, in its messages or its composer."""
    named = action["kind"] == "command"
    if not trial.take(action):
        do(act.command(action["name"], action["argument"], temporary=True) if named else action)


def try_it(spec: AgentSpec) -> None:
    """The chat beside the form."""
    trial.use(spec.model, spec.params, trial.system_prompt)
    try:
        found = opened(who, trial.conversation, limit=trial.limit, model=spec.model, at=trial.at, below=trial.below)
    except NotFound:
        trial.again()
        found = opened(who, None, model=spec.model)
    if found.conversation and (spec.model not in ("", found.chosen) or spec.params != found.conversation.params):
        chat.configure(who, found.conversation.id, model=spec.model or None, params=spec.params)
        found = opened(who, trial.conversation, limit=trial.limit)
    talk, say = trial_pane(trial.again, blank=not trial.conversation)
    attached = found.conversation.attached if found.conversation else trial.attached
    named = [(one.skill.name, one.skill.description) for one in skills.on(who, attached, "")]
    on = {"learning": partial(memory.learning, who), "on_action": on_action, "on_event": on_action}
    on |= {"asked": {one: asked.below(who, one) for one in askers(found.messages)}}
    with talk:
        most, shelf = settings().max_upload_mb, documents.collections(who, "")
        chat_view(found, trial, who.id, shelf=shelf, skills=named, max_mb=most, empty=greeting(spec), below=say, **on)
    source = shown_source(found.messages, trial.panel, partial(find_once, partial(documents.cited, who)))
    source_panel(source, on_event=trial.take)
    if trial.dialog:
        trial_dialog(*trial.dialog)


def trial_dialog(name: str, message: str) -> None:
    """A dialog about a message of the trial."""
    if name == "delete":
        alone, more = chat.delete_choices(who, message)
        again = lambda all: do({"kind": "delete", "message": message, "subtree": all})  # noqa: E731
        delete_dialog(alone, more, again, trial.close)
    elif name == "what-went-in":
        request_dialog(chat.get_message(who, message), chat.sent_request(who, message), trial.close)
    else:
        trial.close()
        page.said = "A trial is not kept, so there is nothing to export."


def offers(agent: str) -> Offers:
    """What the person can give the agent."""
    return Offers(
        hooks.tools(Turn(who, "0" * 24, "0" * 24, "", ANY))[0],
        {one.skill.name: one.skill.description for one in skills.skills(who)},
        {one.id: one.name for one in documents.collections(who)},
        {one.id: one.spec.name for one in agents.visible(who) if one.id != agent},
        catalogue.models(who, hidden=True),
        catalogue.recents(who),
        catalogue.default_model(who) or "",
    )


def edit(saved: Agent, bar: DeltaGenerator) -> None:
    """The form with the trial beside it; `bar` is where the ways to save stand."""
    if page.asked == "discard":
        agents.act(who, "discard", (saved.id,))
        page.refill()
    draft = agents.find(who, saved.id, draft=True).spec
    if page.last is None:
        page.last, page.base = draft, saved.version
    wrong = st.container()
    side_bar()
    with st.container(key="agent_both"):
        left, right = st.columns([1, 1], gap="medium")
    with left:
        said, problem = form(draft, offers(saved.id), f"agent_{saved.id}_{page.form}", chat.tokens, agents.problems)
    problem, again = problem or " ".join(agents.problems(said)), False
    if not problem:
        before, page.last = page.last, agents.keep(who, saved.id, page.last, said)
        again = page.last != before
        if page.asked == "save":
            page.base = agents.save(who, saved.id, page.last, base=page.base, why=page.why or "edited").version
            page.done(f"Saved as version {page.base}.")
        elif draft not in (before, page.last):
            page.refill()  # changed in another tab
    if page.asked or page.last is None or again:
        page.asked = ""
        st.rerun()
    if problem or page.last != saved.spec:
        with bar:
            saving_bar(partial(page.ask, "save"), partial(page.ask, "discard"), can=not problem)
    if problem:
        wrong.error(label(problem), icon=":material/error:")
    with right:
        try_it(page.last or draft)


def wish(word: str, about: tuple[str, ...]) -> None:
    """Do what was asked for, then draw the page anew."""
    match word:
        case "back":
            page.go("agents")
        case "chat":
            page.chat(about[0])
        case "duplicate":
            page.go("agent", a=agents.duplicate(who, about[0]).id)
        case "delete":
            shell.offer(agents.act(who, word, about), "restore_agent", about[0])
            page.go("agents")
        case "share" | "export":
            page.open(word, *about)
        case _:
            page.done(agents.act(who, word, about))
            page.refill()
    st.rerun()


def share(agent: str, everybody: bool, names: list[str]) -> str:
    """Let others use it; what is wrong with that."""
    try:
        agents.share(who, agent, everybody=everybody, people=list(people.meant(who, names)))
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.close()
    page.done("Shared." if everybody or names else "Nobody else has it now.")
    return ""


def open_dialog(one: Agent, word: str) -> None:
    """Draw the dialog that is open."""
    if word == "export":
        write = partial(agents.export, who, [one.id])
        body = partial(dialogs.export_body, one, agents.named_here(who, one.id), lambda along: write(along=along))
    else:
        offered = [each.name for each in people.list_people(who) if each.id != who.id] if admin else []
        named = people.names(who, one.people)
        body = partial(dialogs.share_body, one, named, offered, admin=admin, do=partial(share, one.id))
    dialog({"export": "Export agent"}.get(word, "Share agent"), page.close, body, width="medium")


def show(one: Agent) -> None:
    """The agent, and the part of it that is open."""
    page.come_to(one.id)
    top, asked = st.container(), None
    said = facts(one, whose(one, people.names(who, [one.owner])))
    with st.container(horizontal=True, vertical_alignment="center", key="agent_parts"):
        part = group_bar("Part", PARTS, key="part") if one.mine else ""
        st.caption(said, width="stretch")
        bar = st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key="agent_bar")
    if part == "Edit":
        edit(one, bar)
    elif part == "Versions":
        names = {**offers("").agents, **offers("").collections}
        diff = lambda before, after: agents.changes(before, after, names)  # noqa: E731
        asked = versions_view(one, agents.versions(who, one.id), diff, now)
    else:
        look(one, has(one.spec))
    with top:
        asked = agent_head(one, page.last or one.spec) or asked
    if asked:
        wish(*asked)
    if page.dialog:
        open_dialog(one, page.dialog[0])


with st.container(key="page_agent"):
    styles()
    try:
        trial.leave()
        show(agents.find(who, st.query_params.get("a", "")))
    except NotFound as error:
        if error_note(error.message, error.hint, action="All agents", key="agent_gone"):
            page.go("agents")
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        page.asked = ""
        error_note(error.message, error.hint, action="Try again", key="agent_error")
page.tell()
trial.tell()
