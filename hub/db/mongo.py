"""The one MongoDB client of this process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bson import ObjectId
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, PyMongoError

from hub.db import disk
from hub.db.pulse import Pulse
from hub.errors import NotFound, StoreDown
from hub.settings import settings

Document = dict[str, Any]


HEARTBEAT_MS = 1000


@lru_cache(maxsize=2)
def _client(url: str) -> tuple[MongoClient[Document], Pulse]:
    patience = int(settings().store_timeout * 1000)
    pulse = Pulse()
    opened: MongoClient[Document] = MongoClient(
        url,
        serverSelectionTimeoutMS=patience,
        # Also how long a heartbeat may take: with its failure the driver breaks off every call to a frozen server. Each
        # call is then tried once more, so the first ones wait for this, a heartbeat's pause and `patience` together.
        connectTimeoutMS=patience * 2 // 3,
        heartbeatFrequencyMS=HEARTBEAT_MS,
        event_listeners=[pulse],
        # For a server that lives and never finishes; slow queries and large files have this time for each step.
        socketTimeoutMS=120_000,
        # SecantusDB closes connections that rested for five minutes.
        maxIdleTimeMS=120_000,
        maxPoolSize=64,
        tz_aware=True,
        appname="llm-hub",
    )
    return opened, pulse


def client() -> MongoClient[Document]:
    """The client for `settings().mongo_url`; it connects on first use and reconnects by itself."""
    url = settings().mongo_url
    if not url:
        raise StoreDown("No database is running.", hint="Start the hub with `make run`, or set HUB_MONGO_URL.")
    return _client(url)[0]


def database() -> Database[Document]:
    """The hub's database, times aware in UTC."""
    options: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)
    return client().get_database(settings().mongo_database, codec_options=options)


def collection(name: str) -> Collection[Document]:
    """One collection of the hub's database."""
    return database()[name]


def now() -> datetime:
    """The present in UTC with the millisecond precision that BSON keeps."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def object_id(text: str, what: str = "item") -> ObjectId:
    """The id in `text`, which stands for a `what`; raises NotFound for anything that is no id."""
    if not ObjectId.is_valid(text):
        raise NotFound(f"There is no such {what}.")
    return ObjectId(text)


def _away() -> StoreDown:
    return StoreDown("The database does not answer.", hint="Wait a moment and try again.")


@contextmanager
def reachable() -> Generator[None]:
    """Turns a store that does not answer into a StoreDown with a sentence for the person.

    One that has been silent for `store_timeout` is not waited for again: heartbeats go on and say when it is back.
    """
    url = settings().mongo_url
    if url and _client(url)[1].silent() > settings().store_timeout:
        raise _away()
    try:
        yield
    except PyMongoError as error:
        if disk.full():
            sentence = "The hub's disk is full, so the database stores nothing."
            hint = "Free some space; the database comes back by itself."
            raise StoreDown(sentence, hint=hint, kind="disk_full") from error
        if isinstance(error, ConnectionFailure):
            raise _away() from error
        raise StoreDown(
            f"The database refused the operation ({type(error).__name__}).", hint="See the hub's log."
        ) from error
