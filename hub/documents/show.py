"""A document to look at: its text, its passages, its pages."""

from __future__ import annotations

from hub.db.mongo import Document as Row
from hub.db.who import Who
from hub.documents import shelve, store
from hub.documents.records import Markdown, PagePicture, Passage, Rect
from hub.errors import BadInput, NotFound
from hub.files import read


def passages(who: Who, document: str) -> tuple[Passage, ...]:
    """The passages of a document in order, of the version that serves or of what is there so far."""
    row, _ = store.row_of(who, document)
    return tuple(
        _passage(row, slice_["version"], one) for slice_ in store.shown_slices(row) for one in slice_["passages"]
    )


def passage(who: Who, item: str) -> Passage:
    """One passage by its id (`Source.item` of a citation); NotFound when a newer version has replaced it."""
    document, _, rest = item.partition("-")
    version, _, number = rest.partition("-")
    row, _ = store.row_of(who, document)
    if version.isdecimal() and number.isdecimal():
        for slice_ in store.slices(row, int(version)):
            for one in slice_["passages"]:
                if one["number"] == int(number):
                    return _passage(row, int(version), one)
    raise NotFound(
        "This passage is not there any more: a newer version of the document took its place.",
        hint="Open the document and look for its words.",
    )


def markdown(who: Who, document: str) -> Markdown:
    """The text of a document as it was read, with its page map."""
    row, _ = store.row_of(who, document)
    slices = store.shown_slices(row)
    pages = tuple(
        (page, one["offset"] + start, one["offset"] + end) for one in slices for page, start, end in one["pages"]
    )
    return Markdown("".join(one["text"] for one in slices), pages, (row["served"] or row["work"])["kind"])


def beginning(who: Who, document: str, most: int) -> str:
    """At most `most` characters from the beginning of a document's text; no more of a long one is read than that."""
    row, _ = store.row_of(who, document)
    version, count = (row["served"] or row["work"])["version"], 1
    while True:
        slices = store.slices(row, version, most=count)
        text = "".join(one["text"] for one in slices)
        if len(text) >= most or len(slices) < count:
            return text[:most]
        count *= 4


def original(who: Who, document: str) -> bytes:
    """The file as it came."""
    row, _ = store.row_of(who, document)
    return store.original((row["served"] or row["work"])["stored"])


def page_picture(who: Who, document: str, page: int, *, highlight: str = "") -> PagePicture:
    """A page of a PDF as a picture, with the lines that hold the text `highlight` (a passage's text). BadInput for
    documents that are no PDF."""
    row, _ = store.row_of(who, document)
    shown = row["served"] or row["work"]
    if not shown["pdf"]:
        raise BadInput(f"{row['name']} has no pages that can be drawn.", hint="Its text can be shown.")
    head, data = read.part(row["name"], store.original(shown["stored"]), "picture", page=page - 1, text=highlight)
    rects = tuple(Rect(*box) for box in head["rects"])
    return PagePicture("image/jpeg", data, head["width"], head["height"], rects)


def _passage(row: Row, version: int, one: Row) -> Passage:
    return Passage(
        id=shelve.passage_id(row["_id"], version, one["number"]),
        document=str(row["_id"]),
        number=one["number"],
        text=one["text"],
        start=one["start"],
        end=one["end"],
        page=one["page"],
        unit=one["unit"],
        heading=one["heading"],
        tokens=one["tokens"],
        indexed=one["indexed"],
    )
