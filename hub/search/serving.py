"""Which embedding model answers questions, and how another one takes its place.

The wanted model comes from the settings. While rows wait for its vectors, questions go to the model before, whose
vectors are all there; new rows get vectors of both. When none waits any more the wanted model serves, and a minute
later, when every process knows, the old vectors go.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

import structlog

from hub.db.postgres import connection, sql
from hub.errors import StoreDown
from hub.jobs import defer
from hub.search.embed import AwayModel, Embedder, by_name, configured, why_none
from hub.search.vectors import embed_missing, model_number
from hub.settings import settings

REMEMBERED = 10.0
"""Seconds for which a process remembers which model serves."""
KEPT = timedelta(minutes=1)
"""How long the vectors of the model before stay after it was replaced."""

log = structlog.get_logger(__name__)
_lock = Lock()
_known: dict[str, Embedder | None] = {}
_served: dict[str, tuple[float, str]] = {}


@dataclass(frozen=True, slots=True)
class State:
    """What stands behind a search by meaning. `serving` and `wanted` are names of models, "" for none; `waiting` counts
    rows that the wanted model has not read yet; `says` tells a person all of it."""

    serving: str
    wanted: str
    rows: int
    waiting: int
    says: str


def embedder() -> Embedder | None:
    """The model that answers questions now, kept for the process; None when the words alone decide. Rooms give it to
    `find` and, for vectors at once, to `index.put`."""
    wanted = configured()
    if wanted is None:
        return None
    serving = _serving()
    return wanted if serving in {"", wanted.name} else _made(serving) or wanted


def state() -> State:
    """How the index stands. Raises StoreDown."""
    wanted = configured()
    with connection() as database:
        found = database.execute("SELECT name, serving, id FROM search.models").fetchall()
        rows = database.execute("SELECT count(*) FROM search.rows").fetchone()
        number = next((row[2] for row in found if wanted and row[0] == wanted.name), 0)
        waits = database.execute("SELECT count(*) FROM search.waiting WHERE model = %s", (number,)).fetchone()
    held = rows[0] if rows else 0
    waiting = 0 if wanted is None else held if not number else waits[0] if waits else 0
    answering = embedder()
    name = answering.name if answering else ""
    says = _sentence(name, wanted.name if wanted else "", held, waiting)
    return State(name, wanted.name if wanted else "", held, waiting, says)


def _sentence(serving: str, wanted: str, rows: int, waiting: int) -> str:
    if not serving:
        return why_none()
    if serving != wanted:
        left = f"{waiting:,} of {rows:,} entries are left"
        return f"{wanted} is reading everything anew: {left}. Until then {serving} answers questions."
    if waiting:
        return f"{serving} answers questions by meaning; {waiting:,} of {rows:,} entries are found by words alone yet."
    return f"{serving} answers questions by meaning; all {rows:,} entries are read."


def fill_soon() -> None:
    """Has the background give vectors to the rows that wait. Without a queue it happens within the minute."""
    try:
        defer("search.embed", once="search.embed", lock="search.embed")
    except StoreDown as error:
        log.warning("vectors_later", kind=error.kind)


def due() -> bool:
    """Whether rows wait for vectors, or vectors are over. Raises StoreDown."""
    wanted = configured()
    if wanted is None:
        return False
    with connection() as database:
        row = database.execute(
            "SELECT EXISTS (SELECT FROM search.waiting), EXISTS (SELECT FROM search.rows),"
            " EXISTS (SELECT FROM search.models WHERE name = %s AND serving), (SELECT count(*) FROM search.models)",
            (wanted.name,),
        ).fetchone()
    assert row is not None
    waits, rows, serves, models = row
    return waits or models > 1 or (rows and not serves)


def step(most: int = 256) -> int:
    """One step towards the wanted model: some rows get vectors, or it takes over, or old vectors go; how many rows got
    vectors, 0 when nothing is left to do now. Raises StoreDown, and what a model raises."""
    wanted = configured()
    if wanted is None:
        return 0
    serving = _serving()
    before = _made(serving) if serving not in {"", wanted.name} else None
    if before is not None and (count := _also(before, most)):
        return count
    if count := embed_missing(wanted, most=most):
        return count
    if serving != wanted.name:
        _take_over(wanted)
    _drop_old(wanted)
    return 0


def _also(before: Embedder, most: int) -> int:
    """What was written meanwhile gets vectors of the model that still serves, so that it can be found at once."""
    try:
        return embed_missing(before, most=most)
    except AwayModel as error:
        log.warning("old_embedding_model_away", model=before.name, error=error.message)
        return 0


def _take_over(wanted: Embedder) -> None:
    number = model_number(wanted, wanted.dimensions)
    with connection() as database:
        left = database.execute("SELECT FROM search.waiting WHERE model = %s LIMIT 1", (number,)).fetchone()
        if left is not None:
            return
        database.execute("UPDATE search.models SET serving = false, served_until = now() WHERE serving")
        database.execute("UPDATE search.models SET serving = true, served_until = NULL WHERE id = %s", (number,))
    log.info("embedding_model_serves", model=wanted.name)
    forget()


def _drop_old(wanted: Embedder) -> None:
    """The vectors of models that nobody asks any more, and their indexes."""
    with connection() as database:
        old = database.execute(
            "SELECT id FROM search.models WHERE NOT serving AND name <> %s"
            " AND coalesce(served_until, '-infinity') < now() - %s",
            (wanted.name, KEPT),
        ).fetchall()
        for (number,) in old:
            database.execute(sql(f"DROP INDEX IF EXISTS search.vectors_near_{int(number)}"))
            database.execute("DELETE FROM search.vectors WHERE model = %s", (number,))
            database.execute("DELETE FROM search.models WHERE id = %s", (number,))


def forget() -> None:
    """Has this process ask again which model serves."""
    with _lock:
        _served.clear()
        _known.clear()


def _serving() -> str:
    """The name of the model that serves, "" when none does or the store is away: then no vectors are read anyway."""
    place = settings().postgres_url
    found = _served.get(place)
    if found is not None and time.monotonic() < found[0]:
        return found[1]
    try:
        with connection() as database:
            row = database.execute("SELECT name FROM search.models WHERE serving").fetchone()
    except StoreDown:
        return ""
    name = str(row[0]) if row else ""
    _served[place] = (time.monotonic() + REMEMBERED, name)
    return name


def _made(name: str) -> Embedder | None:
    """The embedder of a model that serves still; None when it cannot be had any more."""
    with _lock:
        if name not in _known:
            _known[name] = by_name(name)
        return _known[name]
