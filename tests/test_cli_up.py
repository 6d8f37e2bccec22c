"""`hub up`: one command starts everything, one Ctrl-C ends it, and no crash of a part loses anything."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson
import psutil
import psycopg
import pytest
from pymongo.errors import PyMongoError

from hub.cli.programs import ROOT
from hub.cli.running import find
from hub.db.processes import free_port
from tests.cli.hub_process import HubProcess, hub_starting, hub_up, left_over


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """One hub for the tests that leave it running."""
    with hub_up(tmp_path_factory.mktemp("up") / "data") as running:
        yield running


def command(data: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environment |= {f"HUB_{name.upper()}": str(value) for name, value in {"data": data, **settings}.items()}
    return subprocess.run(
        [sys.executable, "-m", "hub", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )


def no_stores() -> dict[str, object]:
    """Settings that name servers which are not there."""
    mongo, postgres = free_port(), free_port()
    addresses = {"mongo_url": f"mongodb://127.0.0.1:{mongo}", "postgres_url": f"postgresql://127.0.0.1:{postgres}/hub"}
    return {**addresses, "store_timeout": 0.5}


def test_it_serves_and_says_where(hub: HubProcess) -> None:
    assert hub.running.url == f"http://127.0.0.1:{hub.port}"
    with urllib.request.urlopen(f"{hub.running.url}/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert hub.running.pid == hub.process.pid


def test_the_data_folder_and_what_holds_passwords_are_closed_to_others(hub: HubProcess) -> None:
    assert hub.data.stat().st_mode & 0o777 == 0o700
    for name in ["mongo.password", "postgres.password", "run/hub.json"]:
        assert (hub.data / name).stat().st_mode & 0o777 == 0o600


def test_a_second_start_on_the_same_folder_is_refused_with_the_pid(hub: HubProcess) -> None:
    second = command(hub.data, "up")
    assert second.returncode == 1
    assert f"process {hub.process.pid}" in second.stderr
    assert hub.process.poll() is None


def test_the_stores_ask_for_their_password(hub: HubProcess) -> None:
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure

    address = hub.running.mongo_url.rsplit("@", 1)[1].split("/")[0]
    with (
        MongoClient[dict[str, object]](f"mongodb://{address}/?directConnection=true") as stranger,
        pytest.raises(OperationFailure),
    ):
        stranger.hub.things.find_one({})
    address = hub.running.postgres_url.rsplit("@", 1)[1]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://hub:wrong@{address}")


def test_doctor_finds_a_running_hub_sound(hub: HubProcess) -> None:
    report = command(hub.data, "doctor", "--json", port=hub.port)
    found = orjson.loads(report.stdout)
    states = {check["part"]: check["state"] for check in found["checks"]}
    assert states["MongoDB"] == states["PostgreSQL"] == states["Hub"] == states["Data folder"] == "good", found
    assert report.returncode == (0 if found["ok"] else 1)
    assert all(check["todo"] for check in found["checks"] if check["state"] == "broken")


def test_doctor_says_what_to_do_about_servers_that_are_away(tmp_path: Path) -> None:
    missing = no_stores()
    secret = str(missing["mongo_url"]).replace("://", "://hub:geheim@")
    report = command(tmp_path / "data", "doctor", "--json", **{**missing, "mongo_url": secret})
    found = {check["part"]: check for check in orjson.loads(report.stdout)["checks"]}
    for part, variable in (("MongoDB", "HUB_MONGO_URL"), ("PostgreSQL", "HUB_POSTGRES_URL")):
        assert found[part]["state"] == "broken" and "does not answer" in found[part]["says"]
        assert variable in found[part]["todo"] and "127.0.0.1:" in found[part]["todo"]
    assert report.returncode == 1 and "geheim" not in report.stdout + report.stderr and not report.stderr


def test_acknowledged_writes_survive_the_killing_of_the_store(hub: HubProcess) -> None:
    with hub.mongo() as client:
        for number in range(200):
            client.hub.crash.insert_one({"number": number})
        hub.child("secantus").kill()
        hub.wait_for("SecantusDB is back")
        assert {row["number"] for row in client.hub.crash.find({})} == set(range(200))


def test_a_store_that_could_not_write_is_started_again_and_keeps_what_it_acknowledged(hub: HubProcess) -> None:
    """A full disk ends the store's engine, not its process; a limit on the size of its files does the same."""
    with hub.mongo() as client:
        things, kept = client.hub.full, 0
        hub.child("secantus").rlimit(psutil.RLIMIT_FSIZE, (0, psutil.RLIM_INFINITY))
        with suppress(PyMongoError):
            while kept < 500:
                things.insert_one({"_id": kept, "weight": os.urandom(500_000)})
                kept += 1
        assert kept < 500
        hub.wait_for("can store nothing any more")
        hub.wait_for("SecantusDB is back")
        assert {row["_id"] for row in things.find({}, {"_id": 1})} >= set(range(kept))
        things.insert_one({"_id": "after"})


def test_postgres_comes_back_on_the_same_address(hub: HubProcess) -> None:
    with psycopg.connect(hub.running.postgres_url) as connection:
        connection.execute("CREATE TABLE crash (number integer)")
        connection.execute("INSERT INTO crash VALUES (1)")
    hub.child("bin/postgres").kill()
    hub.wait_for("PostgreSQL is back")
    with psycopg.connect(hub.running.postgres_url) as connection:
        assert connection.execute("SELECT number FROM crash").fetchall() == [(1,)]


@pytest.mark.parametrize(("word", "name"), [("streamlit", "web"), ("hub worker", "worker")])
def test_a_process_that_dies_is_started_again_and_said_so(hub: HubProcess, word: str, name: str) -> None:
    before = hub.child(word)
    before.kill()
    assert "SIGKILL" in hub.wait_for(f"{name} ended")
    hub.wait_for(f"{name} is back")
    assert hub.child(word).pid != before.pid


def test_ctrl_c_ends_every_process_and_the_data_is_there_next_time(tmp_path: Path) -> None:
    with hub_up(tmp_path / "data") as first:
        with first.mongo() as client:
            client.hub.things.insert_one({"name": "kept"})
        family = first.family()
        assert len(family) >= 4
        assert first.interrupt() == 0
        assert left_over(family) == []
        assert find(first.data) is None
        assert not (first.data / "run" / "hub.json").exists()
    with hub_up(tmp_path / "data") as second, second.mongo() as client:
        assert client.hub.things.find_one({}, {"_id": 0}) == {"name": "kept"}


def test_killing_the_hub_leaves_no_process_and_the_next_start_works(tmp_path: Path) -> None:
    with hub_up(tmp_path / "data") as first:
        family = first.family()
        first.process.kill()
        assert left_over(family) == []
    with hub_up(tmp_path / "data") as second:
        assert second.running.pid == second.process.pid


def test_a_signal_while_it_starts_ends_it_too(tmp_path: Path) -> None:
    with hub_starting(tmp_path / "data") as hub:
        hub.wait_for("Starting")
        family = hub.family()
        hub.process.send_signal(signal.SIGHUP)
        assert hub.process.wait(60) == 0
        assert left_over(family) == []


def test_a_taken_port_is_said_and_the_next_free_one_used(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with hub_starting(tmp_path / "data", port=port, **no_stores()) as hub:
            said = hub.wait_for(f"Port {port} is taken")
            assert int(said.rstrip(".").rsplit(" ", 1)[1]) > port


def test_a_mongo_that_does_not_answer_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with hub_starting(tmp_path / "data", **no_stores()) as hub:
        hub.wait_for("The database does not answer")
        assert hub.process.wait(60) == 1
