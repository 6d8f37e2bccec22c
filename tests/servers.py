"""Stores that a test may freeze or kill, because nobody else uses them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager

import psutil

from hub.db.embedded import EmbeddedStore


@contextmanager
def server(store: EmbeddedStore) -> Generator[subprocess.Popen[bytes]]:
    """A store of the test's own, killed afterwards."""
    store.prepare()
    process = store.spawn()
    try:
        store.wait(process)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def frozen(pids: list[int]) -> Generator[None]:
    """Processes that stand still, neither dead nor answering, and go on afterwards."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    still = {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}  # one that just ended, and whose frozen parent cannot know
    while any(psutil.Process(pid).status() not in still for pid in pids):
        pass  # each of its threads has to stop
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
