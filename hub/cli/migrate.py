"""Brings both stores to the form of this version of the code."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Annotated

import structlog
import typer

from hub.cli.session import AsJson, emit, telling
from hub.db import indexes
from hub.db.migrations import Migration, mongo, postgres
from hub.errors import StoreDown
from hub.settings import settings

STORES = (
    "hub.agents.ask_store",
    "hub.agents.store",
    "hub.chat.store",
    "hub.compare.store",
    "hub.db.beats",
    "hub.documents.store",
    "hub.evals.moment_store",
    "hub.evals.replies_store",
    "hub.evals.runs_store",
    "hub.evals.store_sets",
    "hub.evals.words_store",
    "hub.files.store",
    "hub.mcp.store",
    "hub.memory.store",
    "hub.models.catalogue",
    "hub.models.connections",
    "hub.notify.channels",
    "hub.people.store",
    "hub.plugins.store",
    "hub.projects.store",
    "hub.runs.store",
    "hub.schedules.arrivals",
    "hub.schedules.store",
    "hub.skills.store",
    "hub.tools.store",
    "hub.tools.openapi.store",
    "hub.tools.searching.chosen",
    "hub.tools.switches",
    "hub.tools.vectors",
    "hub.votes.store",
)
"""Every module with an `INDEXES` list: each store declares the indexes of its own collections."""


Say = Callable[[str], None]
PATIENCE_SECONDS = 60.0


def wanted() -> list[indexes.Index]:
    """The indexes of all stores."""
    return [index for name in STORES for index in import_module(name).INDEXES]


def migrate_mongo(say: Say | None = None, *, restoring: bool = False) -> list[str]:
    """Runs missing steps, after a backup, and ensures all indexes; returns the names of the steps that ran.

    `say` is told of the backup, else the log is. Raises StoreDown, NewerSchema, HalfRestored.
    """

    def before(steps: Sequence[Migration]) -> None:
        from hub.db.backup.before import keep

        if settings().migration_backups > 0:
            keep("migration", say or _log, settings().migration_backups)

    return mongo.apply(wanted(), before=(lambda steps: None) if restoring else before, restoring=restoring)


def migrate_postgres() -> list[str]:
    """Runs missing steps; returns their names. Raises StoreDown, NewerSchema.

    No backup comes first: the search index can be built anew from Mongo, and its steps leave the jobs alone.
    """
    return postgres.apply()


def wait_for_the_database() -> None:
    """Returns when Mongo answers and is in a form that this version knows; raises NewerSchema, HalfRestored."""
    while True:
        try:
            return mongo.check()
        except StoreDown as error:
            structlog.get_logger(__name__).warning("waiting_for_mongo", says=error.message)
            time.sleep(1)


def _log(line: str) -> None:
    structlog.get_logger(__name__).info("migration_backup", says=line)


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring both stores to the form of this version, as every start does. A server that is only just starting is
    waited for, a minute at most."""
    from hub.cli.stores import stores
    from hub.log import set_up

    set_up("migrate", quiet=True)
    with telling(as_json=as_json), stores(postgres=True, migrating=False):
        say: Say = lambda line: typer.echo(line, err=True)  # noqa: E731
        todo = {
            "mongo": _when_up(_pending if dry_run else partial(migrate_mongo, say)),
            "postgres": _when_up(postgres.pending if dry_run else migrate_postgres),
        }
    if as_json:
        emit({"ran" if not dry_run else "would_run": todo})
        return
    for store, names in todo.items():
        for name in names:
            typer.echo(f"{'Would run' if dry_run else 'Ran'} on {store}: {name}")
    if not any(todo.values()):
        typer.echo("Both stores are as this version wants them.")


def _pending() -> list[str]:
    return [step.name for step in mongo.pending()]


def _when_up(work: Callable[[], list[str]]) -> list[str]:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except StoreDown:
            if time.monotonic() > end:
                raise
            time.sleep(1)
