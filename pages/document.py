"""One document from inside: its passages, and its text as it was read beside its pages."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import state, troubles
from components.documents import document_view, words
from components.documents.passage_panel import passage_panel
from components.error_note import error_note
from components.source_panel.words import find_once
from hub import documents
from hub.documents.records import Document
from hub.errors import HubError, StoreDown

who = state.who()
page = state.documents()


def go(**query: str) -> None:
    """Back to the collections, or to one."""
    page.panel = ""
    st.switch_page(state.script("documents"), query_params=query)


def draw(id_: str) -> None:
    """One document, or why there is none."""
    page.leave()
    try:
        show(documents.get(who, id_))
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        if error_note(error.message, error.hint, action="All documents", key="document_error"):
            go()


def show(document: Document) -> None:
    """One document; drawn every second from when it is on its way until it is not."""
    reading = document.id if document.state in documents.MOVING else ""
    if reading != page.reading:
        page.reading = reading
        st.rerun()
    home = documents.get_collection(who, document.collection)
    original = partial(documents.original, who, document.id)
    leaving, part = document_view.document_head(document, home.name, original)
    if leaving:
        go(collection=home.id)
    if not part:
        return
    if part == "Text":
        picture = partial(documents.page_picture, who, document.id) if document.pdf else None
        document_view.page_view(documents.markdown(who, document.id), picture)
        return
    found = documents.passages(who, document.id)
    wanted = st.query_params.pop("p") if "p" in st.query_params else ""
    opened = document_view.passages_view(found, wanted)
    passage_panel(
        page,
        opened,
        {one.id: words.passage_source(one, document) for one in found},
        partial(find_once, partial(documents.cited, who)),
    )


asked = st.query_params.get("d", "")
with st.container(key="page_document"):
    st.fragment(draw, run_every="1s" if asked and page.reading == asked else None)(asked)
