"""A question to the index: candidates of both halves, fused, smoothed, filtered inside the query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector.psycopg import register_vector

from hub.db.postgres import connection
from hub.search import dense, lexical
from hub.search.embed import Embedder
from hub.search.fuse import Weights, level, neighbours
from hub.search.index import Database
from hub.search.records import Hit, Space
from hub.search.words import PLAIN, cut

CANDIDATES = 100
"""Of each half. On LoCoMo more of them changed nothing."""

_SPACES = """
SELECT s.id, s.collection, s.owner, s.scope, s.languages FROM search.spaces AS s
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w(collection, owner, scope) USING (collection, owner, scope)
"""
_AROUND = """
SELECT DISTINCT other.id, other."group", other.place FROM search.rows AS mine
JOIN search.rows AS other ON other.space = mine.space AND other."group" = mine."group"
    AND other.place BETWEEN mine.place - %s AND mine.place + %s
WHERE mine.id = ANY(%s)
"""
_SHOWN = """
SELECT r.id, r.space, r.item, r.part, g.name, r.place, r.text, r.at, r.about FROM search.rows AS r
JOIN search.groups AS g ON g.id = r."group" WHERE r.id = ANY(%s)
"""


def find(
    spaces: Sequence[Space], text: str, embedder: Embedder | None = None, *, most: int = 10, weights: Weights | None = None
) -> list[Hit]:
    """The best `most` rows of `spaces` for `text`. Without `embedder` the words alone decide. Raises StoreDown."""
    weights = weights or Weights()
    vector = embedder.query(text) if embedder else None
    with connection() as database:
        register_vector(database)
        known = {row[0]: row for row in _known(database, spaces)}
        if not known:
            return []
        numbers = list(known)
        languages = {language for row in known.values() for language in row[4]} or {PLAIN}
        said = lexical.score(database, numbers, lexical.terms(database, cut(text), sorted(languages)))
        near, model = {}, 0
        if embedder and vector is not None:
            model = _model(database, embedder)
            near = dense.nearest(database, numbers, model, vector, CANDIDATES)
        best = said.rows[np.argsort(-said.row_scores, kind="stable")[:CANDIDATES]]
        candidates = np.union1d(best, np.array(list(near), np.int64)).astype(np.int64)
        if not len(candidates):
            return []
        if vector is not None:
            near |= dense.cosines(database, model, vector, np.array([one for one in candidates if one not in near], np.int64))
        return _ranked(database, known, candidates, said, near, weights, most)


def _ranked(
    database: Database,
    known: dict[int, Any],
    candidates: NDArray[np.int64],
    said: lexical.Scores,
    near: dict[int, float],
    weights: Weights,
    most: int,
) -> list[Hit]:
    words = said.of_rows(candidates)
    cosine = np.array([near.get(row, np.nan) for row in candidates.tolist()])
    own = weights.lexical * level(words)
    if near:
        filled = np.where(np.isnan(cosine), np.nanmin(cosine), cosine)
        own = own + weights.dense * level(filled)
    scores = dict(zip(candidates.tolist(), own.tolist(), strict=True))
    around = database.execute(_AROUND, (weights.reach, weights.reach, candidates.tolist())).fetchall()
    places = {row: (group, place) for row, group, place in around}
    gained = neighbours(scores, places, weights)
    least = min(scores.values())
    rows = np.array(list(places), np.int64)
    groups = np.array([group for group, _ in places.values()], np.int64)
    unique, back = np.unique(groups, return_inverse=True)
    whole = weights.whole * level(said.of_groups(unique))[back]
    total = np.array([scores.get(row, least) + gained[row] for row in rows.tolist()]) + whole
    first = np.argsort(-total, kind="stable")[:most]
    shown = {row[0]: row for row in database.execute(_SHOWN, (rows[first].tolist(),)).fetchall()}
    lexical_of = dict(zip(rows[first].tolist(), said.of_rows(rows[first]).tolist(), strict=True))
    hits: list[Hit] = []
    for place in first.tolist():
        row = int(rows[place])
        if row not in shown:
            continue
        _, space, item, part, group, where, text, at, about = shown[row]
        hits.append(
            Hit(
                Space(*known[space][1:4]), item, part, group, where, text, at, about, float(total[place]),
                lexical_of[row], near.get(row), gained[row], float(whole[place]),
            )  # fmt: skip
        )
    return hits


def _known(database: Database, spaces: Sequence[Space]) -> list[tuple[Any, ...]]:
    columns = [[one.collection for one in spaces], [one.owner for one in spaces], [one.scope for one in spaces]]
    return database.execute(_SPACES, columns).fetchall()


def _model(database: Database, embedder: Embedder) -> int:
    row = database.execute("SELECT id FROM search.models WHERE name = %s", (embedder.name,)).fetchone()
    return row[0] if row else 0
