"""A real `hub up` in a process of its own, followed by what it prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pymongo

from hub.cli.programs import ROOT
from hub.cli.running import Running, find
from hub.db.processes import free_port, kill_group

SECONDS = 90


class HubProcess:
    """`wait_for` returns the first line, not looked at yet, that holds the words."""

    def __init__(self, data: Path, **settings: object) -> None:
        self.data = data
        self.port = int(str(settings.setdefault("port", free_port())))
        values = {"data": data, "log_format": "json", **settings}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "hub", "up"],
            cwd=ROOT,
            env=environment | {f"HUB_{name.upper()}": str(value) for name, value in values.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._looked = 0
        self._news = threading.Condition()
        self._open = True
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._open = False
            self._news.notify_all()

    def wait_for(self, words: str) -> str:
        """The first new line with `words`; fails with everything printed when it does not come."""
        with self._news:
            found: list[str] = []

            def look() -> bool:
                while self._looked < len(self.lines):
                    self._looked += 1
                    if words in self.lines[self._looked - 1]:
                        found.append(self.lines[self._looked - 1])
                        return True
                return not self._open

            self._news.wait_for(look, SECONDS)
            assert found, f"{words!r} never came:\n" + "\n".join(self.lines)
            return found[0]

    @property
    def running(self) -> Running:
        """Where it is reached."""
        running = find(self.data)
        assert running
        return running

    def family(self) -> list[psutil.Process]:
        """Every process it started, and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process:
        """Its own child whose command holds `word`."""
        until = time.monotonic() + SECONDS
        while True:  # one that has just begun still has the command of its parent
            for child in psutil.Process(self.process.pid).children():
                if word in " ".join(child.cmdline()):
                    return child
            assert time.monotonic() < until, f"there is no child {word}"
            time.sleep(0.1)

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)

    def mongo(self) -> pymongo.MongoClient[dict[str, object]]:
        """A client of its store."""
        return pymongo.MongoClient(self.running.mongo_url, serverSelectionTimeoutMS=20_000)


def left_over(processes: list[psutil.Process]) -> list[str]:
    """Which of them do not end by themselves; one that only waits to be collected by init has ended."""
    _, alive = psutil.wait_procs(processes, timeout=30)
    return [said for process in alive if (said := _said(process))]


def _said(process: psutil.Process) -> str:
    """What a process is, "" when it has ended."""
    try:
        return f"{process.pid} {' '.join(process.cmdline())}"
    except psutil.NoSuchProcess:  # or a zombie
        return ""


@contextmanager
def hub_starting(data: Path, **settings: object) -> Generator[HubProcess]:
    """A hub that has just been started; afterwards it is stopped, hard if need be, whatever the test did."""
    hub = HubProcess(data, **settings)
    try:
        yield hub
    finally:
        if hub.process.poll() is None:
            hub.process.send_signal(signal.SIGTERM)
        try:
            hub.process.wait(SECONDS)
        finally:
            kill_group(hub.process)


@contextmanager
def hub_up(data: Path, **settings: object) -> Generator[HubProcess]:
    """A hub that is ready; stopped afterwards."""
    with hub_starting(data, **settings) as hub:
        hub.wait_for("LLM Hub is ready")
        yield hub
