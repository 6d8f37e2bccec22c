"""Background work on documents. Arguments are ids only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import structlog

from hub.db.mongo import Document as Row
from hub.db.mongo import now
from hub.documents import add, shelve, store
from hub.documents.holdings import KEPT
from hub.documents.ingest import ingest
from hub.jobs import periodic, task

log = structlog.get_logger(__name__)

UNTOUCHED = timedelta(seconds=45)
"""A document on its way that nobody has touched for so long is queued again; the queue drops what it has already."""


@task("documents.ingest", queue="ingestion")
def work(*, document: str) -> None:
    """Reads, cuts and indexes one document, from where it is."""
    ingest(document)


@task("documents.serve", queue="ingestion")
def serve(*, document: str) -> None:
    """Makes the index say what the store says of one document."""
    index(document)


@periodic("documents.sweep", cron="* * * * *", queue="ingestion")
def sweep() -> None:
    """Queues what is stuck without a job, and purges what was removed a day ago."""
    for row in store.stuck(now() - UNTOUCHED):
        add.enqueue(row)
    purge()


def index(document: str) -> int:
    """Makes the index say what the store says of one document, gone ones too; how many passages are new."""
    row = store.load(document)
    owner = store.collection_row(row["collection"]) if row else None
    if row is None or owner is None:
        return 0
    if row["removed_at"] is not None:  # a collection that is removed stays in the index for its day, and is not read
        shelve.take_out(row, owner)
        return 0
    return shelve.serve(row, owner)


def purge() -> None:
    """Removes for good what was removed a day ago: documents, and collections with all they hold."""
    before = now() - KEPT
    purge_collections(store.removed_collections(before))
    for row in store.removed_before(before):
        owner = store.collection_row(row["collection"])
        if owner is not None:
            shelve.take_out(row, owner)
        store.purge(row)


def purge_collections(owners: Iterable[Row]) -> None:
    """Removes collections for good, with all they hold."""
    for owner in owners:
        for row in [*store.of_collection(owner["_id"]), *store.of_collection(owner["_id"], removed=True)]:
            shelve.take_out(row, owner)
            store.purge(row)
        store.purge_collection(owner)
