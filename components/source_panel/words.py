"""A source of an answer in the words and with the content that the panel shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from components.source_panel import PagePicture, ShownSource
from components.transcript.given import CITED_BY_NUMBER
from hub.chat.records import Message
from hub.documents.records import Cited
from hub.documents.records import PagePicture as Page
from hub.render import marked
from hub.turns import Source

FindIt = Callable[[Source], Cited]


@st.cache_data(ttl=600, max_entries=32, show_spinner=False, scope="session")
def find_once(_find: FindIt, source: Source) -> Cited:
    """Where a source stands in its document; reading it takes a moment, and an open one is drawn again and again."""
    return _find(source)


def shown_source(messages: Sequence[Message], open_: tuple[str, int] | None, find: FindIt) -> ShownSource | None:
    """The source that is `open_`, by message and place in it; None when no such source is shown. `find` reads the
    document that it stands in."""
    message = next((one for one in messages if open_ and one.id == open_[0]), None)
    if message is None or open_ is None or not 0 <= open_[1] < len(message.sources):
        return None
    at = open_[1]
    source = message.sources[at]
    steps = [place for place, one in enumerate(message.sources) if one.kind in CITED_BY_NUMBER]
    placed = find(source) if source.kind == "document" else Cited(source.text, 0, 0)
    shown = shown_passage(f"{message.id}:{at}", source, placed)
    return replace(shown, at=at, steps=tuple(steps))


def shown_passage(key: str, source: Source, placed: Cited) -> ShownSource:
    """A source in the document that it was found in."""
    return ShownSource(
        key=key,
        title=source.title,
        place=source.place,
        number=source.number,
        score=source.score,
        html=marked(placed.text, placed.start, placed.end, typed=placed.kind == "plain"),
        picture=drawn(placed.picture, source.place) if placed.picture else None,
        note=placed.note,
        document=placed.document,
    )


def drawn(page: Page, place: str) -> PagePicture:
    """A page with the lines of a passage, for the browser."""
    marks = tuple((one.left, one.top, one.right, one.bottom) for one in page.rects)
    return PagePicture(page.data, page.mime, marks, f"The page of the document: {place}")
