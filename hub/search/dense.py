"""Cosine over the vectors of one model: exact for small spaces, HNSW with an iterative scan for large ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pgvector import HalfVector

from hub.db.postgres import Database, sql

EXACT = 100_000
"""Rows: up to here all vectors are compared, which misses none. Among a million rows with a filter that leaves 60,000,
HNSW reads more pages than comparing those 60,000 does."""
REACH = 400
"""Vectors that HNSW keeps in sight (`ef_search`): among a million made-up ones, 200 find all of the ten nearest."""

_ALL = """
SELECT "row", 1 - far FROM
    (SELECT "row", (embedding <=> %(vector)s::halfvec) + 0 AS far FROM search.vectors AS v
     WHERE model = %(model)s AND space = ANY(%(spaces)s){filtered}
     ORDER BY far LIMIT %(most)s) AS nearest
"""
"""The zero keeps the planner from HNSW; named, the distance is computed once."""
_NEAR = """
SELECT "row", 1 - (embedding::halfvec({dimensions}) <=> %(vector)s::halfvec) FROM search.vectors AS v
WHERE model = {model} AND space = ANY(%(spaces)s){filtered}
ORDER BY embedding::halfvec({dimensions}) <=> %(vector)s::halfvec LIMIT %(most)s
"""
_FILTERED = ' AND EXISTS (SELECT FROM search.rows AS r WHERE r.id = v."row"{condition})'
_OF = 'SELECT "row", 1 - (embedding <=> %s::halfvec) FROM search.vectors WHERE model = %s AND "row" = ANY(%s)'


Only = tuple[str, Mapping[str, Any]]
"""A condition (of `filters`) and its values."""


def nearest(
    database: Database, spaces: Sequence[int], among: int, model: int, vector: Any, most: int, only: Only
) -> dict[int, float]:
    """The `most` rows nearest to `vector`, with their cosines, of the `among` rows in `spaces`. Spaces and condition
    stand in the query: the scan goes on until enough satisfy them."""
    if among <= EXACT:
        return exact(database, spaces, model, vector, most, only)
    filtered, values = _values(spaces, model, vector, most, only)
    database.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
    database.execute(sql(f"SET LOCAL hnsw.ef_search = {max(REACH, int(most))}"))
    query = _NEAR.format(dimensions=len(vector), model=int(model), filtered=filtered)
    return dict(database.execute(sql(query), values).fetchall())


def exact(
    database: Database, spaces: Sequence[int], model: int, vector: Any, most: int, only: Only
) -> dict[int, float]:
    """As `nearest`, by comparing every vector of the spaces."""
    filtered, values = _values(spaces, model, vector, most, only)
    return dict(database.execute(sql(_ALL.format(filtered=filtered)), values).fetchall())


def _values(spaces: Sequence[int], model: int, vector: Any, most: int, only: Only) -> tuple[str, dict[str, Any]]:
    """The condition that filters, and the values of either statement."""
    condition, more = only
    filtered = _FILTERED.format(condition=condition) if condition else ""
    return filtered, {**more, "model": model, "spaces": list(spaces), "vector": _text(vector), "most": most}


def cosines(database: Database, model: int, vector: Any, rows: Sequence[int]) -> dict[int, float]:
    """The cosines of the given rows; a row without a vector is left out."""
    return dict(database.execute(_OF, (_text(vector), model, list(rows))).fetchall())


def _text(vector: Any) -> str:
    """As PostgreSQL reads it: registering pgvector's types would ask the server for them with every question."""
    return HalfVector(vector).to_text()
