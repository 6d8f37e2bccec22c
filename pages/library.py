"""Every conversation: search, the archive, acting on many at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from components import state
from components.clock import long_ago, viewer_now
from components.empty_state import empty_state
from components.error_note import error_note
from components.library_list import Entry, LibraryEvent, library_list
from components.undo import Undoable
from hub import chat
from hub.chat.records import Conversation
from hub.errors import HubError

PAGE = 50
SHELVES = ("All", "Pinned", "Archived")

who = state.who()
shell, page = state.shell(), state.library()
chat_page = Path(__file__).with_name("chat.py")


def entry(one: Conversation, now: datetime) -> Entry:
    """A conversation as a row."""
    answers = one.totals.answers
    about = "" if not answers else "1 answer" if answers == 1 else f"{answers:,} answers"
    return Entry(one.id, one.title or "New chat", long_ago(one.updated_at, now), about, one.pinned, one.archived)


def act(event: LibraryEvent) -> None:
    """What was done in the list; deleting and archiving can be taken back."""
    if event.do == "open":
        st.switch_page(chat_page, query_params={"c": event.ids[0]})
    for id_ in event.ids:
        if event.do == "delete":
            chat.delete(who, id_)
        else:
            chat.archive(who, id_, event.do == "archive")
    shell.acts += 1
    if event.do != "unarchive":
        word, action = ("Deleted", "restore") if event.do == "delete" else ("Archived", "unarchive")
        many = "1 conversation" if len(event.ids) == 1 else f"{len(event.ids)} conversations"
        shell.undoable = Undoable(str(shell.acts), f"{word} {many}", action, event.ids)
    st.rerun()


def read(shelf: str, words: str) -> tuple[list[Conversation], bool]:
    """The conversations to show, and whether older ones exist."""
    if words:
        found = chat.search_titles(who, words, limit=200)
        wanted = {"All": found, "Pinned": [one for one in found if one.pinned and not one.archived]}
        return list(wanted.get(shelf, [one for one in found if one.archived])), False
    if page.shelf != shelf:
        page.shelf, page.cuts = shelf, []
    before = page.cuts[-1] if page.cuts else None
    if shelf == "Pinned":
        return list(chat.list_conversations(who, limit=1).pinned), False
    listing = chat.list_conversations(who, limit=PAGE, before=before, archived=shelf == "Archived")
    return [*(listing.pinned if before is None else ()), *listing.recent], listing.earlier


def turn(earlier: bool, last: datetime | None) -> None:
    """The buttons below a list of several pages."""
    if not page.cuts and not earlier:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        if st.button("Newer", icon=":material/chevron_left:", disabled=not page.cuts):
            page.cuts.pop()
            st.rerun()
        st.caption(f"Page {len(page.cuts) + 1}", width="content")
        if st.button("Older", icon=":material/chevron_right:", icon_position="right", disabled=not earlier) and last:
            page.cuts.append(last)
            st.rerun()


def nothing(shelf: str, words: str) -> None:
    """What stands in the place of an empty list."""
    if words:
        empty_state("search_off", "No title matches", "All the words must be in the title.", key="library")
    elif shelf == "All":
        text = "What you talk about with a model is kept here."
        if empty_state("forum", "No conversations yet", text, action="Start a chat", key="library"):
            st.switch_page(chat_page)
    else:
        empty_state("inventory_2", f"Nothing {shelf.lower()}", "Use the menu of a conversation in the sidebar.", key="library")


with st.container(key="page_library"):
    st.title("Library", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        shelf = st.segmented_control(
            "Shelf", SHELVES, default="All", required=True, key="shelf", bind="query-params", label_visibility="collapsed"
        )
        words = st.text_input(
            "Search titles",
            key="library_search",
            type="search",
            live="200ms",
            placeholder="Search titles",
            label_visibility="collapsed",
        )
    try:
        found, earlier = read(shelf, (words or "").strip())
        now = viewer_now()
        if found:
            event = library_list([entry(one, now) for one in found], revision=shell.acts)
            if event:
                act(event)
        else:
            nothing(shelf, words or "")
        turn(earlier, found[-1].updated_at if found else None)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="library_error")
