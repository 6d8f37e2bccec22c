"""The words of a run in a few packed documents, so that a search does not read every cell.

`eval_words` {_id, owner, run, page, words}: those of the answers of a page of cells, once it is done, and under the
page -1 those of the rows. `words` is [[row, text], ...] as compressed JSON; much text is spread over several documents.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

import orjson

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, reachable
from hub.db.who import Who
from hub.evals.records import Row

INDEXES: list[Index] = [("eval_words", [("owner", 1), ("run", 1), ("page", 1)], {})]
ROWS = -1
"""The page of the rows; their texts come with their ids."""
_PART = 4_000_000
"""Characters of a document before they are compressed, about; a store takes 16 MB."""
_LEVEL = 1
"""Of compression: the quickest makes a third of it."""

Said = tuple[int | str, str]
"""The number of a row (or its id) with a text."""


def of_row(row: Row) -> str:
    """What a search looks through of a row."""
    return "\n".join([*row.turns, *row.vars.values(), row.expected or "", row.system, *row.tags]).casefold()


def of_answers(answers: Iterable[str]) -> str:
    """What a search looks through of a cell."""
    return "\n".join(answers).casefold()


def put(who: Who, run_id: str, page: int, said: Iterable[Said]) -> None:
    """Keeps the words of a page, in place of those that were there."""
    documents = [
        {"_id": f"{run_id}:{page}:{part}", "owner": who.id, "run": run_id, "page": page, "words": words}
        for part, words in enumerate(_packed(said))
    ]
    with reachable():
        for one in documents:
            collection("eval_words").replace_one({"_id": one["_id"]}, one, upsert=True)


def found(who: Who, run_id: str, first: int, last: int) -> dict[int, list[Said]]:
    """The words of the pages from `first` to `last` that are kept."""
    wanted = {"owner": who.id, "run": run_id, "page": {"$gte": first, "$lte": last}}
    with reachable():
        there = sorted(collection("eval_words").find(wanted), key=_place)
    pages: dict[int, list[Said]] = {}
    for one in there:
        pages.setdefault(one["page"], []).extend(map(tuple, orjson.loads(zlib.decompress(one["words"]))))
    return pages


def _place(document: Document) -> tuple[int, int]:
    return document["page"], int(document["_id"].rpartition(":")[2])


def _packed(said: Iterable[Said]) -> Iterator[bytes]:
    held: list[Said] = []
    size = 0
    for one in said:
        held.append(one)
        size += len(one[1])
        if size >= _PART:
            yield _pack(held)
            held, size = [], 0
    yield _pack(held)


def _pack(said: Sequence[Said]) -> bytes:
    return zlib.compress(orjson.dumps(said), _LEVEL)
