"""The index built anew from the stores, unit by unit, while it is in use.

What is done already is kept in `search.rebuilt`: a rebuild that broke off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog

from hub.db.postgres import connection
from hub.errors import NotFound
from hub.hooks import SearchSource
from hub.search import index
from hub.search.records import Space

AT_ONCE = 500
_STALE = """
UPDATE search.rows SET hash = '' WHERE space IN (SELECT id FROM search.spaces WHERE collection = %s)
"""
"""No row is then what it should be, so each is replaced when its unit is indexed."""
log = structlog.get_logger(__name__)


def rebuild(source: SearchSource, tell: Callable[[int, int], None], *, fresh: bool = False) -> int:
    """Has every unit of `source` indexed again and drops what the store does not have; how many units there are.

    `tell(done, of)` is called as it goes on. `fresh` forgets where an earlier rebuild broke off and has every row and
    vector made again; the old ones serve until then. Raises StoreDown, and what the source raises.
    """
    name = source.collection
    with connection() as database:
        if fresh:
            database.execute("DELETE FROM search.rebuilt WHERE collection = %s", (name,))
            database.execute(_STALE, (name,))
        rows = database.execute("SELECT owner, unit FROM search.rebuilt WHERE collection = %s", (name,)).fetchall()
    done, units = set(rows), list(source.units())
    for number, (who, unit) in enumerate(units):
        tell(number, len(units))
        if (who.id, unit) in done:
            continue
        try:
            source.index(who, unit)
        except NotFound:
            index.drop_elsewhere(name, who.id, unit)
        with connection() as database:
            database.execute(
                "INSERT INTO search.rebuilt VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (name, who.id, unit)
            )
    tell(len(units), len(units))
    _drop_gone(source)
    with connection() as database:
        database.execute("DELETE FROM search.rebuilt WHERE collection = %s", (name,))
    return len(units)


def empty() -> None:
    """Takes everything out of the index, for a database that is another one from now on. Raises StoreDown."""
    with connection() as database:
        database.execute("TRUNCATE search.spaces, search.rebuilt CASCADE")


def under_way() -> dict[str, int]:
    """How many units a rebuild that is not finished has done, by collection."""
    with connection() as database:
        return dict(database.execute("SELECT collection, count(*) FROM search.rebuilt GROUP BY 1").fetchall())


def _drop_gone(source: SearchSource) -> None:
    """Takes out the groups that the store does not have any more."""
    for space, group in gone(source):
        log.info("index_group_dropped", collection=source.collection, group=group)
        index.drop_group(space, group)


def gone(source: SearchSource) -> Iterator[tuple[Space, str]]:
    """The groups of the index that the store does not have, or not there, any more. Raises StoreDown."""
    with connection() as database:
        spaces = database.execute(
            "SELECT id, owner, scope FROM search.spaces WHERE collection = %s", (source.collection,)
        ).fetchall()
    for number, owner, scope in spaces:
        space, last = Space(source.collection, owner, scope), 0
        while True:
            with connection() as database:
                groups = database.execute(
                    "SELECT id, name FROM search.groups WHERE space = %s AND id > %s ORDER BY id LIMIT %s",
                    (number, last, AT_ONCE),
                ).fetchall()
            if not groups:
                break
            last = groups[-1][0]
            living = source.living(space, [name for _, name in groups])
            yield from ((space, name) for _, name in groups if name not in living)
