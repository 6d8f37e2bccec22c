"""A store that is frozen, not dead: its connections stay open and nothing answers."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from hub.db import postgres as postgres_store
from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
from hub.db.mongo import client, collection, reachable
from hub.errors import StoreDown
from tests.conftest import Configure
from tests.servers import frozen, server


@pytest.fixture
def mongo(tmp_path: Path, data_dir: Path, configure: Configure) -> Iterator[subprocess.Popen[bytes]]:
    """A server of this test's own, in use already."""
    store = EmbeddedMongo(tmp_path / "mongo", durable=False, auth=False)
    with server(store) as process:
        configure(mongo_url=store.url, store_timeout=1.5)
        collection("things").insert_one({"_id": 1})
        yield process
        client().close()


@pytest.fixture
def postgres(tmp_path: Path, data_dir: Path, configure: Configure) -> Iterator[list[int]]:
    """A server of this test's own with one open connection; the value is every process of it."""
    import psutil

    store = EmbeddedPostgres(tmp_path, durable=False)
    with server(store) as process:
        configure(postgres_url=store.url, store_timeout=1)
        one()
        yield [process.pid, *(child.pid for child in psutil.Process(process.pid).children())]
        postgres_store.close()


def find() -> None:
    with reachable():
        collection("things").find_one({"_id": 1})


def one() -> None:
    with postgres_store.connection() as connection:
        connection.execute("SELECT 1")


def seconds(call: Callable[[], None]) -> float:
    began = time.monotonic()
    with pytest.raises(StoreDown, match="does not answer"):
        call()
    return time.monotonic() - began


def until_it_works(call: Callable[[], None]) -> float:
    began = time.monotonic()
    while True:
        try:
            call()
            return time.monotonic() - began
        except StoreDown:
            assert time.monotonic() - began < 20


def test_a_frozen_mongo_is_said_after_a_while_and_then_at_once(mongo: subprocess.Popen[bytes]) -> None:
    with frozen([mongo.pid]):
        assert seconds(find) < 7  # a heartbeat's pause and patience, then one more try
        while seconds(find) > 0.1:
            pass
    assert until_it_works(find) < 4


def test_an_operation_that_only_takes_long_is_left_alone(mongo: subprocess.Popen[bytes]) -> None:
    things = collection("many")
    with reachable():
        things.insert_many([{"_id": number, "a": number, "b": "x" * 40} for number in range(12_000)])
        began = time.monotonic()
        while time.monotonic() - began < 4:  # longer than a store may be silent
            things.update_many({}, {"$inc": {"a": 1}})
        assert things.count_documents({"b": {"$regex": "y"}}) == 0


def test_a_frozen_postgres_is_said_after_a_while_and_then_at_once(postgres: list[int]) -> None:
    with frozen(postgres):
        assert seconds(one) < 8
        assert max(seconds(one) for _ in range(20)) < 0.1
    assert until_it_works(one) < 5


def test_postgres_that_freezes_in_the_middle_of_a_statement(postgres: list[int]) -> None:
    def slow() -> None:
        with postgres_store.connection() as connection:
            connection.execute("SELECT 1")
            with frozen(postgres):
                connection.execute("SELECT 2")

    assert seconds(slow) < 8
    assert until_it_works(one) < 5


def test_a_statement_that_only_takes_long_is_left_alone(postgres: list[int]) -> None:
    with postgres_store.connection() as connection:
        assert connection.execute("SELECT 7 FROM pg_sleep(4)").fetchone() == (7,)


def test_a_server_that_refuses_another_connection_counts_as_alive(postgres: list[int]) -> None:
    other = postgres_store.url().rsplit("/", 1)[0] + "/postgres"
    with postgres_store.connection() as connection, psycopg.connect(other, autocommit=True) as admin:
        admin.execute("ALTER DATABASE hub ALLOW_CONNECTIONS false")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(postgres_store.url())
        assert connection.execute("SELECT 7 FROM pg_sleep(2)").fetchone() == (7,)
