"""The search index alone: an embedded PostgreSQL that holds nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.db import postgres
from hub.db.embedded import EmbeddedPostgres
from hub.db.migrations import postgres as migrations
from hub.settings import override


@contextmanager
def index_alone(*, durable: bool = True) -> Iterator[None]:
    """An embedded PostgreSQL with an empty index."""
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedPostgres(Path(folder), durable=durable)
        store.prepare()
        process = store.spawn()
        try:
            store.wait(process)
            override(postgres_url=store.url)
            migrations.apply()
            yield
        finally:
            postgres.close()
            store.stop(process)
