"""Vectors of what tools and skills say of themselves, made once: kept in this process, and in the store for the next.

`tool_vectors` {_id: model and hash of the text, vector, at}. Without a store (a bench, a library) only the process
remembers.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import structlog
from pymongo import UpdateOne

from hub.db.indexes import Index
from hub.db.mongo import collection, now, reachable
from hub.search.embed import AwayModel, configured
from hub.search.fuse import Floats
from hub.settings import settings

if TYPE_CHECKING:
    from hub.search.embed import Embedder, Vectors

log = structlog.get_logger(__name__)

INDEXES: list[Index] = [("tool_vectors", [("at", 1)], {})]
KEPT = 8_000
"""Vectors that one process remembers; some 12 MB."""
DAYS = 90
"""Rows that were made so long ago are removed when others are added, whether they are in use or not."""
_AT_ONCE = 40
"""Ids in one `$in`, as in `hub.chat.store`."""


class _Known:
    """The vectors of this process; those that were not asked for the longest go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: OrderedDict[str, Vectors] = OrderedDict()

    def get(self, keys: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            found = {key: self._rows[key] for key in keys if key in self._rows}
            for key in found:
                self._rows.move_to_end(key)
            return found

    def __len__(self) -> int:
        return len(self._rows)

    def keep(self, rows: dict[str, Vectors]) -> None:
        with self._lock:
            self._rows |= rows
            while len(self._rows) > KEPT:
                self._rows.popitem(last=False)


_known = _Known()


def of(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """One row a text, of length 1. Raises HubError when the model, or the store, does not answer."""
    keys = [_key(embedder.name, text) for text in texts]
    found = _known.get(keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    if missing:
        fresh = _stored(list(missing))
        made = {key: text for key, text in missing.items() if key not in fresh}
        if made:
            vectors = dict(zip(made, embedder.embed(list(made.values())), strict=True))
            _store(vectors)
            fresh |= vectors
        _known.keep(fresh)
        found |= fresh
    return np.stack([found[key] for key in keys])


def near(queries: Sequence[str], texts: Sequence[str], by: Embedder | None = None) -> Floats | None:
    """How near each text is to each query, as cosines, one row a query; None where nothing can tell: no model is set
    up, or the model does not answer, which is logged. `by` is the embedder, else the one of the settings. Raises
    StoreDown."""
    embedder = by or configured()
    if embedder is None or not texts:
        return None
    try:
        asked = np.stack([embedder.query(query) for query in queries])
        return (asked @ of(texts, embedder).T).astype(np.float64)
    except AwayModel as error:
        log.warning("ranked_by_words", reason=error.message)
        return None


def count() -> int:
    """How many vectors this process remembers."""
    return len(_known)


def forget() -> None:
    """Empties what this process remembers."""
    _known.__init__()


def _key(model: str, text: str) -> str:
    return f"{model} {hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _stored(keys: Sequence[str]) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    if not settings().mongo_url:
        return found
    for start in range(0, len(keys), _AT_ONCE):
        with reachable():
            for row in collection("tool_vectors").find({"_id": {"$in": list(keys[start : start + _AT_ONCE])}}):
                found[row["_id"]] = np.frombuffer(row["vector"], np.float32)
    return found


def _store(vectors: dict[str, Vectors]) -> None:
    if not settings().mongo_url:
        return
    # Another process may have made the same ones meanwhile.
    rows = [
        UpdateOne({"_id": key}, {"$set": {"vector": row.astype(np.float32).tobytes(), "at": now()}}, upsert=True)
        for key, row in vectors.items()
    ]
    with reachable():
        collection("tool_vectors").bulk_write(rows, ordered=False)
        collection("tool_vectors").delete_many({"at": {"$lt": now() - timedelta(days=DAYS)}})
