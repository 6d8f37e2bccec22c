"""What went wrong, in a form that may be logged, kept and shown: where and of what kind, never with what values."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from hub.errors import HubError

MOST_FRAMES = 30
MOST_CAUSES = 4
_AROUND = ("hub/jobs/start.py", "procrastinate/", "asgiref/", "thread.py")
"""Where the frames around every job lie; they say nothing."""
_ROOT = str(Path(__file__).parents[1])


@dataclass(frozen=True, slots=True)
class Failure:
    """`kind` is the exception's type; `message` only what is written for people, "" for any other exception: those
    quote what they were given. `frames` is a traceback without the values and source lines."""

    kind: str
    message: str
    frames: str


def failure(error: BaseException) -> Failure:
    """What may be told of an exception."""
    message = error.message[:1_000] if isinstance(error, HubError) else ""
    return Failure(_kind(error), message, "\n".join(_chain(error)))


def _kind(error: BaseException) -> str:
    made = type(error)
    return made.__qualname__ if made.__module__ == "builtins" else f"{made.__module__}.{made.__qualname__}"


def _chain(error: BaseException) -> list[str]:
    lines: list[str] = []
    one: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if one is None:
            break
        lines = [*_frames(one), _kind(one), *(["", "and from that:", ""] if lines else []), *lines]
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return lines


def _frames(error: BaseException) -> list[str]:
    found = [(_place(one.filename), one.lineno, one.name) for one in traceback.extract_tb(error.__traceback__)]
    own = list(dropwhile(lambda one: one[0].startswith(_AROUND), found)) or found
    return [f"{place}:{line} in {name}" for place, line, name in own[-MOST_FRAMES:]]


def _place(file: str) -> str:
    """A file from the hub's folder on, or from the package's."""
    if "site-packages/" in file:
        return file.rsplit("site-packages/", 1)[1]
    return file.removeprefix(_ROOT + "/") if file.startswith(_ROOT + "/") else Path(file).name
