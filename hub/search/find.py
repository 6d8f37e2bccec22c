"""A question to the index: candidates of both halves, fused, with their neighbours and groups, filtered inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hub.db.postgres import Database, connection, sql
from hub.search import dense, lexical
from hub.search.dense import Only
from hub.search.embed import Embedder
from hub.search.filters import condition
from hub.search.fuse import Weights, level, neighbours
from hub.search.lexical import Integers, Scores
from hub.search.records import Filter, Hit, Space
from hub.search.vectors import known_model
from hub.search.words import PLAIN, cut

CANDIDATES = 100
"""Of each half. On LoCoMo more of them changed nothing."""

_SPACES = """
SELECT s.id, s.collection, s.owner, s.scope, s.languages FROM search.spaces AS s
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w(collection, owner, scope) USING (collection, owner, scope)
"""
_ANYTHING = """
SELECT true FROM unnest(%(spaces)s::int[]) AS s(id) CROSS JOIN LATERAL
    (SELECT FROM search.rows AS r WHERE r.space = s.id{condition} ORDER BY r.at LIMIT 1) AS one LIMIT 1
"""
"""In the order of an index: for any one row a plan may read the whole table, whose rows of other spaces come first."""
_ALLOWED = "SELECT r.id FROM search.rows AS r WHERE r.id = ANY(%(ids)s){condition}"
_AROUND = """
SELECT DISTINCT r.id, r."group", r.place FROM search.rows AS mine
JOIN search.rows AS r ON r.space = mine.space AND r."group" = mine."group"
    AND r.place BETWEEN mine.place - %(reach)s AND mine.place + %(reach)s
WHERE mine.id = ANY(%(ids)s){condition}
"""
_SHOWN = """
SELECT r.id, r.space, r.item, r.part, g.name, r.place, r.text, r.at, r.about FROM search.rows AS r
JOIN search.groups AS g ON g.id = r."group" WHERE r.id = ANY(%s)
"""


def find(
    spaces: Sequence[Space],
    text: str,
    embedder: Embedder | None = None,
    *,
    most: int = 10,
    only: Filter | None = None,
    weights: Weights | None = None,
) -> list[Hit]:
    """The best `most` parts in `spaces` for `text`, best first. Without `embedder` the words alone decide; it is not
    asked where there is nothing to be found.

    Raises StoreDown, and what the embedder raises.
    """
    filtered = condition(only or Filter())
    with connection() as database:
        known = {row[0]: row[1:] for row in _known(database, spaces)}
        model = known_model(database, embedder) if embedder else 0
        if not _anything(database, list(known), filtered):
            return []
    vector = embedder.query(text) if embedder and model else None  # may take long, so it holds no connection
    with connection() as database:
        question = _Question(database, list(known), filtered, weights or Weights())
        languages = sorted({language for row in known.values() for language in row[3]} or {PLAIN})
        said = lexical.score(database, question.spaces, lexical.terms(database, cut(text), languages))
        near, candidates = question.candidates(said, model, vector)
        if not len(candidates):
            return []
        ranked = question.ranked(candidates, said, near)[:most]
        return _hits(database, known, ranked)


def _anything(database: Database, spaces: list[int], filtered: Only) -> bool:
    """Whether any row of these spaces satisfies the filter."""
    query, values = sql(_ANYTHING.format(condition=filtered[0])), {**filtered[1], "spaces": spaces}
    return database.execute(query, values).fetchone() is not None


@dataclass(frozen=True, slots=True)
class _Ranked:
    row: int
    score: float
    lexical: float
    dense: float | None
    near: float
    whole: float


class _Question:
    """One question on its way through the index."""

    def __init__(self, database: Database, spaces: list[int], filtered: Only, weights: Weights) -> None:
        self.database, self.spaces, self.weights = database, spaces, weights
        self.condition, values = filtered
        self.values = {**values, "spaces": spaces}

    def candidates(self, said: Scores, model: int, vector: Any) -> tuple[dict[int, float], Integers]:
        """The cosines of all candidates, and the candidates: the best by words and by meaning, ascending."""
        near: dict[int, float] = {}
        if model:
            only = (self.condition, self.values)
            near = dense.nearest(self.database, self.spaces, said.among, model, vector, CANDIDATES, only)
        order = np.argsort(-said.row_scores, kind="stable")
        best = self._allowed(said.rows[order])[:CANDIDATES]
        candidates = np.union1d(np.array(best, np.int64), np.array(list(near), np.int64)).astype(np.int64)
        if model:
            near |= dense.cosines(self.database, model, vector, [row for row in best if row not in near])
        return near, candidates

    def _allowed(self, rows: Integers) -> list[int]:
        """Those of `rows` that satisfy the filter, in their order."""
        if not self.condition:
            return rows.tolist()
        query = sql(_ALLOWED.format(condition=self.condition))
        allowed = {row[0] for row in self.database.execute(query, self.values | {"ids": rows.tolist()}).fetchall()}
        return [row for row in rows.tolist() if row in allowed]

    def ranked(self, candidates: Integers, said: Scores, near: dict[int, float]) -> list[_Ranked]:
        """The candidates and the rows around them, best first."""
        own = self.weights.lexical * level(said.of_rows(candidates))
        if near:
            farthest = min(near.values())  # also of a row whose vector is still to come
            cosines = [near.get(row, farthest) for row in candidates.tolist()]
            own = own + self.weights.dense * level(np.array(cosines))
        scores, stranger = dict(zip(candidates.tolist(), own.tolist(), strict=True)), float(own.min())
        places = self._around(candidates)
        gained = neighbours(scores, places, self.weights, stranger)
        rows = np.array(list(places), np.int64)
        groups, back = np.unique(np.array([group for group, _ in places.values()], np.int64), return_inverse=True)
        whole = (self.weights.whole * level(said.of_groups(groups)))[back]
        found = [
            _Ranked(row, scores.get(row, stranger) + gained[row] + share, words, near.get(row), gained[row], share)
            for row, share, words in zip(rows.tolist(), whole.tolist(), said.of_rows(rows).tolist(), strict=True)
        ]
        return sorted(found, key=lambda one: (-one.score, one.row not in scores, one.row))

    def _around(self, candidates: Integers) -> dict[int, tuple[int, int]]:
        """{row: (group, place)} of the candidates and of what stands beside them and satisfies the filter."""
        query = sql(_AROUND.format(condition=self.condition))
        values = self.values | {"ids": candidates.tolist(), "reach": self.weights.reach}
        return {row: (group, place) for row, group, place in self.database.execute(query, values).fetchall()}


def _hits(database: Database, known: dict[int, Any], ranked: Sequence[_Ranked]) -> list[Hit]:
    rows = database.execute(_SHOWN, ([one.row for one in ranked],)).fetchall()
    shown = {row[0]: row[1:] for row in rows}
    hits: list[Hit] = []
    for one in ranked:
        space, item, part, group, place, text, at, about = shown[one.row]
        why = (one.score, one.lexical, one.dense, one.near, one.whole)
        hits.append(Hit(Space(*known[space][:3]), item, part, group, place, text, at, about, *why))
    return hits


def _known(database: Database, spaces: Sequence[Space]) -> list[tuple[Any, ...]]:
    columns = [[one.collection for one in spaces], [one.owner for one in spaces], [one.scope for one in spaces]]
    return database.execute(_SPACES, columns).fetchall()
