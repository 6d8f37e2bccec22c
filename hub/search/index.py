"""What goes into the index and out of it. Each call is one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg import Connection
from psycopg.types.json import Jsonb

from hub.db.postgres import connection
from hub.search.embed import Embedder
from hub.search.records import Entry, Space
from hub.search.words import PLAIN, cut, language

Database = Connection[tuple[Any, ...]]

_ROW = """
INSERT INTO search.rows (space, "group", place, item, part, text, language, length, words, at, hash, about)
VALUES (%(space)s, %(group)s, %(place)s, %(item)s, %(part)s, %(text)s, %(language)s::text,
        (SELECT coalesce(sum(cardinality(positions)), 0) FROM unnest(to_tsvector(%(language)s::text::regconfig, %(words)s))),
        to_tsvector('simple', %(words)s), %(at)s, %(hash)s, %(about)s)
RETURNING id
"""
_POSTINGS = """
INSERT INTO search.postings (space, term, "row", "group", count, length)
SELECT %(space)s, lexeme, %(row)s, %(group)s, cardinality(positions), greatest(sum(cardinality(positions)) OVER (), 1)
FROM unnest(to_tsvector(%(language)s::text::regconfig, %(words)s))
"""


def put(space: Space, entries: Sequence[Entry], embedder: Embedder | None = None) -> int:
    """Stores `entries`, each item in place of what was there of it; how many rows were new or had changed.

    What is as it was keeps its row and its vectors. Vectors come at once with `embedder`, else later by
    `embed_missing`. Raises StoreDown, and what the embedder raises: then nothing is stored.
    """
    known = _hashes(space, {entry.item for entry in entries})
    wanted = {(entry.item, entry.part): (entry, _hash(entry)) for entry in entries}
    fresh = [entry for key, (entry, hash_) in wanted.items() if known.get(key) != hash_]
    gone = [key for key in known if key not in wanted]
    vectors = embedder.embed([embedded(entry) for entry in fresh]) if embedder and fresh else None
    if not fresh and not gone:
        return 0
    with connection() as database:
        register_vector(database)
        number = _space(database, space)
        stale = gone + [(entry.item, entry.part) for entry in fresh]
        for item, part in stale:
            database.execute("DELETE FROM search.rows WHERE space = %s AND item = %s AND part = %s", (number, item, part))
        model = model_number(database, embedder) if embedder else 0
        for place, entry in enumerate(fresh):
            row = _insert(database, number, entry)
            if vectors is not None:
                _vector(database, row, model, number, vectors[place])
    return len(fresh)


def drop(space: Space, items: Iterable[str]) -> None:
    """Takes `items` out of `space`."""
    with connection() as database:
        database.execute(
            "DELETE FROM search.rows WHERE space = (SELECT id FROM search.spaces WHERE collection = %s AND owner = %s"
            " AND scope = %s) AND item = ANY(%s)",
            (space.collection, space.owner, space.scope, list(items)),
        )


def drop_group(space: Space, group: str) -> None:
    """Takes a whole group out of `space`, such as a conversation that was deleted."""
    with connection() as database:
        database.execute(
            "DELETE FROM search.groups WHERE name = %s AND space ="
            " (SELECT id FROM search.spaces WHERE collection = %s AND owner = %s AND scope = %s)",
            (group, space.collection, space.owner, space.scope),
        )


def drop_owner(owner: str) -> None:
    """Takes out everything that `owner` has in any collection."""
    with connection() as database:
        database.execute("DELETE FROM search.spaces WHERE owner = %s", (owner,))


def embed_missing(embedder: Embedder, *, most: int = 256) -> int:
    """Gives vectors to at most `most` rows that have none of this embedder; how many got one. 0: all have."""
    with connection() as database:
        register_vector(database)
        model = model_number(database, embedder)
        rows = database.execute(
            "SELECT id, space, text, about->>'title' FROM search.rows AS r WHERE NOT EXISTS"
            ' (SELECT FROM search.vectors AS v WHERE v."row" = r.id AND v.model = %s) ORDER BY id LIMIT %s',
            (model, most),
        ).fetchall()
    if not rows:
        return 0
    vectors = embedder.embed([f"{title}\n{text}" if title else text for _, _, text, title in rows])
    with connection() as database:
        register_vector(database)
        for (row, space, _, _), vector in zip(rows, vectors, strict=True):
            _vector(database, row, model, space, vector)
    return len(rows)


def embedded(entry: Entry) -> str:
    """The text of `entry` that is embedded and searched: its title before it."""
    return f"{entry.title}\n{entry.text}" if entry.title else entry.text


def model_number(database: Database, embedder: Embedder) -> int:
    """The number of the embedder's model; a new model gets its own index over its own vectors."""
    found = database.execute("SELECT id FROM search.models WHERE name = %s", (embedder.name,)).fetchone()
    if found:
        return found[0]
    made = database.execute(
        "INSERT INTO search.models (name, dimensions) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING RETURNING id",
        (embedder.name, embedder.dimensions),
    ).fetchone()
    if made is None:
        return model_number(database, embedder)
    dimensions, number = int(embedder.dimensions), int(made[0])
    database.execute(
        f"CREATE INDEX vectors_near_{number} ON search.vectors USING hnsw"
        f" ((embedding::halfvec({dimensions})) halfvec_cosine_ops) WHERE model = {number}"  # pyright: ignore
    )
    return number


def _hashes(space: Space, items: set[str]) -> dict[tuple[str, int], bytes]:
    with connection() as database:
        rows = database.execute(
            "SELECT item, part, hash FROM search.rows WHERE item = ANY(%s) AND space ="
            " (SELECT id FROM search.spaces WHERE collection = %s AND owner = %s AND scope = %s)",
            (list(items), space.collection, space.owner, space.scope),
        ).fetchall()
    return {(item, part): bytes(hash_) for item, part, hash_ in rows}


def _hash(entry: Entry) -> bytes:
    whole = (entry.group, entry.place, entry.text, entry.title, entry.language, entry.at.isoformat(), sorted(entry.about.items()))
    return hashlib.blake2b(repr(whole).encode(), digest_size=16).digest()


def _space(database: Database, space: Space) -> int:
    key = (space.collection, space.owner, space.scope)
    row = database.execute(
        "INSERT INTO search.spaces (collection, owner, scope) VALUES (%s, %s, %s)"
        " ON CONFLICT (collection, owner, scope) DO UPDATE SET owner = excluded.owner RETURNING id",
        key,
    ).fetchone()
    assert row is not None
    return row[0]


def _group(database: Database, space: int, name: str) -> int:
    row = database.execute(
        "INSERT INTO search.groups (space, name) VALUES (%s, %s)"
        " ON CONFLICT (space, name) DO UPDATE SET name = excluded.name RETURNING id",
        (space, name),
    ).fetchone()
    assert row is not None
    return row[0]


def _insert(database: Database, space: int, entry: Entry) -> int:
    words = cut(embedded(entry))
    spoken = entry.language or language(words, otherwise=_usual(database, space))
    group = _group(database, space, entry.group)
    about = dict(entry.about) | ({"title": entry.title} if entry.title else {})
    values = {
        "space": space, "group": group, "place": entry.place, "item": entry.item, "part": entry.part,
        "text": entry.text.replace("\0", " "), "language": spoken, "words": words, "at": entry.at,
        "hash": _hash(entry), "about": Jsonb(about),
    }  # fmt: skip
    row = database.execute(_ROW, values).fetchone()
    assert row is not None
    database.execute(_POSTINGS, values | {"row": row[0]})
    database.execute(
        "UPDATE search.spaces SET languages = array_append(languages, %s) WHERE id = %s AND NOT %s = ANY(languages)",
        (spoken, space, spoken),
    )
    return row[0]


def _usual(database: Database, space: int) -> str:
    """The language that a text too short to tell is taken for: the first that the space has."""
    row = database.execute("SELECT languages FROM search.spaces WHERE id = %s", (space,)).fetchone()
    known = [one for one in (row[0] if row else []) if one != PLAIN]
    return known[0] if known else PLAIN


def _vector(database: Database, row: int, model: int, space: int, vector: Any) -> None:
    database.execute(
        'INSERT INTO search.vectors ("row", model, space, embedding) VALUES (%s, %s, %s, %s)'
        " ON CONFLICT DO NOTHING",
        (row, model, space, HalfVector(vector)),
    )
