"""How much is in the index."""

from __future__ import annotations

from hub.db.postgres import connection


def units(collection: str) -> set[tuple[str, str]]:
    """Owner and id of everything that has rows in a collection: groups, and scopes. Raises StoreDown."""
    with connection() as database:
        found = database.execute(
            "SELECT s.owner, s.scope, g.name FROM search.groups AS g JOIN search.spaces AS s ON s.id = g.space"
            " WHERE s.collection = %s AND g.rows > 0",
            (collection,),
        ).fetchall()
    return {(owner, name) for owner, scope, group in found for name in (scope, group)}


def census() -> dict[str, int]:
    """Rows by collection. Raises StoreDown."""
    with connection() as database:
        found = database.execute(
            "SELECT s.collection, count(*) FROM search.rows AS r JOIN search.spaces AS s ON s.id = r.space"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    return dict(found)
