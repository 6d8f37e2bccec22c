"""The steps of the PostgreSQL database: pgvector, and the tables of the job queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources

from hub.db.gate import newer
from hub.db.migrations import Migration
from hub.db.postgres import Database, connection, sql
from hub.errors import StoreDown

_LOCK = 7_305_808_869
"""Any number of our own: the key of the advisory lock."""


def _extensions() -> None:
    with connection() as database:
        database.execute("CREATE EXTENSION IF NOT EXISTS vector")


def _file(name: str) -> Callable[[], None]:
    """The step that runs an SQL file of this folder."""

    def run() -> None:
        with connection() as database:
            database.execute(sql((resources.files("hub.db.migrations") / name).read_text()))

    return run


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "pgvector", _extensions),
    Migration(2, "search index", _file("search.sql")),
    Migration(3, "search: rows that wait for vectors", _file("search_waiting.sql")),
    Migration(4, "search: totals of groups", _file("search_totals.sql")),
    Migration(5, "jobs that go back into the queue", _file("jobs_again.sql")),
    Migration(6, "search: graphs with more care", _file("search_graph.sql")),
    Migration(7, "jobs: workers, failures and counts", _file("jobs.sql")),
)
"""Every step so far, without those of the job queue, which come with its package."""


def apply(steps: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """Runs the steps that did not run yet, ours and the job queue's; returns their names.

    Raises StoreDown, NewerSchema.
    """
    with connection() as guard:
        guard.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        with connection() as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS migrations"
                " (name text PRIMARY KEY, number integer, at timestamptz NOT NULL DEFAULT now())"
            )
            rows = database.execute("SELECT name, number FROM migrations").fetchall()
        _refuse_newer({number for _, number in rows}, steps)
        ran = _job_queue({name for name, _ in rows})  # first: a step of ours may be about its tables
        for step in sorted(steps, key=lambda step: step.number):
            if step.number not in {number for _, number in rows}:
                step.run()
                with connection() as database:
                    _record(database, step.name, step.number)
                ran.append(step.name)
        return ran


def pending(steps: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """The names of the steps that have not run, in order. Raises StoreDown, NewerSchema."""
    with connection() as database:
        there = database.execute("SELECT to_regclass('migrations')").fetchone()
        rows = database.execute("SELECT name, number FROM migrations").fetchall() if there and there[0] else []
    _refuse_newer({number for _, number in rows}, steps)
    done = {name for name, _ in rows}
    missing = [name for name in _of_job_queue() if name not in done]
    queue = ["job queue"] if len(missing) == len(_of_job_queue()) else missing
    left = sorted((step for step in steps if step.name not in done), key=lambda step: step.number)
    return [*queue, *(step.name for step in left)]


def _refuse_newer(done: set[int | None], steps: Sequence[Migration]) -> None:
    """Steps of the job queue have no number: its package minds older versions of itself."""
    knows = max((step.number for step in steps), default=0)
    if (newest := max((number for number in done if number), default=0)) > knows:
        raise newer("The search and job store", newest, knows)


def _record(database: Database, name: str, number: int | None = None) -> None:
    database.execute("INSERT INTO migrations (name, number) VALUES (%s, %s)", (name, number))


def _of_job_queue() -> dict[str, str]:
    """The package's migration files by the names under which we record them, in order."""
    files = (resources.files("procrastinate.sql") / "migrations").iterdir()
    names = sorted(file.name for file in files if file.name.endswith(".sql"))
    return {f"procrastinate {name.removesuffix('.sql')}": name for name in names}


def _job_queue(done: set[str]) -> list[str]:
    """The package's whole schema the first time, later only the migration files that a newer package brings."""
    folder = resources.files("procrastinate.sql")
    names = _of_job_queue()
    missing = [name for name in names if name not in done]
    if not missing:
        return []
    first = len(missing) == len(names)
    with connection() as database:
        if first:
            database.execute(sql((folder / "schema.sql").read_text()))
        for name in missing:
            if not first:
                database.execute(sql((folder / "migrations" / names[name]).read_text()))
            _record(database, name)
    return ["job queue"] if first else missing


def check() -> tuple[str, str]:
    """The versions of PostgreSQL and pgvector; raises StoreDown."""
    with connection() as database:
        row = database.execute(
            "SELECT current_setting('server_version'), (SELECT extversion FROM pg_extension WHERE extname = 'vector')"
        ).fetchone()
    if row is None:
        raise StoreDown("PostgreSQL gave no answer.", hint="See the server's log.")
    return str(row[0]), str(row[1] or "")
