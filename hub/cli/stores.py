"""Stores for a command: those of the running hub, the configured servers, or embedded ones for as long as it takes."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from hub.cli.running import claim, find
from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres, EmbeddedStore
from hub.errors import StoreDown
from hub.settings import override, settings


@contextmanager
def stores(*, postgres: bool = False, checking: bool = False, migrating: bool = True) -> Generator[bool]:
    """Within it `hub.db.mongo` works, and `hub.db.postgres` too if asked for; the value says whether a hub runs.

    With `checking` it goes on when a server cannot be migrated because it does not answer. Without `migrating` the
    stores are taken as they are, whatever state they are in.

    Raises AlreadyRunning when a hub on the folder is still starting, StartFailed when a server does not come up.
    """
    data = settings().data.absolute()
    running = find(data)
    if running is not None:
        override(mongo_url=running.mongo_url, postgres_url=running.postgres_url)
        yield True
        return
    with ExitStack() as held:
        wants_mongo, wants_postgres = not settings().mongo_url, postgres and not settings().postgres_url
        if wants_mongo or wants_postgres:
            held.enter_context(claim(data))
        if wants_mongo:
            override(mongo_url=held.enter_context(running_store(EmbeddedMongo(data))))
        if wants_postgres:
            override(postgres_url=held.enter_context(running_store(EmbeddedPostgres(data))))
        from hub.cli.migrate import migrate_mongo, migrate_postgres

        wanted = (migrate_mongo, migrate_postgres) if postgres else (migrate_mongo,)
        for migrate in wanted if migrating else ():
            try:
                migrate()
            except StoreDown:
                if not checking:
                    raise
        yield False


@contextmanager
def running_store(store: EmbeddedStore) -> Generator[str]:
    """An embedded store that runs meanwhile; its address."""
    store.prepare()
    process = store.spawn()
    try:
        store.wait(process)
        yield store.url
    finally:
        store.stop(process)
