"""The stores that come with the hub: made once, found again, cleaned up after a crash."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres, EmbeddedStore
from hub.db.processes import StartFailed, private_folder


@contextmanager
def running(store: EmbeddedStore, *, crash: bool = False) -> Generator[str]:
    store.prepare()
    process = store.spawn()
    try:
        store.wait(process)
        yield store.url
    finally:
        if crash:
            os.killpg(process.pid, signal.SIGKILL)
        store.stop(process)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder inside a folder that is closed to everyone but us, like one under /root."""
    return private_folder(private_folder(tmp_path / "closed") / "data")


def test_postgres_keeps_data_and_password_over_a_crash(data: Path) -> None:
    with running(EmbeddedPostgres(data), crash=True) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE things (name text)")
        connection.execute("INSERT INTO things VALUES ('kept')")
        connection.commit()
    assert (data / "postgres" / "postmaster.pid").exists()
    with running(EmbeddedPostgres(data)) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT name FROM things").fetchall() == [("kept",)]
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_lock_file_whose_process_is_another_program_now_does_not_stop_the_start(data: Path) -> None:
    store = EmbeddedPostgres(data, durable=False)
    store.prepare()
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data / 'postgres'}\n")
    with running(store) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_left_over_is_ended_first(data: Path) -> None:
    left = EmbeddedPostgres(data, durable=False)
    left.prepare()
    process = left.spawn()
    left.wait(process)
    with running(EmbeddedPostgres(data, durable=False)):
        assert process.wait(10) == 0


def test_an_interrupted_first_time_is_begun_again(data: Path) -> None:
    private_folder(data / "postgres.new").joinpath("half").write_text("made")
    with running(EmbeddedPostgres(data, durable=False)):
        assert not (data / "postgres.new").exists()
        assert not (data / "postgres.words").exists()


def test_a_broken_store_says_what_its_log_says(data: Path) -> None:
    store = EmbeddedPostgres(data, durable=False)
    store.prepare()
    (data / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(StartFailed, match="ended while it started") as caught, running(store):
        pass
    assert "no_such_setting" in caught.value.hint


def test_mongo_wants_the_generated_password_and_has_one_user(data: Path) -> None:
    with running(EmbeddedMongo(data), crash=True) as url:
        with MongoClient[dict[str, object]](url) as client:
            client.hub.things.insert_one({"name": "kept"})
            assert [user["user"] for user in client.admin["system.users"].find({})] == ["hub"]
        stranger = MongoClient[dict[str, object]](f"mongodb://{url.rsplit('@', 1)[1].split('?')[0]}")
        with stranger, pytest.raises(OperationFailure):
            stranger.hub.things.find_one({})


def test_whoever_came_before_the_password_does_not_stay(data: Path) -> None:
    store = EmbeddedMongo(data)
    store.prepare()
    with running(EmbeddedMongo(data, auth=False), crash=True) as url, MongoClient[dict[str, object]](url) as stranger:
        stranger.hub.command("createUser", "stranger", pwd="x", roles=["root"])
        assert len(list(stranger.admin["system.users"].find({}))) == 2
    with running(store, crash=True) as url, MongoClient[dict[str, object]](url) as client:
        assert [user["user"] for user in client.admin["system.users"].find({})] == ["hub"]


def test_the_engine_that_made_the_folder_keeps_it(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert EmbeddedMongo(data).engine == "mongod"
    (data / "secantus").mkdir()
    assert EmbeddedMongo(data).engine == "secantus"
