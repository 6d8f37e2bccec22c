"""One document from inside: its passages in order, and its text beside its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.connection_card import plain
from components.documents import words
from components.documents.heads import back, bar
from components.error_note import error_note
from components.passage_list import passage_list
from components.prose_view import prose_view
from hub.documents.records import Document, Markdown, PagePicture, Passage
from hub.render import marked

AT_ONCE = 30
"""Passages that are drawn at once."""
LONGEST = 12_000
"""Characters of a text without pages that are drawn at once."""


def document_head(document: Document, collection: str, original: Callable[[], bytes]) -> tuple[bool, str]:
    """The head of a document: whether to go back to its `collection`, and the part that is shown, "" where nothing of
    it could be read."""
    with st.container(gap="xsmall", key="document_head"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            leaving = back(collection)
            st.download_button(
                "Download original",
                original,
                document.name.rpartition("/")[2],
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
        st.title(plain(document.title), anchor=False)
        st.caption(plain(" · ".join(part for part in (document.name, words.facts(document), document.url) if part)))
        said = words.standing(document)
        if document.state == "failed":
            error_note(said)
        elif said:
            st.caption(f":material/info: {plain(said)}")
    shown = document.serving or document.state != "failed"
    return leaving, bar(["Passages", "Text"], key=f"part_{document.id}") if shown else ""


def passages_view(passages: Sequence[Passage], wanted: str = "") -> str | None:
    """The passages in order; the id of the one that was opened, if any. The one that is `wanted` is opened at once."""
    if not passages:
        st.caption("No passages yet. They appear page by page while the document is read.")
        return None
    place = next((at for at, one in enumerate(passages) if one.id == wanted), None)
    if place is not None:
        st.session_state["turn_passages"] = place // AT_ONCE + 1
    number = _turn((len(passages) - 1) // AT_ONCE + 1, "passages")
    shown = passages[(number - 1) * AT_ONCE : number * AT_ONCE]
    opened = passage_list([words.passage_row(one) for one in shown], label="Passages", key="passages")
    return opened or (wanted if place is not None else None)


def page_view(text: Markdown, picture: Callable[[int], PagePicture] | None) -> None:
    """The text as it was read, page by page; beside it the page as it is drawn, where `picture` draws it."""
    pieces = pages(text)
    if not pieces:
        st.caption("No text yet.")
        return
    number = _turn(len(pieces), "text")
    page, start, end = pieces[number - 1]
    html = marked(text.text[start:end], 0, 0, typed=text.kind == "plain")
    if picture is None or page is None:
        prose_view(html, key="text")
        return
    left, right = st.columns(2)
    with left:
        st.image(picture(page).data, width="stretch", caption=f"Page {page}")
    with right:
        prose_view(html, key="text")


def pages(text: Markdown) -> list[tuple[int | None, int, int]]:
    """(page, start, end) of each page; a text without pages is cut at paragraphs."""
    if text.pages:
        return list(text.pages)
    found: list[tuple[int | None, int, int]] = []
    start = 0
    while start < len(text.text):
        end = start + LONGEST
        cut = text.text.rfind("\n\n", start + LONGEST // 2, end) if end < len(text.text) else -1
        end = cut if cut > 0 else min(end, len(text.text))
        found.append((None, start, end))
        start = end
    return found


def _turn(count: int, name: str) -> int:
    """The page of a list that is shown; nothing is drawn for a single one."""
    if count < 2:
        return 1
    return int(st.pagination(count, key=f"turn_{name}") or 1)
