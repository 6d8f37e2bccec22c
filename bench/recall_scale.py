"""Recall at size: one person with 10,000 facts and 50,000 turns among a million rows; and HNSW against exact search.

Everything is made up: texts of words that are as unevenly common as real ones (Zipf), vectors in clusters, so the
figures tell of time and of the index, not of language. The vector of a question is made beforehand, as the bar says.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector

from bench.result import Bar
from bench.tables import index_alone
from hub.db.postgres import Database, connection, sql
from hub.search import Space, dense, find
from hub.search.embed import Vectors
from hub.search.vectors import NEAR

ROWS = 1_000_000
FACTS, TURNS, GROUP = 10_000, 50_000, 100
OTHERS = 10_000
"""Rows of each other person."""
WORDS, SAID, DIMENSIONS, CLUSTERS = 40_000, 14, 384, 2_000
BATCH = 20_000
FACT_SPACE, TURN_SPACE = Space("memories", "anna"), Space("messages", "anna")


class Made:
    """An embedder whose vectors are made up: a question lies near one of the clusters."""

    name, dimensions = "made-up", DIMENSIONS

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)
        centres = self._random.standard_normal((CLUSTERS, DIMENSIONS)).astype(np.float32)
        self._centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
        self._questions: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1 around randomly chosen centres."""
        which = self._random.integers(0, CLUSTERS, len(texts))
        noise = self._random.standard_normal((len(texts), DIMENSIONS)).astype(np.float32)
        vectors = self._centres[which] + noise * (0.8 / DIMENSIONS**0.5)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def query(self, text: str) -> Vectors:
        """The vector of a question, made when it is first asked."""
        if text not in self._questions:
            self._questions[text] = self.embed([text])[0]
        return self._questions[text]


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """`repeats`: questions."""
    embedder, began = Made(), time.monotonic()
    with index_alone():
        filled = _fill(embedder)
        questions = [" ".join(f"w{word}" for word in _words(8)) for _ in range(repeats)]
        for question in questions:
            embedder.query(question)
        for question in questions[:5]:
            find([FACT_SPACE, TURN_SPACE], question, embedder)
        times: list[float] = []
        for question in questions:
            start = time.perf_counter()
            find([FACT_SPACE, TURN_SPACE], question, embedder)
            times.append((time.perf_counter() - start) * 1000)
        recall, near, exact = _hnsw(embedder, questions[: min(repeats, 50)])
    p95 = statistics.quantiles(times, n=20)[-1]
    bars = (
        Bar("recall p95", p95, "ms", 80),
        Bar("HNSW recall@10", recall, "share", 0.95, least=True),
    )
    detail = {
        "rows": ROWS,
        "p50_ms": round(statistics.median(times), 1),
        "hnsw_ms": round(near, 1),
        "exact_ms": round(exact, 1),
        "seconds_to_fill": filled,
        "seconds": round(time.monotonic() - began),
    }
    return bars, detail


def _people() -> Iterator[tuple[Space, int]]:
    yield FACT_SPACE, FACTS
    yield TURN_SPACE, TURNS
    for number in range((ROWS - FACTS - TURNS) // OTHERS):
        yield Space("messages", f"person {number}"), OTHERS


def _fill(embedder: Made) -> int:
    """Writes all rows past the indexes and builds those afterwards; returns the seconds it took."""
    began, model = time.monotonic(), 0
    with connection() as database:
        register_vector(database)
        kept = database.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'search' AND tablename IN"
            " ('postings', 'vectors') AND indexdef NOT LIKE '%UNIQUE%'"
        ).fetchall()
        for name, _ in kept:
            database.execute(sql(f"DROP INDEX search.{name}"))
        row = database.execute(
            "INSERT INTO search.models (name, dimensions, serving) VALUES (%s, %s, true) RETURNING id",
            (embedder.name, DIMENSIONS),
        ).fetchone()
        assert row is not None
        model = int(row[0])
        for space, count in _people():
            for start in range(0, count, BATCH):
                _write(database, space, model, embedder, start, min(BATCH, count - start))
        database.execute("TRUNCATE search.waiting")
        database.execute("SET LOCAL maintenance_work_mem = '2GB'")
        for _, definition in kept:
            database.execute(sql(definition))
        database.execute(sql(NEAR.format(model=model, dimensions=DIMENSIONS)))
    with connection() as database:
        database.execute("ANALYZE search.rows, search.postings, search.vectors, search.groups")
    return round(time.monotonic() - began)


_SPACE = "INSERT INTO search.spaces (collection, owner, scope, languages) VALUES (%s, %s, '', '{simple}')"
_KNOWN = "SELECT id FROM search.spaces WHERE collection = %s AND owner = %s"
_GROUPS = """
INSERT INTO search.groups (space, name) SELECT %s, 'g' || n FROM generate_series(%s::int, %s::int) AS n
RETURNING id
"""
_POSTINGS = """
INSERT INTO search.postings (space, term, "row", "group", count, length)
SELECT r.space, t.lexeme, r.id, r."group", cardinality(t.positions), r.length
FROM search.rows AS r, unnest(r.words) AS t WHERE r.id >= %s AND r.space = %s
"""
_random = np.random.default_rng(2)


def _words(count: int) -> list[int]:
    """Numbers of words, the small ones common: the cube of an even spread."""
    return (WORDS * _random.random(count) ** 3).astype(int).tolist()


def _write(database: Database, space: Space, model: int, embedder: Made, start: int, count: int) -> None:
    if start == 0:
        database.execute(_SPACE, (space.collection, space.owner))
    found = database.execute(_KNOWN, (space.collection, space.owner)).fetchone()
    assert found is not None
    number = int(found[0])
    groups = [row[0] for row in database.execute(_GROUPS, (number, start // GROUP, (start + count - 1) // GROUP))]
    last = database.execute("SELECT coalesce(max(id), 0) FROM search.rows").fetchone()
    first = (int(last[0]) if last else 0) + 1
    at = datetime(2026, 1, 1, tzinfo=UTC)
    columns = 'id, space, "group", place, item, part, text, language, length, words, at, hash, about'
    with database.cursor() as cursor, cursor.copy(sql(f"COPY search.rows ({columns}) FROM STDIN")) as copy:
        for place in range(count):
            said = [f"w{word}" for word in _words(SAID)]
            lexemes = " ".join(f"'{word}':{at_ + 1}" for at_, word in enumerate(said))
            values = (first + place, number, groups[place // GROUP], place % GROUP, f"i{start + place}", 0)
            copy.write_row((*values, " ".join(said), "simple", SAID, lexemes, at, b"h", "{}"))
    database.execute(_POSTINGS, (first, number))
    vectors = embedder.embed([""] * count)
    with (
        database.cursor() as cursor,
        cursor.copy('COPY search.vectors ("row", model, space, embedding) FROM STDIN (FORMAT BINARY)') as copy,
    ):
        copy.set_types(["int8", "int2", "int4", "halfvec"])
        for place in range(count):
            copy.write_row((first + place, model, number, HalfVector(vectors[place])))


def _hnsw(embedder: Made, questions: Sequence[str]) -> tuple[float, float, float]:
    """The share of the ten nearest of all rows that HNSW finds, and the median milliseconds of HNSW and of exact."""
    with connection() as database:
        everyone = [row[0] for row in database.execute("SELECT id FROM search.spaces").fetchall()]
        [model] = [row[0] for row in database.execute("SELECT id FROM search.models").fetchall()]
        shares, near, exact = list[float](), list[float](), list[float]()
        for question in questions:
            vector = embedder.query(question)
            start = time.perf_counter()
            found = dense.nearest(database, everyone, ROWS, model, vector, 10, ("", {}))
            near.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            true = dense.exact(database, everyone, model, vector, 10, ("", {}))
            exact.append((time.perf_counter() - start) * 1000)
            shares.append(len(found.keys() & true.keys()) / len(true))
    return statistics.mean(shares), statistics.median(near), statistics.median(exact)
