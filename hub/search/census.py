"""How much is in the index."""

from __future__ import annotations

from hub.db.postgres import connection


def census() -> dict[str, int]:
    """Rows by collection. Raises StoreDown."""
    with connection() as database:
        found = database.execute(
            "SELECT s.collection, count(*) FROM search.rows AS r JOIN search.spaces AS s ON s.id = r.space"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    return dict(found)
