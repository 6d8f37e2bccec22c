"""A source of an answer in the document that it came from."""

from __future__ import annotations

from hub.db.who import Who
from hub.documents import show, store
from hub.documents.records import Cited, PagePicture
from hub.errors import BadInput, HubError, NotFound
from hub.turns import Source

AROUND = 6_000
"""Characters before and after a passage that are shown with it."""
GONE = "This document is not there any more. This is the passage as it went into the answer."
CHANGED = "The document has changed since. This is the passage as it went into the answer."


def cited(who: Who, source: Source) -> Cited:
    """Where a source of an answer stands in its document, for showing it. What is gone or has changed is said in the
    note, with the passage as it went in."""
    try:
        row, _ = store.row_of(who, source.item)
    except (NotFound, BadInput):
        return Cited(source.text, 0, 0, note=GONE)
    text = show.markdown(who, source.item)
    start, end = _place(who, source, text.text)
    if end <= start:
        return Cited(source.text, 0, 0, document=source.item, note=CHANGED)
    low, high = _from(text.text, start - AROUND), _to(text.text, end + AROUND)
    kind = (row["served"] or row["work"])["kind"]
    picture, note = _picture(who, source)
    return Cited(text.text[low:high], start - low, end - low, kind, source.item, picture, note)


def _place(who: Who, source: Source, text: str) -> tuple[int, int]:
    """Where the source stands in the text of its document; (0, 0) when it does not."""
    try:
        start = show.passage(who, str(source.about.get("passage", ""))).start
    except (NotFound, BadInput):
        start = text.find(source.text)
        return (start, start + len(source.text)) if start >= 0 else (0, 0)
    last = source.text[-60:]
    near = text.find(last, max(start, start + len(source.text) - 500), start + 2 * len(source.text) + 500)
    return start, near + len(last) if near >= 0 else min(len(text), start + len(source.text))


def _from(text: str, place: int) -> int:
    """The beginning of a paragraph at or after `place`."""
    if place <= 0:
        return 0
    found = text.find("\n\n", place, place + AROUND // 2)
    return place if found < 0 else found + 2


def _to(text: str, place: int) -> int:
    """The end of a paragraph at or before `place`."""
    if place >= len(text):
        return len(text)
    found = text.rfind("\n\n", place - AROUND // 2, place)
    return place if found < 0 else found


def _picture(who: Who, source: Source) -> tuple[PagePicture | None, str]:
    """The page that the source stands on, for documents that have drawn pages."""
    page = source.about.get("page")
    row, _ = store.row_of(who, source.item)
    if not isinstance(page, int) or not (row["served"] or row["work"])["pdf"]:
        return None, ""
    try:
        return show.page_picture(who, source.item, page, highlight=source.text), ""
    except HubError as error:
        return None, f"The page could not be drawn: {error.message}"
