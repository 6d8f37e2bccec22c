"""What goes into the index and out of it. Each call is one transaction, in which a job that is another worker's by now
raises Late and changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from hub.db.postgres import Database, connection
from hub.jobs import still_mine
from hub.search.embed import Embedder
from hub.search.records import Entry, Space
from hub.search.vectors import embed_missing, know_vectors, model_number, store
from hub.search.words import PLAIN, cut, language

__all__ = ["drop", "drop_elsewhere", "drop_group", "drop_owner", "embed_missing", "embedded", "hold", "put"]
_Part = tuple[str, int]

_GROUPS = """
INSERT INTO search.groups (space, name) SELECT %s, name FROM unnest(%s::text[]) AS n(name)
ON CONFLICT (space, name) DO UPDATE SET name = excluded.name RETURNING name, id
"""
_ROWS = """
INSERT INTO search.rows (space, "group", place, item, part, text, language, length, words, at, hash, about)
SELECT %(space)s, e."group", e.place, e.item, e.part, e.text, e.language,
       (SELECT coalesce(sum(cardinality(positions)), 0) FROM unnest(to_tsvector(e.language::regconfig, e.words))),
       to_tsvector('simple', e.words), e.at, e.hash, e.about
FROM unnest(%(groups)s::bigint[], %(places)s::int[], %(items)s::text[], %(parts)s::int[], %(texts)s::text[],
            %(languages)s::text[], %(words)s::text[], %(times)s::timestamptz[], %(hashes)s::bytea[],
            %(abouts)s::jsonb[])
     AS e("group", place, item, part, text, language, words, at, hash, about)
RETURNING item, part, id
"""
_POSTINGS = """
INSERT INTO search.postings (space, term, "row", "group", count, length)
SELECT %(space)s, t.lexeme, e."row", e."group", cardinality(t.positions),
       sum(cardinality(t.positions)) OVER (PARTITION BY e."row")
FROM unnest(%(rows)s::bigint[], %(groups)s::bigint[], %(languages)s::text[], %(words)s::text[])
     AS e("row", "group", language, words), unnest(to_tsvector(e.language::regconfig, e.words)) AS t
"""
_STALE = """
DELETE FROM search.rows USING unnest(%s::text[], %s::int[]) AS s(item, part)
WHERE rows.space = %s AND rows.item = s.item AND rows.part = s.part
"""
_LANGUAGES = """
UPDATE search.spaces SET languages = ARRAY(SELECT DISTINCT one FROM unnest(languages || %(new)s::text[]) AS u(one))
WHERE id = %(space)s AND NOT languages @> %(new)s::text[]
"""
_OF_ITEMS = "r.item = ANY(%s)"
_OF_GROUP = 'r."group" = (SELECT g.id FROM search.groups AS g WHERE g.space = s.id AND g.name = %s)'


def put(space: Space, entries: Sequence[Entry], embedder: Embedder | None = None) -> int:
    """Stores `entries`, each item in place of what was there of it; how many rows were new or had changed.

    What is as it was keeps its row and its vectors. Vectors come at once with `embedder`, else later by the job
    "search.embed". Raises StoreDown, and what the embedder raises: then nothing is stored.
    """
    known = _hashes(space, _OF_ITEMS, list({entry.item for entry in entries}))
    return _write(space, known, entries, embedder)


def hold(space: Space, group: str, entries: Sequence[Entry], embedder: Embedder | None = None) -> int:
    """Makes `group` consist of `entries` and of nothing else; how many rows were new or had changed. As `put`.

    What is stored depends on `entries` alone, so an index that was kept and one that is built anew are the same.
    """
    if not entries:
        drop_group(space, group)
        return 0
    words = [cut(embedded(entry)) for entry in entries]
    spoken = _languages(entries, words, PLAIN)
    told = [replace(entry, language=one) for entry, one in zip(entries, spoken, strict=True)]
    return _write(space, _hashes(space, _OF_GROUP, group), told, embedder)


def _write(space: Space, known: Mapping[_Part, bytes], entries: Sequence[Entry], embedder: Embedder | None) -> int:
    wanted = {(entry.item, entry.part): (entry, _hash(entry)) for entry in entries}
    fresh = [entry for key, (entry, hash_) in wanted.items() if known.get(key) != hash_]
    gone = [key for key in known if key not in wanted]
    if not fresh and not gone:
        return 0
    vectors = embedder.embed([embedded(entry) for entry in fresh]) if embedder and fresh else None
    model = model_number(embedder, vectors.shape[1]) if embedder and vectors is not None else 0
    with connection() as database:
        still_mine(database)
        number, usual = _space(database, space)
        stale = [*gone, *((entry.item, entry.part) for entry in fresh)]
        database.execute(_STALE, ([item for item, _ in stale], [part for _, part in stale], number))
        rows = _insert(database, number, fresh, usual) if fresh else []
        if vectors is not None:
            know_vectors(database)
            store(database, model, list(zip(rows, vectors, strict=True)))
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
        still_mine(database)
        database.execute(
            "DELETE FROM search.groups WHERE name = %s AND space ="
            " (SELECT id FROM search.spaces WHERE collection = %s AND owner = %s AND scope = %s)",
            (group, space.collection, space.owner, space.scope),
        )


def drop_elsewhere(collection: str, owner: str, group: str, *, but: str | None = None) -> None:
    """Takes a group out of every scope of the owner, `but` one: it has moved, or with None it is gone."""
    with connection() as database:
        still_mine(database)
        database.execute(
            "DELETE FROM search.groups WHERE name = %s AND space IN (SELECT id FROM search.spaces"
            " WHERE collection = %s AND owner = %s AND scope IS DISTINCT FROM %s)",
            (group, collection, owner, but),
        )


def drop_owner(owner: str) -> None:
    """Takes out everything that `owner` has in any collection."""
    with connection() as database:
        database.execute("DELETE FROM search.spaces WHERE owner = %s", (owner,))


def embedded(entry: Entry) -> str:
    """The text of `entry` that is embedded and searched: its title before it."""
    return f"{entry.title}\n{entry.text}" if entry.title else entry.text


def _hashes(space: Space, of: LiteralString, which: str | list[str]) -> dict[_Part, bytes]:
    with connection() as database:
        rows = database.execute(
            "SELECT r.item, r.part, r.hash FROM search.spaces AS s JOIN search.rows AS r ON r.space = s.id"
            " WHERE s.collection = %s AND s.owner = %s AND s.scope = %s AND " + of,
            (space.collection, space.owner, space.scope, which),
        ).fetchall()
    return {(item, part): bytes(hash_) for item, part, hash_ in rows}


def _hash(entry: Entry) -> bytes:
    about = sorted(entry.about.items())
    whole = (entry.group, entry.place, entry.text, entry.title, entry.language, entry.at.isoformat(), about)
    return hashlib.blake2b(repr(whole).encode(), digest_size=16).digest()


def _space(database: Database, space: Space) -> tuple[int, str]:
    """The number of `space`, made when it is new and locked until the end, and the language it mostly holds: what a
    text too short to tell is taken for."""
    row = database.execute(
        "INSERT INTO search.spaces (collection, owner, scope) VALUES (%s, %s, %s)"
        " ON CONFLICT (collection, owner, scope) DO UPDATE SET owner = excluded.owner RETURNING id, languages",
        (space.collection, space.owner, space.scope),
    ).fetchone()
    assert row is not None
    return row[0], next((one for one in row[1] if one != PLAIN), PLAIN)


def _insert(database: Database, space: int, entries: Sequence[Entry], usual: str) -> list[int]:
    """The ids of the new rows, in the order of `entries`."""
    words = [cut(embedded(entry)) for entry in entries]
    spoken = _languages(entries, words, usual)
    names = list({entry.group for entry in entries})
    groups = dict(database.execute(_GROUPS, (space, names)).fetchall())
    columns: dict[str, Any] = {
        "space": space,
        "groups": [groups[entry.group] for entry in entries],
        "places": [entry.place for entry in entries],
        "items": [entry.item for entry in entries],
        "parts": [entry.part for entry in entries],
        "texts": [entry.text.replace("\0", " ") for entry in entries],
        "languages": spoken,
        "words": words,
        "times": [entry.at for entry in entries],
        "hashes": [_hash(entry) for entry in entries],
        "abouts": [Jsonb(dict(entry.about) | ({"title": entry.title} if entry.title else {})) for entry in entries],
    }
    made = {(item, part): row for item, part, row in database.execute(_ROWS, columns).fetchall()}
    rows = [made[entry.item, entry.part] for entry in entries]
    database.execute(_POSTINGS, columns | {"rows": rows})
    database.execute(_LANGUAGES, {"new": sorted(set(spoken)), "space": space})
    return rows


def _languages(entries: Sequence[Entry], words: Sequence[str], usual: str) -> list[str]:
    """The language of each entry; one that is too short to tell is taken for the commonest of those beside it."""
    sure = [entry.language or language(said, otherwise="") for entry, said in zip(entries, words, strict=True)]
    common = Counter(one for one in sure if one not in {"", PLAIN}).most_common(1)
    return [one or (common[0][0] if common else usual) for one in sure]
