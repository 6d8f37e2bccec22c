"""Runs as a program of its own: starts an MCP server with limits, and ends it with all its children when either ends.

`python -I launch.py NAMES COMMAND ARGS...`, NAMES as JSON: the variables of the environment that the server gets, no
others. It imports nothing of the hub.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType

MB = 1024 * 1024
LIMITS = {
    resource.RLIMIT_CPU: 3600,
    # Node reserves tens of GB of addresses that it never touches, so what counts is the limit on what it can write to.
    resource.RLIMIT_AS: 64 * 1024 * MB,
    resource.RLIMIT_DATA: 2048 * MB,
    resource.RLIMIT_FSIZE: 512 * MB,
    resource.RLIMIT_NOFILE: 1024,
    resource.RLIMIT_CORE: 0,
}
MORE_PROCESSES = 256
_PARENT_DEATH = 1


def main() -> None:
    """Starts the server, waits for its end, leaves nobody of its group behind."""
    names, command = json.loads(sys.argv[1]), sys.argv[2:]
    environment = {name: os.environ[name] for name in names if name in os.environ}
    parent = os.getppid()
    signal.signal(signal.SIGTERM, _end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGTERM)
        if os.getppid() != parent:
            return
    child = os.fork()
    if child == 0:
        _become(command, environment)
    # Only the server holds the pipes: when it ends, the hub sees the end of its output at once.
    for pipe in (0, 1):
        os.close(pipe)
    _, status = os.waitpid(child, 0)
    os.write(2, f"It ended with {_how(os.waitstatus_to_exitcode(status))}.\n".encode())
    os.killpg(0, signal.SIGKILL)


def _end(number: int, frame: FrameType | None) -> None:
    os.killpg(0, signal.SIGKILL)


def _become(command: list[str], environment: dict[str, str]) -> None:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for kind, most in LIMITS.items():
            _limit(kind, most)
        if sys.platform == "linux" and os.getuid() != 0:  # root is not held to it
            _limit(resource.RLIMIT_NPROC, _running() + MORE_PROCESSES)
        os.nice(5)
        os.execvpe(command[0], command, environment)
    except OSError as error:
        os.write(2, f"{command[0]} cannot be started: {error.strerror}.\n".encode())
    finally:
        os._exit(127)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def _running() -> int:
    """How many threads this user has: the limit counts all of them, the hub's own too."""
    count = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and entry.stat().st_uid == os.getuid():
                count += len(list((entry / "task").iterdir()))
        except OSError:  # it ended meanwhile
            continue
    return count


def _how(code: int) -> str:
    return f"status {code}" if code >= 0 else signal.Signals(-code).name


if __name__ == "__main__":
    main()
