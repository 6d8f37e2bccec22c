"""The inbox: what came of schedules, unread, read or put away, and what needs the person."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.item_list import item_list
from components.schedules import heads, words
from hub.errors import HubError, StoreDown
from hub.schedules import manage
from hub.schedules.records import Occurrence

PAGE = 25
"""Rows on one page."""

who, page, now = state.who(), state.schedules(), viewer_now()


def shelf_of(shelf: str, unread: tuple[Occurrence, ...]) -> list[Occurrence]:
    """What stands there."""
    match shelf:
        case "Unread":
            return list(unread)
        case "Needs you":
            return [one for one in (*unread, *manage.inbox(who, "read")) if one.needs]
        case "Read":
            return list(manage.inbox(who, "read"))
        case _:
            return list(manage.inbox(who, "archived"))


def file(do: str, one: Occurrence) -> None:
    """What was done with a result."""
    if do == "open":
        manage.file(who, [one.id], "read" if one.shelf == "unread" else one.shelf)
        if one.conversation:
            page.go("chat", c=one.conversation, m=one.answer)
        page.go("schedule", s=one.schedule)
    elif do == "schedule":
        page.go("schedule", s=one.schedule)
    manage.file(who, [one.id], words.SHELVED[do])
    st.rerun()


def draw() -> None:
    """The shelf that is open."""
    unread = manage.inbox(who)
    heads.inbox_head()
    if (part := heads.part_bar("Inbox", len(unread))) != "inbox":
        page.go(part)
    shelf, all_read = heads.inbox_bar(unread=len(unread))
    if all_read:
        manage.file(who, [one.id for one in unread], "read")
        st.rerun()
    found = shelf_of(shelf, unread)
    if not found:
        heads.nothing_in(shelf)
        return
    pages = -(-len(found) // PAGE)
    at = min(st.session_state.get("inbox_page", 1), pages) - 1
    shown = {one.id: one for one in found[at * PAGE : (at + 1) * PAGE]}
    items = [words.inbox_item(one, now) for one in shown.values()]
    if event := item_list(items, label=shelf, address="inbox?open=", key="inbox"):
        file(event.do, shown[event.id])
    if pages > 1:
        st.pagination(pages, key="inbox_page")


with st.container(key="page_inbox"):
    try:
        if opened := st.query_params.get("open"):
            st.query_params.pop("open")
            file("open", manage.run(who, opened))
        draw()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="inbox_error")
page.tell()
