"""Between the store and the index: passages in, whole documents anew, documents out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hub.db.mongo import Document as Row
from hub.documents import holdings, store
from hub.documents.pairs import for_pieces
from hub.documents.split import Cut, path
from hub.search import embedder
from hub.search.index import drop_group, put
from hub.search.records import Entry, Space
from hub.search.replace import swap_in
from hub.search.words import cut, language


def staging(owner: Row) -> Space:
    """Where the next version of a document is made ready; nobody searches there."""
    return _beside(owner, "next")


def _anew(owner: Row) -> Space:
    """Where a version that is told to the index once more is made ready, perhaps while a next one is on its way."""
    return _beside(owner, "anew")


def _beside(owner: Row, name: str) -> Space:
    space = holdings.space_of(owner)
    return Space(space.collection, space.owner, f"{space.scope}/{name}")


def target(row: Row, owner: Row) -> Space:
    """Where the version that is worked on goes: at once to be searched, unless an older one serves."""
    return staging(owner) if row["served"] else holdings.space_of(owner)


def passage_id(document: Any, version: int, number: int) -> str:
    """The id of a passage, as hits and citations name it."""
    return f"{document}-{version}-{number}"


def entries(row: Row, slice_: Row, title: str) -> list[Entry]:
    """What the index is to hold of a slice."""
    return [_entry(row, slice_, one, title) for one in slice_["passages"] if one["indexed"]]


def spoken(text: str) -> str:
    """The language that most of a document is in, as the index names it."""
    return language(cut(text))


def _entry(row: Row, slice_: Row, one: Row, title: str) -> Entry:
    version = slice_["version"]
    return Entry(
        item=passage_id(row["_id"], version, one["number"]),
        group=str(row["_id"]),
        place=one["number"],
        text=one["text"],
        at=row["created_at"],
        title=" > ".join(part for part in (title, one["heading"]) if part),
        # Said here, so that it does not hang on what happens to be put in together.
        language=language(cut(one["text"]), otherwise=slice_["language"]),
        about={
            "page": one["page"],
            "unit": one["unit"],
            "heading": one["heading"],
            "collection": str(row["collection"]),
            "start": one["start"],
            "end": one["end"],
        },
    )


def passage_row(cut: Cut, number: int, offset: int = 0, page: int | None = None, unit: str = "part") -> Row:
    """A passage as its slice holds it; `offset` is where its piece begins in the document."""
    return {
        "number": number,
        "text": cut.text,
        "start": offset + cut.start,
        "end": offset + cut.end,
        "page": page,
        "unit": unit,
        "heading": path(cut.headings),
        "tokens": cut.tokens,
        "indexed": cut.indexed,
    }


def put_slice(row: Row, owner: Row, slice_: Row, title: str) -> None:
    """Tells the index of a slice of the version that is worked on; again is as once."""
    put(target(row, owner), entries(row, slice_, title), for_pieces(embedder()))


def serve(row: Row, owner: Row) -> int:
    """Makes the index say what the store says of a document, in one step at the end; how many passages it has."""
    shown = row["served"] or row["work"]
    slices = store.shown_slices(row)
    group = str(row["_id"])
    beside = _anew(owner)
    drop_group(beside, group)
    count = 0
    for some in _batches([entry for one in slices for entry in entries(row, one, shown["title"] or row["name"])]):
        count += put(beside, some, for_pieces(embedder()))
    if not swap_in(beside, holdings.space_of(owner), group):
        drop_group(holdings.space_of(owner), group)
    return count


def take_out(row: Row, owner: Row) -> None:
    """Takes a document out of the index, the versions in making too."""
    for space in (holdings.space_of(owner), staging(owner), _anew(owner)):
        drop_group(space, str(row["_id"]))


def belongs(row: Row, owner: Row, space: Space) -> bool:
    """Whether a document has its place in this space of the index as the store has it now. A collection that is removed
    keeps its own for a day, unread."""
    if row["removed_at"] is not None:
        return False
    made = row["served"] is not None and row["work"]["version"] != row["served"]["version"]
    return space in {holdings.space_of(owner), _anew(owner)} or (made and space == staging(owner))


def _batches(all_: Sequence[Entry], most: int = 128) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(all_), most):
        yield all_[start : start + most]
