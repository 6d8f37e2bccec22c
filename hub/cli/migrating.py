"""`hub migrate`."""

from __future__ import annotations

from collections.abc import Callable

import typer


def migrate() -> None:
    """Bring both stores to this version's form and end; for hubs spread over machines, before their processes start.

    A store that is only just starting is waited for, a minute at most.
    """
    from hub import log
    from hub.cli.migrate import migrate_mongo, migrate_postgres

    log.set_up("migrate")
    for name, apply in (("MongoDB", migrate_mongo), ("PostgreSQL", migrate_postgres)):
        steps = _when_up(apply)
        typer.echo(f"{name}: {', '.join(steps) if steps else 'nothing to do'}.")


def _when_up(apply: Callable[[], list[str]]) -> list[str]:
    import time

    from hub.errors import StoreDown

    end = time.monotonic() + 60
    while True:
        try:
            return apply()
        except StoreDown:
            if time.monotonic() > end:
                raise
            time.sleep(1)
