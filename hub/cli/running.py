"""Which hub runs on a data folder: a lock that ends with its process, and a file that says where to reach it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from hub.db.processes import private_folder
from hub.errors import HubError


class AlreadyRunning(HubError):
    """Another process holds the data folder; `pid` is its process id."""

    kind = "already_running"

    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(
            f"A hub already runs on {folder} (process {pid}).",
            hint="Use that one, stop it with Ctrl-C, or give this one another folder with HUB_DATA.",
        )
        self.pid = pid


@dataclass(frozen=True, slots=True)
class Running:
    """A hub that is up. The addresses hold passwords: the file is 0600."""

    pid: int
    url: str
    mongo_url: str
    postgres_url: str


@contextmanager
def claim(data: Path) -> Generator[None]:
    """Holds `data` for this process, made 0700 when new; raises AlreadyRunning. A dead process holds nothing."""
    folder = private_folder(private_folder(data) / "run")
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(data, os.pread(handle, 20, 0).decode().strip() or "unknown") from error
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        try:
            yield
        finally:
            _file(data).unlink(missing_ok=True)
    finally:
        os.close(handle)


def announce(data: Path, running: Running) -> None:
    """Writes where the hub is, for the other commands; complete or not at all."""
    fresh = _file(data).with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(orjson.dumps(asdict(running)))
    fresh.replace(_file(data))


def find(data: Path) -> Running | None:
    """The hub that runs on `data`; None when there is none, or when it has not come up yet."""
    try:
        handle = os.open(data / "run" / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        file = _file(data)
        return Running(**orjson.loads(file.read_bytes())) if file.exists() else None
    finally:
        os.close(handle)


def _file(data: Path) -> Path:
    return data / "run" / "hub.json"
