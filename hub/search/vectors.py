"""The vectors of rows: one for each row and model. Rows that have none of a model yet stand in `search.waiting`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pgvector import HalfVector
from pgvector.psycopg import register_vector

from hub.db.postgres import Database, connection, sql
from hub.errors import BadInput
from hub.search.embed import Embedder

WIDEST = 4_000
"""Dimensions that an index over half precision takes."""

NEAR = """
CREATE INDEX vectors_near_{model} ON search.vectors USING hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops)
WITH (ef_construction = 128) WHERE model = {model}
"""
"""The graph over a model's vectors. With pgvector's usual 64 some vectors of a tight cluster are reached from nowhere:
among a million made-up ones 95 % of the ten nearest are found, with 128 all, and building takes half as long again."""

_STORED = """
INSERT INTO search.vectors ("row", model, space, embedding)
SELECT r.id, m.id, r.space, %s FROM search.rows AS r, search.models AS m WHERE r.id = %s AND m.id = %s FOR KEY SHARE
ON CONFLICT DO NOTHING
"""
_WAITING = """
SELECT r.id, r.text, r.about->>'title' FROM search.waiting AS w JOIN search.rows AS r ON r.id = w."row"
WHERE w.model = %s ORDER BY w."row" LIMIT %s
"""


def embed_missing(embedder: Embedder, *, most: int = 256) -> int:
    """Gives vectors to at most `most` rows that have none of this embedder; how many were taken up. 0: all have one.

    Raises StoreDown, and what the embedder raises.
    """
    with connection() as database:
        model = known_model(database, embedder)
    model = model or model_number(embedder, embedder.dimensions)
    with connection() as database:
        rows = database.execute(_WAITING, (model, most)).fetchall()
    if rows:
        vectors = embedder.embed([f"{title}\n{text}" if title else text for _, text, title in rows])
        with connection() as database:
            know_vectors(database)
            store(database, model, [(row[0], vector) for row, vector in zip(rows, vectors, strict=True)])
    return len(rows)


def know_vectors(database: Database) -> None:
    """Has a connection read and write vectors. The server is asked for their types once for each connection."""
    if database.adapters.types.get("halfvec") is None:
        register_vector(database)


def store(database: Database, model: int, rows: Sequence[tuple[int, Any]]) -> None:
    """Keeps `rows` of (row, vector). One whose row or model is gone meanwhile is left out."""
    with database.cursor() as cursor:
        cursor.executemany(_STORED, [(HalfVector(vector), row, model) for row, vector in rows])
    ids = [row for row, _ in rows]
    database.execute('DELETE FROM search.waiting WHERE model = %s AND "row" = ANY(%s)', (model, ids))


def known_model(database: Database, embedder: Embedder) -> int:
    """The number of the embedder's model, 0 while it has none."""
    row = database.execute("SELECT id FROM search.models WHERE name = %s", (embedder.name,)).fetchone()
    return row[0] if row else 0


def model_number(embedder: Embedder, dimensions: int) -> int:
    """The number of the embedder's model. A new one gets an index over its own vectors and every row waits for it; the
    first one of all answers questions from the beginning."""
    if dimensions > WIDEST:
        raise BadInput(
            f"The embedding model {embedder.name} gives {dimensions:,} dimensions; the index takes {WIDEST:,}.",
            hint="Set HUB_EMBEDDING_DIMENSIONS, if the model can give fewer, or choose another model.",
        )
    with connection() as database:
        if known := known_model(database, embedder):
            return known
        database.execute("LOCK TABLE search.rows IN SHARE MODE")  # no row may come while all of them are listed
        made = database.execute(
            "INSERT INTO search.models (name, dimensions, serving)"
            " VALUES (%s, %s, NOT EXISTS (SELECT FROM search.models WHERE serving))"
            " ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, xmax = 0",
            (embedder.name, dimensions),
        ).fetchone()
        assert made is not None
        number, new = int(made[0]), bool(made[1])
        if new:
            database.execute(
                'INSERT INTO search.waiting (model, "row") SELECT %s, id FROM search.rows ON CONFLICT DO NOTHING',
                (number,),
            )
            database.execute(sql(NEAR.format(model=number, dimensions=int(dimensions))))
    return number
