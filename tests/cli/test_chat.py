"""`hub chat`, `hub models` and `hub conversations`, with stores of their own and beside a hub that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from hub.cli.programs import ROOT
from hub.cli.running import find
from tests.cli.hub_process import hub_up


class Terminal:
    """Runs commands on one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        return subprocess.run(
            [sys.executable, "-m", "hub", *words],
            cwd=ROOT,
            env=environment | {"HUB_DATA": str(self.data), "HUB_DISCOVER_LOCAL": "false"},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def json(self, *words: str) -> Any:
        """What a command prints with --json; fails when it prints anything else."""
        done = self(*words, "--json")
        assert done.stdout, done.stderr
        return orjson.loads(done.stdout)


@pytest.fixture(params=["alone", "beside a running hub"], scope="module")
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    data = tmp_path_factory.mktemp("cli") / "data"
    if request.param == "alone":
        yield Terminal(data)
        return
    with hub_up(data, discover_local="false"):
        yield Terminal(data)


def test_a_conversation_goes_on_and_is_listed(hub: Terminal) -> None:
    first = hub.json("chat", "table fast")
    assert first["status"] == "done" and "|" in first["text"] and first["model"] == "demo/demo"
    assert first["usage"]["output"] > 0 and first["error"] is None
    second = hub("chat", "code fast", "--conversation", first["conversation"])
    assert second.returncode == 0 and "```python" in second.stdout
    assert first["conversation"] in [each["id"] for each in hub.json("conversations")]


def test_a_file_is_attached_and_a_missing_one_is_named(hub: Terminal, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The tide turns at six.")
    answer = hub.json("chat", "fast", "--file", str(note))
    assert answer["status"] == "done" and answer["error"] is None
    missing = hub("chat", "fast", "--file", str(tmp_path / "gone.txt"))
    assert missing.returncode == 1 and "There is no file" in missing.stderr


def test_an_error_is_one_object_and_a_status(hub: Terminal) -> None:
    done = hub("chat", "error credit", "--json")
    assert done.returncode == 1
    error = orjson.loads(done.stdout)["error"]
    assert error["kind"] == "no_credit" and error["message"] and error["hint"]


def test_standard_input_and_a_model_by_name(hub: Terminal) -> None:
    done = hub("chat", "-", "--model", "demo", "--temporary", given="fast")
    assert done.returncode == 0 and done.stdout.strip()
    unknown = hub("chat", "fast", "--model", "no such model", "--json")
    assert unknown.returncode == 1 and "no such model" in orjson.loads(unknown.stdout)["error"]["message"]


def test_models_say_what_is_unknown(hub: Terminal) -> None:
    (demo,) = [model for model in hub.json("models") if model["id"] == "demo/demo"]
    assert demo["default"] and demo["price"]["input"] is None and demo["context"]


def test_an_id_is_printed_whole(hub: Terminal) -> None:
    assert hub.json("chat", "fast")["conversation"] in hub("conversations").stdout
    assert "demo/demo (default)" in hub("models").stdout


@pytest.mark.parametrize("hub", ["beside a running hub"], indirect=True)
def test_a_conversation_keeps_its_parameters(hub: Terminal) -> None:
    running = find(hub.data)
    assert running is not None  # parameters are set in the browser or over HTTP
    turn = {"text": "table fast", "targets": [{"model": "demo/demo", "params": {"max_tokens": 5}}]}
    with httpx.Client(base_url=running.url, timeout=60) as client:
        sent = client.post("/api/runs", json=turn).raise_for_status().json()
        client.get(f"/api/runs/{sent['run']}/events?from=1").raise_for_status()
        assert hub.json("chat", "table fast", "--conversation", sent["conversation"])["usage"]["output"] == 5
        kept = client.get(f"/api/conversations/{sent['conversation']}").json()["conversation"]
    assert kept["params"]["max_tokens"] == 5
