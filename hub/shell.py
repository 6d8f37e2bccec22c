"""The main script: page configuration, who it is for, navigation and the sidebar. It runs before every page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from components import state
from components.conversation_list import ListEvent, Row, conversation_list
from components.undo import Undoable, undo_bar
from hub import chat
from hub.db.who import OWNER, Who
from hub.errors import HubError, StoreDown

_ROOT = Path(__file__).parent.parent
_PAGES = _ROOT / "pages"


def _who() -> Who:
    """The person that the identity middleware found; a hub without accounts has one owner."""
    user = st.user.to_dict()
    if not user.get("id"):
        return OWNER
    role = "admin" if user.get("role") == "admin" else "member"
    return Who(unquote(str(user["id"])), unquote(str(user.get("name", ""))), role)


def _now() -> datetime:
    """The present where the viewer is."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC)


def _act(who: Who, event: ListEvent) -> None:
    """What was done in the list of conversations."""
    if event.do == "rename":
        chat.rename(who, event.id, event.title)
    elif event.do in {"pin", "unpin"}:
        chat.pin(who, event.id, event.do == "pin")
    elif event.do == "archive":
        chat.archive(who, event.id)
        _offer_undo("Archived", "unarchive", event)
    elif event.do == "delete":
        chat.delete(who, event.id)
        _offer_undo("Deleted", "restore", event)
        if st.query_params.get("c") == event.id:
            st.query_params.pop("c")


def _offer_undo(word: str, action: str, event: ListEvent) -> None:
    shell = state.shell()
    shell.acts += 1
    shell.undoable = Undoable(str(shell.acts), f"{word} “{event.title}”", action, (event.id,))


def _undo(who: Who, done: Undoable) -> None:
    for id_ in done.ids:
        if done.action == "restore":
            chat.restore(who, id_)
        else:
            chat.archive(who, id_, False)


def _rows(who: Who, words: str) -> tuple[list[Row], bool]:
    if words.strip():
        return [_row(one) for one in chat.search_titles(who, words)], False
    listing = chat.list_conversations(who)
    return [_row(one) for one in (*listing.pinned, *listing.recent)], listing.earlier


def _row(one: chat.Conversation) -> Row:
    return Row(one.id, one.title, one.updated_at, one.pinned)


def _sidebar(who: Who, pages: list[st.Page]) -> None:
    """New chat, search, the conversations, the other pages."""
    shell = state.shell()
    chat_page = pages[0]
    with st.sidebar, st.container(key="sidebar"):
        if st.button(
            "New chat", icon=":material/edit_square:", type="tertiary", key="side_new", shortcut="Ctrl+Shift+O",
            width="stretch",
        ):
            state.chat().open(None)
            st.switch_page(chat_page, query_params={})
        for page in pages[1:]:
            with st.container(key=f"side_{page.title}"):
                st.page_link(page, width="stretch")
        words = st.text_input(
            "Search conversations",
            key="search",
            type="search",
            live="200ms",
            placeholder="Search titles",
            label_visibility="collapsed",
        )
        try:
            rows, earlier = _rows(who, words or "")
        except StoreDown as error:
            st.caption(f"{error.message} {error.hint}")
            return
        event = conversation_list(
            rows,
            now=_now(),
            current=st.query_params.get("c"),
            empty="No title matches." if words else "Your conversations will stand here.",
            see_all="All conversations" if earlier else "",
            searching=bool(words),
            revision=shell.acts,
        )
        undone = undo_bar(shell.undoable)
    _follow(who, event, undone, chat_page, pages)


def _follow(who: Who, event: ListEvent | None, undone: bool, chat_page: st.Page, pages: list[st.Page]) -> None:
    shell = state.shell()
    if event and event.do == "open":
        st.switch_page(chat_page, query_params={"c": event.id})
    if event and event.do == "all":
        st.switch_page(next(page for page in pages if page.title == "Library"))
    try:
        if undone and shell.undoable:
            _undo(who, shell.undoable)
            shell.undoable = None
        elif event:
            _act(who, event)
        else:
            return
    except HubError as error:
        st.toast(f"{error.message} {error.hint}", icon=":material/error:")
        return
    st.rerun()


st.set_page_config(page_title="LLM Hub", page_icon=str(_ROOT / "components" / "mark.svg"), layout="wide", initial_sidebar_state="auto")
st.html(_ROOT / "components" / "theme.css")
st.logo(str(_ROOT / "components" / "logo.svg"), icon_image=str(_ROOT / "components" / "mark.svg"), size="medium")
_PERSON = _who()
st.session_state[state.WHO] = _PERSON
_NAMES = {"Chat": "forum", "Library": "inventory_2", "Models": "hub", "Settings": "settings"}
_ALL = [
    st.Page(_PAGES / f"{name.lower()}.py", title=name, icon=f":material/{icon}:", default=name == "Chat")
    for name, icon in _NAMES.items()
    if (_PAGES / f"{name.lower()}.py").exists()
]
_CURRENT = st.navigation(_ALL, position="hidden")
_sidebar(_PERSON, _ALL)
_CURRENT.run()
