"""Every conversation: search, the archive, acting on many at once."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.empty_state import empty_state
from components.error_note import error_note
from components.group_bar import group_bar
from components.library_list import LibraryEvent, library_list
from components.library_list.words import entry
from components.memory.words import forget, many
from hub import chat, memory
from hub.chat import preferences
from hub.chat.library import Shelf
from hub.chat.records import LibraryPage
from hub.errors import HubError, NotFound, StoreDown

SHELVES: tuple[Shelf, ...] = get_args(Shelf)

who = state.who()
shell, page = state.shell(), state.library()
chat_page = Path(__file__).with_name("chat.py")


def act(event: LibraryEvent) -> None:
    """What was done in the list; everything but opening can be taken back."""
    if event.do == "open":
        st.switch_page(chat_page, query_params={"c": event.ids[0]})
    for id_ in event.ids:
        try:
            do(event.do, id_)
        except NotFound:
            continue  # it went in another tab
    word, back = {
        "delete": ("Deleted", "restore"),
        "archive": ("Archived", "unarchive"),
        "unarchive": ("Took back from the archive", "archive"),
    }[event.do]
    learned = sum(len(memory.learned_from(who, id_)) for id_ in event.ids) if event.do == "delete" else 0
    offered = f"{word} {many(len(event.ids), 'conversation', 'conversations')}"
    shell.offer(offered, back, *event.ids, more=forget(learned))
    st.rerun()


def do(what: str, conversation: str) -> None:
    """Delete, archive or unarchive one conversation."""
    if what == "delete":
        chat.delete(who, conversation)
    else:
        chat.archive(who, conversation, what == "archive")


def bar() -> tuple[Shelf, str]:
    """The shelf and the words to look for."""
    with st.container(horizontal=True, vertical_alignment="center", key="library_bar"):
        shelf = group_bar("Shelf", SHELVES, key="shelf", say=str.capitalize)
        words = st.text_input(
            "Search the library",
            key="library_search",
            type="search",
            live="200ms",
            placeholder="Search titles",
            label_visibility="collapsed",
        )
    return cast(Shelf, shelf), (words or "").strip()


def draw(shelf: Shelf, words: str) -> None:
    """One page of a shelf."""
    begin = page.show(shelf, words)
    with st.skeleton(height=400):
        found = chat.browse(who, shelf, words=words, after=begin)
    if page.cuts and not found.rows:  # the whole page was just deleted
        page.cuts.pop()
        st.rerun()
    if found.rows:
        now, writing = viewer_now(), chat.busy(who).answering
        entries = [entry(one, now, running=one.id in writing) for one in found.rows]
        event = library_list(entries, costs=preferences.get(who).show_costs, revision=shell.acts)
        turn(found)
        if event:
            act(event)
    else:
        nothing(shelf, words)


def turn(found: LibraryPage) -> None:
    """The buttons below a list of several pages."""
    if not page.cuts and not found.after:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center", key="library_turn"):
        if st.button("Newer", icon=":material/chevron_left:", disabled=not page.cuts):
            page.cuts.pop()
            st.rerun()
        st.caption(f"Page {len(page.cuts) + 1}", width="content")
        older = st.button("Older", icon=":material/chevron_right:", icon_position="right", disabled=not found.after)
        if older and found.after:
            page.cuts.append(found.after)
            st.rerun()


def nothing(shelf: Shelf, words: str) -> None:
    """What stands in the place of an empty list."""
    if words:
        empty_state("search_off", "No title matches", "All the words must be in the title.", key="library")
    elif shelf == "pinned":
        text = "Pin a conversation from its menu in the sidebar; it stays at the top."
        empty_state("keep", "Nothing pinned", text, key="library")
    elif shelf == "archived":
        text = "What you archive leaves the sidebar and stays here."
        empty_state("archive", "The archive is empty", text, key="library")
    else:
        text = "What you talk about with a model is kept here."
        if empty_state("forum", "No conversations yet", text, action="Start a chat", key="library"):
            st.switch_page(chat_page)


with st.container(key="page_library"):
    st.title("Library", anchor=False)
    chosen = bar()
    try:
        draw(*chosen)
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="library_error")
