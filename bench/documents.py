"""Stores and a worker's work for benchmarks of documents: embedded servers that hold nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hub.db import indexes, postgres
from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres, EmbeddedStore
from hub.db.migrations import postgres as migrations
from hub.documents import store
from hub.files import read
from hub.settings import override


@contextmanager
def stores() -> Iterator[None]:
    """Both stores, empty, with their tables and indexes."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as held:
        mongo, tables = EmbeddedMongo(Path(folder) / "mongo"), EmbeddedPostgres(Path(folder) / "postgres")
        for one in (mongo, tables):
            held.callback(one.stop, _started(one))
        override(mongo_url=mongo.url, postgres_url=tables.url)
        migrations.apply()
        indexes.ensure(store.INDEXES)
        held.callback(postgres.close)
        held.callback(read.close)
        yield


def _started(one: EmbeddedStore) -> object:
    one.prepare()
    process = one.spawn()
    one.wait(process)
    return process
