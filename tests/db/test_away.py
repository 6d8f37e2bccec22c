"""A PostgreSQL that is stopped and started again, under those who use it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from hub.db import postgres
from hub.db.embedded import EmbeddedPostgres
from hub.db.migrations import postgres as migrations
from hub.errors import StoreDown
from hub.jobs import defer
from tests.conftest import Configure
from tests.db.test_frozen import one, seconds, until_it_works

PATIENCE = 1.5
AT_ONCE = 0.1


class Machine:
    """A server that can be stopped and started at the same address."""

    def __init__(self, store: EmbeddedPostgres) -> None:
        self.store = store
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts without waiting for it."""
        self.store.prepare()
        self._process = self.store.spawn()
        return self._process

    def start(self) -> None:
        self.store.wait(self.launch())

    def stop(self) -> None:
        if self._process is not None:
            self.store.stop(self._process)
        self._process = None


@pytest.fixture
def machine(tmp_path: Path, data_dir: Path, configure: Configure) -> Iterator[Machine]:
    made = Machine(EmbeddedPostgres(tmp_path, durable=False))
    try:
        made.start()
        configure(postgres_url=made.store.url, store_timeout=PATIENCE)
        one()
        yield made
    finally:
        postgres.close()
        made.stop()


def several(count: int) -> None:
    """Leaves as many connections resting in the pool."""
    with ExitStack() as held:
        for _ in range(count):
            held.enter_context(postgres.connection()).execute("SELECT 1")


def test_a_dead_server_is_waited_for_once_and_back_within_two_seconds(machine: Machine) -> None:
    machine.stop()
    assert seconds(one) < PATIENCE + 1
    assert max(seconds(one) for _ in range(20)) < AT_ONCE
    machine.start()
    assert until_it_works(one) < 2


def test_many_who_come_at_once_wait_together(machine: Machine) -> None:
    machine.stop()
    began = time.monotonic()
    with ThreadPoolExecutor(30) as people:
        list(people.map(lambda _: seconds(one), range(30)))
    assert time.monotonic() - began < PATIENCE + 1
    assert seconds(one) < AT_ONCE


def test_the_job_queue_does_not_wait_either_and_comes_back(machine: Machine) -> None:
    migrations.apply()
    machine.stop()
    seconds(one)
    began = time.monotonic()
    with pytest.raises(StoreDown, match="cannot be queued") as caught:
        defer("tests.nothing")
    assert time.monotonic() - began < AT_ONCE
    assert isinstance(caught.value.__cause__, psycopg.OperationalError)
    machine.start()
    until_it_works(one)
    assert defer("tests.nothing") is not None


def test_a_server_that_was_never_there_is_found_when_it_comes(machine: Machine) -> None:
    machine.stop()
    postgres.close()
    assert seconds(one) < PATIENCE + 1
    assert seconds(one) < AT_ONCE
    machine.start()
    assert until_it_works(one) < 2


def test_who_comes_during_a_short_restart_is_served(machine: Machine, configure: Configure) -> None:
    configure(store_timeout=10)
    postgres.close()
    several(6)
    machine.stop()
    machine.launch()
    one()


def test_dead_connections_that_rest_cost_nobody_time_once_the_server_is_back(machine: Machine) -> None:
    several(8)
    machine.stop()
    machine.start()
    began = time.monotonic()
    one()
    assert time.monotonic() - began < 1


def test_a_full_server_serves_on_by_the_connections_there_are(machine: Machine) -> None:
    several(2)
    with ExitStack() as others, postgres.connection() as taken:
        with pytest.raises(psycopg.OperationalError, match=r"too many|remaining connection slots"):
            while True:
                others.enter_context(psycopg.connect(postgres.url()))
        taken.execute("SELECT 1")
        with postgres.connection() as second:
            second.execute("SELECT 1")
            assert seconds(one) < PATIENCE + 1
        assert until_it_works(one) < 2
