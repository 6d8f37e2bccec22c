"""A real `hub up` on a data folder of its own, and the fake provider beside it."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import psutil

from hub.settings import override

ROOT = Path(__file__).parent.parent


@dataclass
class Hub:
    """A running hub. `process` is the supervisor, `started` the seconds from its start to the URL being served."""

    url: str
    process: subprocess.Popen[str]
    data: Path
    started: float

    def web(self) -> psutil.Process:
        """The web process."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            if any(part.endswith("app.py") for part in child.cmdline()) and "streamlit" in " ".join(child.cmdline()):
                return child
        raise RuntimeError("the hub has no web process")


@contextmanager
def hub(data: Path | None = None) -> Generator[Hub]:
    """Starts a hub, makes this process use its stores, and stops it at the end."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as scratch:
        folder = data or Path(scratch) / "data"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HUB_") and not k.endswith("_API_KEY")}
        environment |= {"HUB_DATA": str(folder), "HUB_PORT": "8601", "HUB_DISCOVER_LOCAL": "false"}
        began = time.perf_counter()
        log = (Path(scratch) / "hub.log").open("w+")
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "up"], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True
        )
        try:
            url = _wait_for_url(folder, process, Path(scratch) / "hub.log")
            running = Hub(url, process, folder, time.perf_counter() - began)
            _use_stores(folder)
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
            log.close()


def _wait_for_url(folder: Path, process: subprocess.Popen[str], log: Path, limit: float = 120) -> str:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the hub ended with {process.returncode}:\n{log.read_text()}")
        record = folder / "run" / "hub.json"
        if record.exists() and (url := orjson.loads(record.read_bytes()).get("url")):
            try:
                if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                    return url
            except httpx.HTTPError:
                pass
        time.sleep(0.02)
    raise RuntimeError(f"the hub did not answer within {limit} s:\n{log.read_text()}")


def _use_stores(folder: Path) -> None:
    record = orjson.loads((folder / "run" / "hub.json").read_bytes())
    override(data=folder, mongo_url=record["mongo_url"], postgres_url=record["postgres_url"])


@contextmanager
def provider(*arguments: str) -> Generator[str]:
    """The fake provider in a process of its own; yields its base URL (".../v1")."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.openai_server", "--port", "0", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        if not select.select([process.stdout], [], [], 20)[0]:
            raise RuntimeError("the fake provider did not start")
        found = re.search(r"http://[\d.]+:\d+(/v1)?", process.stdout.readline())
        if not found:
            raise RuntimeError("the fake provider printed no URL")
        yield found.group(0) if found.group(1) else found.group(0) + "/v1"
    finally:
        process.terminate()
        process.wait(10)


def connect(base_url: str, model: str = "fake") -> str:
    """Adds a connection to the fake provider and makes `model` the default; returns the model's id."""
    from hub.db.who import OWNER
    from hub.models import catalogue, connections
    from hub.models.blocking import wait_for

    connection = connections.add(OWNER, "openai_compatible", name="Bench", key="bench-key", base_url=base_url)
    wait_for(catalogue.refresh(OWNER, connection))
    model_id = f"{connection.id}/{model}"
    catalogue.set_default(OWNER, model_id)
    return model_id
