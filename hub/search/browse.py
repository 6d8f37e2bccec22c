"""What there is in the index without a question: its spaces, and its newest rows that satisfy a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.db.postgres import connection, sql
from hub.search.filters import condition
from hub.search.records import Filter, Hit, Space

_SPACES = "SELECT collection, owner, scope FROM search.spaces WHERE owner = %s AND collection = ANY(%s) ORDER BY id"
_NEWEST = """
SELECT s.collection, s.owner, s.scope, r.item, r.part, g.name, r.place, r.text, r.at, r.about FROM search.rows AS r
JOIN search.groups AS g ON g.id = r."group" JOIN search.spaces AS s ON s.id = r.space
WHERE r.space = ANY(%(spaces)s){condition} ORDER BY r.at DESC, r.id DESC LIMIT %(most)s
"""
_IDS = """
SELECT s.id FROM search.spaces AS s
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w(collection, owner, scope) USING (collection, owner, scope)
"""


def spaces(owner: str, collections: Sequence[str]) -> list[Space]:
    """The spaces that `owner` has in `collections`, in every scope. Raises StoreDown."""
    with connection() as database:
        return [Space(*row) for row in database.execute(_SPACES, (owner, list(collections))).fetchall()]


def newest(spaces: Sequence[Space], only: Filter, *, most: int = 10) -> list[Hit]:
    """The newest rows of `spaces` that satisfy `only`, for a search without words. Raises StoreDown."""
    wanted, values = condition(only)
    columns = [[one.collection for one in spaces], [one.owner for one in spaces], [one.scope for one in spaces]]
    with connection() as database:
        ids = [row[0] for row in database.execute(_IDS, columns).fetchall()]
        query = sql(_NEWEST.format(condition=wanted))
        rows = database.execute(query, values | {"spaces": ids, "most": most}).fetchall()
    return [_hit(*row) for row in rows]


def _hit(collection: str, owner: str, scope: str, *row: Any) -> Hit:
    item, part, group, place, text, at, about = row
    return Hit(Space(collection, owner, scope), item, part, group, place, text, at, about, 0.0, 0.0, None, 0.0, 0.0)
