"""`hub backup`, `hub restore` and `hub migrate` as a person types them, on embedded stores."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson

from hub.cli.programs import ROOT
from hub.db.embedded import EmbeddedMongo
from tests.cli.hub_process import hub_up
from tests.servers import server

SEED = """
from hub.cli.stores import stores
from bench import seed
with stores():
    for number in range({count}):
        seed.conversation(10, f"Conversation {{number}}")
"""


def hub(data: Path, *words: str, text: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", *words], cwd=ROOT, env=environment(data, **more), capture_output=True, text=text,
        timeout=90,
    )  # fmt: skip


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return kept | {"HUB_DATA": str(data), "HUB_DISCOVER_LOCAL": "false", **more}


def seeded(data: Path, count: int) -> None:
    subprocess.run([sys.executable, "-c", SEED.format(count=count)], cwd=ROOT, env=environment(data), check=True)


def everything(data: Path) -> str:
    return orjson.loads(hub(data, "backup", "--hash", "--json").stdout)["hash"]


def test_there_and_back_and_what_is_said(tmp_path: Path) -> None:
    data, other, place = tmp_path / "data", tmp_path / "other", tmp_path / "all.hubbackup"
    seeded(data, 5)
    there = everything(data)
    made = hub(data, "backup", str(place))
    assert made.returncode == 0
    assert made.stdout == ""
    assert "55 documents" in made.stderr
    assert str(data / "secret.key") in made.stderr  # without a passphrase: how to keep the key
    piped = hub(data, "backup", "-", text=False)
    assert piped.returncode == 0
    (tmp_path / "piped").write_bytes(piped.stdout)  # pyright: ignore[reportArgumentType]
    phrase = tmp_path / "phrase"
    phrase.write_text("correct horse\n")
    hidden = hub(data, "backup", str(tmp_path / "hidden"), "--passphrase-file", str(phrase), "--json")
    assert orjson.loads(hidden.stdout) | {"encrypted": True, "hash": there, "one_moment": True} == orjson.loads(
        hidden.stdout
    )
    done = hub(other, "restore", str(tmp_path / "piped"), "--json")
    assert orjson.loads(done.stdout)["hash"] == everything(other) == there
    again = hub(other, "restore", str(place))
    assert again.returncode == 1
    assert "not empty: 50 messages, 5 conversations" in again.stderr
    wrong = hub(other, "restore", "--replace", str(tmp_path / "hidden"), HUB_BACKUP_PASSPHRASE="wrong")
    assert wrong.stderr.startswith("The passphrase is wrong. Nothing was changed.")
    right = hub(other, "restore", "--replace", str(tmp_path / "hidden"), HUB_BACKUP_PASSPHRASE="correct horse")
    assert right.returncode == 0
    assert "Backed up in" in right.stderr
    assert (other / "secret.key").read_text() == (data / "secret.key").read_text()
    assert everything(other) == there


def test_a_running_hub_is_backed_up_and_not_restored_over(tmp_path: Path) -> None:
    with hub_up(tmp_path / "data") as running:
        made = hub(running.data, "backup", str(tmp_path / "all"))
        assert made.returncode == 0
        refused = hub(running.data, "restore", "--replace", str(tmp_path / "all"))
        assert refused.returncode == 1
        assert "The hub is running. Nothing was changed." in refused.stderr
    assert hub(tmp_path / "other", "restore", str(tmp_path / "all")).returncode == 0


def test_a_restore_that_was_killed_leaves_a_hub_that_does_not_start_until_it_is_done(tmp_path: Path) -> None:
    data, other, place = tmp_path / "data", tmp_path / "other", tmp_path / "all.hubbackup"
    seeded(data, 400)
    there = everything(data)
    assert hub(data, "backup", str(place)).returncode == 0
    killed_while_restoring(other, place)
    for words in (["up"], ["web"], ["worker"], ["conversations"]):
        refused = tried(other, words)
        assert refused.returncode == 1
        assert "half restored: the restore of all.hubbackup" in refused.stderr + refused.stdout
    assert hub(other, "restore", str(place)).returncode == 0
    assert everything(other) == there


def killed_while_restoring(data: Path, place: Path) -> None:
    """Kills a restore, with -9, when the first messages are there."""
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "restore", str(place)], cwd=ROOT, env=environment(data), start_new_session=True
    )
    while process.poll() is None:
        url = address(data)
        if not url:
            time.sleep(0.05)
            continue
        try:
            with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=500) as client:
                while not client.hub.messages.find_one({}, {"_id": 1}) and process.poll() is None:
                    pass
        except PyMongoError:
            continue
        os.kill(process.pid, signal.SIGKILL)
        break
    assert process.wait() == -signal.SIGKILL


def address(data: Path) -> str:
    """Where the store on a folder listens, as its command line says; empty while there is none."""
    import psutil

    password = data / "mongo.password"
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if str(data / "secantus") in words and "--auth" in words and "--port" in words and password.exists():
            port = words[words.index("--port") + 1]
            return (
                f"mongodb://hub:{password.read_text().strip()}@127.0.0.1:{port}/?authSource=admin&directConnection=true"
            )
    return ""


def test_a_store_of_a_newer_hub_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    seeded(data, 1)
    newer = "from hub.cli.stores import stores\nfrom hub.db.mongo import collection\nwith stores():\n    collection("
    newer += "'migrations').insert_one({'number': 1_000, 'name': 'of the future'})"
    subprocess.run([sys.executable, "-c", newer], cwd=ROOT, env=environment(data), check=True)
    for words in (["up"], ["web"], ["migrate"], ["migrate", "--dry-run"], ["conversations"], ["worker"]):
        refused = tried(data, words)
        assert refused.returncode == 1, words
        assert "it is at migration 1000" in refused.stderr + refused.stdout
    found = hub(data, "doctor", "--json")
    assert any("at migration 1000" in check["says"] for check in orjson.loads(found.stdout)["checks"])


def tried(data: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """A command on a data folder; a process that others start has its store started for it."""
    if words not in (["web"], ["worker"]):
        return hub(data, *words)
    store = EmbeddedMongo(data)
    with server(store):
        return hub(data, *words, HUB_MONGO_URL=store.url)


def test_a_dry_run_says_what_a_migration_would_do(tmp_path: Path) -> None:
    first = hub(tmp_path / "data", "migrate", "--dry-run")
    assert "Would run on postgres: job queue" in first.stdout
    assert hub(tmp_path / "data", "migrate", "--dry-run").stdout == first.stdout
    assert "Ran on postgres: search index" in hub(tmp_path / "data", "migrate").stdout
    assert "Both stores are as this version wants them." in hub(tmp_path / "data", "migrate", "--dry-run").stdout
