"""A group that is made ready beside the one that serves, and takes its place in one transaction."""

from __future__ import annotations

from hub.db.postgres import Database, connection
from hub.jobs import still_mine
from hub.search.records import Space

_SPACE = "SELECT id, languages FROM search.spaces WHERE collection = %s AND owner = %s AND scope = %s FOR UPDATE"
_NEW = (
    "INSERT INTO search.spaces (collection, owner, scope) VALUES (%s, %s, %s)"
    " ON CONFLICT (collection, owner, scope) DO UPDATE SET owner = excluded.owner RETURNING id"
)
_GROUP = "SELECT id FROM search.groups WHERE space = %s AND name = %s"
_LANGUAGES = """
UPDATE search.spaces SET languages = ARRAY(SELECT DISTINCT one FROM unnest(languages || %s::text[]) AS u(one))
WHERE id = %s
"""

_POSTINGS = """
UPDATE search.postings SET space = %s WHERE "row" IN (SELECT id FROM search.rows WHERE "group" = %s)
"""
_VECTORS = """
UPDATE search.vectors SET space = %s WHERE "row" IN (SELECT id FROM search.rows WHERE "group" = %s)
"""


def swap_in(staged: Space, served: Space, group: str) -> bool:
    """Puts `group` of `staged` in the place of what `served` holds of it, vectors and all; False when `staged` holds
    nothing of it, and then nothing changes. A question sees the old rows or the new ones, never both or none."""
    with connection() as database:
        still_mine(database)
        found = database.execute(_SPACE, (staged.collection, staged.owner, staged.scope)).fetchone()
        new = database.execute(_GROUP, (found[0], group)).fetchone() if found else None
        if found is None or new is None:
            return False
        made = database.execute(_NEW, (served.collection, served.owner, served.scope)).fetchone()
        assert made is not None
        _move(database, int(made[0]), int(new[0]), group)
        database.execute(_LANGUAGES, (found[1], made[0]))
    return True


def _move(database: Database, space: int, new: int, group: str) -> None:
    database.execute("DELETE FROM search.groups WHERE space = %s AND name = %s", (space, group))
    database.execute("UPDATE search.groups SET space = %s WHERE id = %s", (space, new))
    database.execute(_POSTINGS, (space, new))
    database.execute(_VECTORS, (space, new))
    database.execute('UPDATE search.rows SET space = %s WHERE "group" = %s', (space, new))
