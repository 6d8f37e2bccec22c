"""Cosine over the vectors of one model: exact for small spaces, HNSW with an iterative scan for large ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pgvector import HalfVector

from hub.db.postgres import Database, sql

EXACT = 20_000
"""Vectors: up to here all of them are compared, which misses none. Not measured yet; `bench` will say where it ends."""

_COUNT = "SELECT count(*) FROM (SELECT FROM search.vectors WHERE model = %s AND space = ANY(%s) LIMIT %s) AS few"
_ALL = """
WITH mine AS MATERIALIZED
    (SELECT "row", embedding FROM search.vectors AS v WHERE model = %(model)s AND space = ANY(%(spaces)s){filtered})
SELECT "row", 1 - (embedding <=> %(vector)s) FROM mine ORDER BY embedding <=> %(vector)s LIMIT %(most)s
"""
_NEAR = """
SELECT "row", 1 - (embedding::halfvec({dimensions}) <=> %(vector)s) FROM search.vectors AS v
WHERE model = {model} AND space = ANY(%(spaces)s){filtered}
ORDER BY embedding::halfvec({dimensions}) <=> %(vector)s LIMIT %(most)s
"""
_FILTERED = ' AND EXISTS (SELECT FROM search.rows AS r WHERE r.id = v."row"{condition})'
_OF = 'SELECT "row", 1 - (embedding <=> %s) FROM search.vectors WHERE model = %s AND "row" = ANY(%s)'


def nearest(
    database: Database, spaces: Sequence[int], model: int, vector: Any, most: int, only: tuple[str, Mapping[str, Any]]
) -> dict[int, float]:
    """The `most` rows nearest to `vector`, with their cosines. Spaces and the condition `only` (of `filters`) stand in
    the query: the scan goes on until enough satisfy them."""
    few = database.execute(_COUNT, (model, list(spaces), EXACT + 1)).fetchone()
    if few and few[0] <= EXACT:
        return exact(database, spaces, model, vector, most, only)
    filtered, values = _values(spaces, model, vector, most, only)
    database.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
    database.execute(sql(f"SET LOCAL hnsw.ef_search = {max(100, int(most))}"))
    query = _NEAR.format(dimensions=len(vector), model=int(model), filtered=filtered)
    return dict(database.execute(sql(query), values).fetchall())


def exact(
    database: Database, spaces: Sequence[int], model: int, vector: Any, most: int, only: tuple[str, Mapping[str, Any]]
) -> dict[int, float]:
    """As `nearest`, by comparing every vector of the spaces."""
    filtered, values = _values(spaces, model, vector, most, only)
    return dict(database.execute(sql(_ALL.format(filtered=filtered)), values).fetchall())


def _values(
    spaces: Sequence[int], model: int, vector: Any, most: int, only: tuple[str, Mapping[str, Any]]
) -> tuple[str, dict[str, Any]]:
    """The condition that filters, and the values of either statement."""
    condition, more = only
    filtered = _FILTERED.format(condition=condition) if condition else ""
    return filtered, {**more, "model": model, "spaces": list(spaces), "vector": HalfVector(vector), "most": most}


def cosines(database: Database, model: int, vector: Any, rows: Sequence[int]) -> dict[int, float]:
    """The cosines of the given rows; a row without a vector is left out."""
    return dict(database.execute(_OF, (HalfVector(vector), model, list(rows))).fetchall())
