"""Every conversation: search over everything that was said, the archive, acting on many at once."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import cast, get_args
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.found_list import found_list
from components.found_list.words import of_shelf
from components.group_bar import group_bar
from components.library_empty import library_empty
from components.library_list import LibraryEvent, library_list
from components.library_list.words import entry
from components.memory.words import forget, many
from hub import chat, library, memory
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
        with suppress(NotFound):  # it went in another tab
            chat.delete(who, id_) if event.do == "delete" else chat.archive(who, id_, event.do == "archive")
    word, back = {
        "delete": ("Deleted", "restore"),
        "archive": ("Archived", "unarchive"),
        "unarchive": ("Took back from the archive", "archive"),
    }[event.do]
    learned = sum(len(memory.learned_from(who, id_)) for id_ in event.ids) if event.do == "delete" else 0
    said = f"{word} {many(len(event.ids), 'conversation', 'conversations')}"
    shell.offer(said, back, *event.ids, more=forget(learned))
    st.rerun()


def bar() -> tuple[Shelf, str]:
    """The shelf and the words to look for."""
    with st.container(horizontal=True, vertical_alignment="center", key="library_bar"):
        shelf = group_bar("Shelf", SHELVES, key="shelf", say=str.capitalize)
        words = st.text_input(
            "Search the library",
            key="q",
            type="search",
            live="200ms",
            placeholder="Search titles and messages",
            bind="query-params",
            label_visibility="collapsed",
        )
    return cast(Shelf, shelf), (words or "").strip()


def draw(shelf: Shelf, words: str) -> None:
    """One page of a shelf, and what was said about the words."""
    plain = library.parse(words, viewer_now()).plain
    titles = not words or plain
    drawn = titles and table(shelf, words)
    if len(words) > 1:
        drawn = passages(shelf, words, titled=titles) or drawn
    if not drawn and library_empty(shelf, words):
        st.switch_page(chat_page)


def table(shelf: Shelf, words: str) -> bool:
    """The conversations of a shelf whose titles have the words; False when there are none."""
    begin = page.show(shelf, words)
    with st.skeleton(height=400):
        found = chat.browse(who, shelf, words=words, after=begin)
    if page.cuts and not found.rows:  # the whole page was just deleted
        page.cuts.pop()
        st.rerun()
    if not found.rows:
        return False
    now, writing = viewer_now(), chat.busy(who).answering
    entries = [entry(one, now, running=one.id in writing) for one in found.rows]
    event = library_list(entries, costs=preferences.get(who).show_costs, revision=shell.acts)
    turn(found)
    if event:
        act(event)
    return True


def passages(shelf: Shelf, words: str, *, titled: bool) -> bool:
    """What was said and kept about the words; `titled`: titles stand above already. False when there is nothing."""
    found = of_shelf(library.search(who, words, now=viewer_now()), shelf, titled=titled)
    for problem in found.problems:
        st.caption(f":material/info: {problem}")
    if found.without:
        st.caption(f":material/cloud_off: {found.without}")
    if link := found_list(found, viewer_now()) if not found.nothing else None:
        go(link)
    return not found.nothing


def go(link: str) -> None:
    """Open what was found, where it was found."""
    address = urlsplit(link)
    query = dict(parse_qsl(address.query))
    state.chat().visits += "m" in query
    target = address.path.strip("/") or "chat"
    st.switch_page(chat_page.with_name(f"{target}.py"), query_params=query)


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


with st.container(key="page_library"):
    st.title("Library", anchor=False)
    chosen = bar()
    try:
        draw(*chosen)
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="library_error")
