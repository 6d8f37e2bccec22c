"""The main script: page configuration, who it is for, navigation and the sidebar. It runs before every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import streamlit as st

from components import state, troubles
from components.account_foot import account_foot
from components.clock import viewer_now
from components.conversation_list import ListEvent, Row, conversation_list
from components.evaluate.adding import adding_dialog
from components.memory.words import forget, many
from components.plugins.plugin_page import draw_page
from components.shortcuts import Asked, shortcuts
from components.undo import Pressed, Undoable, undo_bar
from hub import agents, chat, documents, evals, hooks, memory, people, projects, skills
from hub.db.who import OWNER, Who
from hub.errors import HubError, NotFound, StoreDown
from hub.evals.records import Row as Case
from hub.evals.records import SetDraft
from hub.memory.act import act
from hub.schedules import manage as schedules
from hub.settings import settings

_ROOT = Path(__file__).parent.parent
_ICONS = {
    "Chat": "forum",
    "Compare": "compare",
    "Evaluate": "labs",
    "Library": "inventory_2",
    "Projects": "folder",
    "Documents": "menu_book",
    "Memory": "neurology",
    "Agents": "smart_toy",
    "Schedules": "schedule",
    "Skills": "school",
    "Tools": "construction",
    "Models": "hub",
    "Settings": "settings",
}
_ABOUT = {
    "Compare": "models side by side arena vote blind merge beam columns",
    "Evaluate": "prompt sets runs checks judge leaderboard votes benchmark compare models regression",
    "Library": "all conversations messages search archive",
    "Projects": "instructions chats that belong together",
    "Documents": "collections files sources upload retrieval",
    "Memory": "facts remembered about me recall forget import export",
    "Agents": "assistants gpts personas helpers instructions starters chat with",
    "Schedules": "cron timer every day recurring inbox calendar by itself automation unattended",
    "Skills": "instructions SKILL.md import agent skills catalogue",
    "Tools": "mcp servers permissions functions web search approve",
    "Models": "connections providers keys catalogue",
    "Settings": "preferences",
}
"""Words that lead to a page in the palette."""
_INSIDE = {
    "agent": "Agent",
    "api_keys": "API keys",
    "calendar": "Calendar",
    "document": "Document",
    "inbox": "Inbox",
    "interfaces": "Web search and interfaces",
    "schedule": "Schedule",
    "skill": "Skill",
    "skill_edit": "Write a skill",
    "plugins": "Plugins",
    "jobs": "Jobs",
    "evaluate_run": "Run",
    "evaluate_set": "Prompt set",
    "evaluate_new": "New run",
    "evaluate_extend": "Add to a run",
    "trace": "Trace",
}
"""Pages that others lead to."""


def _who() -> Who | None:
    """The person that the identity middleware found. None: nobody stood at the door, and somebody had to."""
    user = st.user.to_dict()
    if not user.get("id"):
        return None if settings().sign_in_required else OWNER
    role = "admin" if user.get("role") == "admin" else "member"
    return Who(unquote(str(user["id"])), unquote(str(user.get("name", ""))), role)


def _act(who: Who, event: ListEvent) -> None:
    """What was done in the list of conversations."""
    if event.do == "rename":
        chat.rename(who, event.id, event.title)
    elif event.do in {"pin", "unpin"}:
        chat.pin(who, event.id, event.do == "pin")
    elif event.do == "move":
        chat.move(who, event.id, event.project)
    elif event.do == "archive":
        chat.archive(who, event.id)
        state.shell().offer(f"Archived “{event.title}”", "unarchive", event.id)
    elif event.do == "delete":
        chat.delete(who, event.id)
        learned = memory.learned_from(who, event.id)
        state.shell().offer(f"Deleted “{event.title}”", "restore", event.id, more=forget(len(learned)))
        if st.query_params.get("c") == event.id:
            st.query_params.pop("c")


def _undo(who: Who, done: Undoable) -> None:
    """Takes back an act; what is gone for good since then stays gone."""
    for id_ in done.ids:
        with suppress(NotFound):
            _take_back(who, done.action, id_)
    shell = state.shell()
    shell.undoable = None
    shell.acts += 1


def _forget(who: Who, done: Undoable) -> None:
    """Removes for good what was learned from the conversations that were just deleted; they can still come back."""
    went = sum(memory.forget_conversation(who, id_) for id_ in done.ids)
    state.shell().offer(f"Removed {many(went)} for good. Undo brings back the chat only", done.action, *done.ids)


def _wrong(who: Who) -> None:
    """Takes back the memory that the person said is wrong, under an answer."""
    shell = state.shell()
    fact, shell.wrong = shell.wrong, ""
    try:
        done = act(who, "wrong", [fact])
    except HubError as error:
        st.toast(f"{error.message} {error.hint}", icon=":material/error:")
    else:
        shell.offer(done.said, "memory", *done.events)


def _collect(who: Who) -> None:
    """Asks which prompt set takes what was picked in a chat, a comparison or a run."""
    page = state.evaluate()
    try:
        rows = page.adding or ((_as_row(who, page.picked),) if page.picked else ())
        sets = evals.sets(who) if rows else ()
    except HubError as error:
        st.toast(f"{error.message} {error.hint}", icon=":material/error:")
        page.close()
        return
    if rows:
        adding_dialog(rows, sets, partial(_add_rows, who), page.close)


def _as_row(who: Who, message: str) -> Case:
    """A message as a row of a prompt set: what was asked, and an answer as what is expected."""
    found = chat.get_message(who, message)
    asked = chat.get_message(who, found.parent) if found.role == "assistant" and found.parent else found
    expected = None if asked is found else found.text
    return Case("", (asked.text,), expected=expected, files=tuple(one.id for one in asked.files))


def _add_rows(who: Who, set_id: str | None, name: str, rows: Sequence[Case]) -> str:
    """Adds rows to a prompt set, or makes one with them; what is wrong with that, if anything."""
    try:
        made = evals.add_rows(who, set_id, rows) if set_id else evals.create_set(who, SetDraft(name, tuple(rows)))
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    st.toast(f"Added to “{made.name}”", icon=":material/check:")
    return ""


def _take_back(who: Who, action: str, id_: str) -> None:
    match action:
        case "restore":
            chat.restore(who, id_)
        case "restore_project":
            projects.restore(who, id_)
        case "restore_message":
            chat.restore_message(who, id_)
        case "archive" | "unarchive":
            chat.archive(who, id_, action == "archive")
        case "restore_document":
            documents.restore(who, id_)
        case "restore_collection":
            documents.restore_collection(who, id_)
        case "restore_set":
            evals.restore_set(who, id_)
        case "restore_run":
            evals.restore_run(who, id_)
        case "memory":
            memory.undo(who, id_)
        case "restore_skill":
            skills.restore(who, id_)
        case "restore_schedule":
            schedules.restore(who, id_)
        case "restore_agent":
            agents.restore(who, id_)
        case _:
            raise ValueError(f"nobody knows how to {action}")


def _rows(who: Who, words: str, busy: chat.Busy) -> tuple[list[Row], bool]:
    """The rows to draw, and whether older conversations exist."""
    if words:
        found, earlier = chat.search_titles(who, words), False
    else:
        listing = chat.list_conversations(who)
        found, earlier = (*listing.pinned, *listing.recent), listing.earlier
    writing = busy.answering
    return [
        Row(one.id, one.title, one.updated_at, one.pinned, one.id in writing, one.project) for one in found
    ], earlier


@st.fragment(run_every="2s")
def _watch(who: Who, busy: chat.Busy) -> None:
    """Draws the page again when an answer elsewhere, or a title, is done. It stands only while there is one."""
    if chat.busy(who) != busy:
        st.rerun()


def _list(who: Who) -> None:
    """Search and conversations."""
    words = st.text_input(
        "Search conversations",
        key="search",
        type="search",
        live="200ms",
        placeholder="Search titles",
        label_visibility="collapsed",
    )
    words, busy, current = (words or "").strip(), chat.busy(who), st.query_params.get("c")
    shell = state.shell()
    shell.down = ""
    try:
        rows, earlier = _rows(who, words, busy)
    except StoreDown as error:
        st.caption(f":material/cloud_off: {error.message} The list comes back by itself.")
        troubles.try_again()
        shell.down = error.message
        return
    conversation_list(
        rows,
        on_event=shell.asked.append,
        now=viewer_now(),
        projects=_projects(who),
        current=current,
        empty="No title matches." if words else "Your conversations will stand here.",
        see_all="Search what was said" if words else "All conversations" if earlier else "",
        searching=bool(words),
        revision=state.shell().acts,
    )
    # The open conversation tells by itself when its answer is done.
    if busy.naming or busy.answering - {current}:
        _watch(who, busy)


def _foot(who: Who) -> None:
    """Who is signed in, in a hub with accounts."""
    try:
        signed_in = settings().sign_in_required or people.any_person()
    except StoreDown:
        return  # the list above says so already
    if signed_in:
        account_foot(who.name)


def _sidebar(who: Who, pages: list[st.Page]) -> None:
    """New chat, the other pages, the conversations, who is signed in."""
    with st.sidebar, st.container(key="sidebar"):
        new = st.button(
            "New chat",
            icon=":material/edit_square:",
            type="tertiary",
            key="side_new",
            shortcut="Ctrl+Shift+O",
            width="stretch",
        )
        if new:
            state.chat().start()
            st.switch_page(pages[0], query_params={})
        # The browser opens it; nothing of a click comes here.
        st.button(
            "Find anything", icon=":material/keyboard_command_key:", type="tertiary", key="side_find", width="stretch"
        )
        for page in pages[1:]:
            with st.container(key=f"side_{page.title}"):
                st.page_link(page, label=_label(who, page), width="stretch")
        _list(who)
        if not state.shell().down:
            _foot(who)


def _label(who: Who, page: st.Page) -> str:
    """The title of a page in the sidebar, with how many results of schedules nobody has looked at."""
    if page.title != "Schedules":
        return page.title
    try:
        unread = schedules.unread(who)
    except StoreDown:
        unread = 0  # the list below says so
    return f"{page.title} :gray[· {unread:,} new]" if unread else page.title


def _follow(who: Who, pages: list[st.Page]) -> None:
    """Does what was asked for in the sidebar and the undo bar, before they are drawn."""
    shell = state.shell()
    while shell.asked:
        match shell.asked.pop(0):
            case ListEvent(do="open", id=conversation):
                st.switch_page(pages[0], query_params={"c": conversation})
            case ListEvent(do="all"):
                words = st.session_state.get("search", "").strip()
                st.switch_page(_page(pages, "library"), query_params={"q": words} if words else {})
            case event:
                _try(who, event)


def _try(who: Who, event: ListEvent | tuple[Pressed, Undoable]) -> None:
    try:
        if isinstance(event, ListEvent):
            _act(who, event)
        else:
            (_undo if event[0] == "undo" else _forget)(who, event[1])
    except HubError as error:
        state.shell().acts += 1  # the list has taken the row away already: it must be drawn anew
        st.toast(f"{error.message} {error.hint}", icon=":material/error:")


def _keyboard(who: Who, pages: list[st.Page], shown: Mapping[str, hooks.Given], current: st.Page) -> None:
    """Shortcuts and palette; goes where the palette was asked to go."""
    named = {page.title: (_ICONS[page.title], _ABOUT[page.title]) for page in pages[1:] if page.title in _ICONS}
    named |= {one.page.title: (one.page.icon, one.page.words) for one in shown.values()}
    on_chat = current.title == "Chat"
    open_ = (st.query_params.get("c") or state.chat().sent) if on_chat else None
    asked = shortcuts(named, _groups(who), _projects(who), in_chat=bool(open_))
    if asked and asked.do == "model":
        _choose(who, asked.id, open_, pages, on_chat=on_chat)
    elif asked and asked.do == "settings" and current.title == "Settings":
        st.session_state["group"] = asked.id  # the page's own bar, which also changes the address
    elif asked:
        _go(asked, pages)


def _go(asked: Asked, pages: list[st.Page]) -> None:
    """Leads to a page. Its address is given whole: Streamlit refuses to clear one that a bar is bound to."""
    page, query = pages[0], dict[str, str]()
    match asked.do:
        case "new" | "temporary":
            state.chat().open(None, temporary=asked.do == "temporary")
            query = {"temporary": "1"} if asked.do == "temporary" else {}
        case "chat":
            query = {"c": asked.id}
        case "open":
            address = urlsplit(asked.id)
            page, query = _page(pages, address.path), dict(parse_qsl(address.query))
            state.chat().visits += "m" in query
        case "settings":
            page, query = pages[-1], {"group": asked.id}
        case _:
            page = next(page for page in pages if page.title == asked.id)
    st.switch_page(page, query_params=query)


def _page(pages: list[st.Page], path: str) -> st.Page:
    """The page at an address; the first one for an address that is none."""
    return next((page for page in pages if page.url_path == path.strip("/")), pages[0])


def _projects(who: Who) -> dict[str, str]:
    """The names of the projects by id; none while the store is away, which the list of conversations says."""
    try:
        return projects.names(who)
    except StoreDown:
        return {}


def _choose(who: Who, model: str, conversation: str | None, pages: list[st.Page], *, on_chat: bool) -> None:
    """Has a model answer in the open conversation, else in a new chat."""
    page = state.chat()
    if conversation:
        try:
            chat.configure(who, conversation, model=model)
        except HubError as error:
            st.toast(f"{error.message} {error.hint}", icon=":material/error:")
        return
    page.open(None, temporary=on_chat and page.temporary)
    page.model = model
    if not on_chat:
        st.switch_page(pages[0], query_params={})


def _groups(who: Who) -> list[str]:
    """The groups of the settings that `who` has."""
    alone = who.role != "admin" or bool(state.shell().down) or not people.any_person()
    return ["Chat", "Prompts", "Account", *([] if alone else ["People"]), "About"]


def _pages() -> list[st.Page]:
    """The pages in their order; the first is the one that `/` shows."""
    return [
        st.Page(_ROOT / "pages" / f"{name.lower()}.py", title=name, icon=f":material/{icon}:", default=name == "Chat")
        for name, icon in _ICONS.items()
    ]


def _of_plugins(who: Who, pages: list[st.Page]) -> tuple[list[st.Page], dict[str, hooks.Given]]:
    """The pages that plugins add for `who`, and what each is by its address. One that is no page, or has the title or
    the address of another, is left out, which the page of plugins says."""
    made: list[st.Page] = []
    given: dict[str, hooks.Given] = {}
    titles, paths = {page.title for page in pages}, {page.url_path for page in pages} | _INSIDE.keys() | {"chat"}
    for one in hooks.pages():
        page = one.page
        if page.admins and who.role != "admin":
            continue
        try:
            if page.title in titles or page.path in paths:
                raise ValueError(f"{page.title} at /{page.path} is there already")
            draw = partial(
                draw_page, page.draw, who, partial(hooks.failed, one.plugin, f"page {page.path}"), one.plugin
            )
            made.append(st.Page(draw, title=page.title, icon=f":material/{page.icon}:", url_path=page.path))
        except Exception as error:
            hooks.failed(one.plugin, f"page {page.path}", error)
        else:
            titles.add(page.title)
            given[page.path] = one
    return made, given


def _draw() -> None:
    """The whole app, once."""
    art = _ROOT / "components"
    st.set_page_config("LLM Hub", str(art / "mark.svg"), layout="wide", initial_sidebar_state="auto")
    st.html(art / "theme.css")
    st.logo(str(art / "logo.svg"), icon_image=str(art / "mark.svg"), size="medium")
    who = _who()
    if who is None:
        st.error("You are not signed in here. Nothing was lost. Open the hub by its own address and sign in.")
        return
    st.session_state[state.WHO] = who
    own = _pages()
    added, given = _of_plugins(who, own)
    pages = [*own[:-1], *added, own[-1]]
    inside = [
        st.Page(_ROOT / "pages" / f"{name}.py", title=title, visibility="hidden") for name, title in _INSIDE.items()
    ]
    current = st.navigation([*pages, *inside], position="hidden")
    for title, left in (("Chat", state.chat()), ("Compare", state.compare())):
        if current.title != title:
            left.close()
    if state.shell().wrong:
        _wrong(who)
    _follow(who, pages)
    _collect(who)
    undo_bar(state.shell().undoable, on_press=state.shell().press)
    _sidebar(who, pages)
    _keyboard(who, pages, given, current)
    # Every further question to a store that is away would wait as long again. The settings say how it is.
    if state.shell().down and current.title != "Settings":
        troubles.store_down(state.shell().down)
    else:
        current.run()


_draw()
