"""Reading an attached file in a child process that is limited, watched and killed as a group when it takes too long.

Each child reads one file. Office files need a library that loads for two seconds, so after the first of them the next
child is started ahead and waits, for a few minutes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

from hub.errors import BadInput
from hub.files.records import Picture, Reading

SECONDS = 90.0
SPARE_SECONDS = 300.0
SLOW = (b"PK\x03\x04", b"<")
"""How files begin that need the slow library."""

Child = subprocess.Popen[bytes]


def read(name: str, data: bytes) -> Reading:
    """The text or pictures of a file; raises BadInput (kind "unreadable") with the reason."""
    slow = data[:64].lstrip().startswith(SLOW) or name.lower().endswith((".html", ".htm"))
    child = _spare.take() if slow else _start()
    try:
        out, complaint = child.communicate(json.dumps({"name": name}).encode() + b"\n" + data, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise _slow(name) from error
    finally:
        _end(child)
        if slow:
            _spare.refill()
    return _reading(name, out, child.returncode, complaint)


def part(name: str, data: bytes, task: str, **arguments: object) -> tuple[dict[str, Any], bytes]:
    """What the child answers to `task` ("kind", "pages", "picture"; see `reader`): its head and what follows that.

    Raises BadInput (kind "unreadable") with the reason.
    """
    child = _start()
    try:
        header = json.dumps({"name": name, "task": task, **arguments}).encode()
        out, complaint = child.communicate(header + b"\n" + data, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise _slow(name) from error
    finally:
        _end(child)
    head, body = _head(name, out, child.returncode, complaint)
    return head, body


def close() -> None:
    """Ends the child that waits, if there is one."""
    _spare.close()


def _slow(name: str) -> BadInput:
    said = f"{name} could not be read within {SECONDS:.0f} seconds."
    return BadInput(said, hint="Attach a smaller file.", kind="unreadable")


def _head(name: str, out: bytes, code: int, complaint: bytes) -> tuple[dict[str, Any], bytes]:
    head, _, body = out.partition(b"\n")
    if code != 0 or not head:
        raise BadInput(
            f"{name} could not be read: {_cause(code, complaint)}.",
            hint="Save it in another way, for instance as PDF or text.",
            kind="unreadable",
        )
    found: dict[str, Any] = json.loads(head)
    if "error" in found:
        raise BadInput(found["error"]["message"], hint=found["error"]["hint"], kind="unreadable")
    return found, body


def _reading(name: str, out: bytes, code: int, complaint: bytes) -> Reading:
    found, body = _head(name, out, code, complaint)
    at = int(found["text"])
    pictures: list[Picture] = []
    for mime, size in cast(list[tuple[str, int]], found["pictures"]):
        pictures.append(Picture(mime, body[at : at + size]))
        at += size
    return Reading(
        found["kind"],
        found["mime"],
        body[: found["text"]].decode(),
        tuple(pictures),
        tuple(found["warnings"]),
        found["pages"],
    )


def _cause(code: int, complaint: bytes) -> str:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "it takes too much computing"
    if b"MemoryError" in complaint or b"bad_alloc" in complaint or code == -signal.SIGABRT:
        return "it needs too much memory"
    return "the reader failed on it"


def _start(*arguments: str) -> Child:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "reader", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        # Nothing of our environment, which may hold keys; numeric libraries stay on one thread.
        env={
            "PYTHONPATH": str(Path(__file__).parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        start_new_session=True,
    )


def _end(child: Child) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


class _Spare:
    """At most one child that has loaded the slow library and waits for a file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._timer: threading.Timer | None = None

    def take(self) -> Child:
        with self._lock:
            child, self._child = self._child, None
        if child is not None and child.poll() is None:
            return child
        return _start()

    def refill(self) -> None:
        with self._lock:
            if self._child is None:
                self._child = _start("--office")
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(SPARE_SECONDS, self.close)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            _end(child)


_spare = _Spare()
