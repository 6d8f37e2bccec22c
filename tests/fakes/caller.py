"""A fake model that calls the tools that its question names: one line a round, "call NAME JSON && NAME JSON".

"#id" before a name sets the id of the call. When every line is done it says what the last tool gave. Without tools of
its own it prints the calls as text.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

Json = dict[str, Any]


class Made(NamedTuple):
    id: str
    name: str
    arguments: str


def asked(messages: list[Json]) -> tuple[list[list[Made]], int, str]:
    """The rounds that the newest question with calls in it names, how many are done, and what the last tool gave."""
    at = max((n for n, one in enumerate(messages) if one["role"] == "user" and _lines(text(one))), default=None)
    if at is None:
        return [], 0, ""
    rounds = [_calls(line, number) for number, line in enumerate(_lines(text(messages[at])))]
    after = messages[at + 1 :]
    done = sum(one["role"] == "assistant" for one in after)
    gave = [one for one in after if one["role"] == "tool" or "<tool_response>" in text(one)]
    return rounds, done, text(gave[-1]) if gave else ""


def told(message: Json, mark: str) -> list[Made]:
    """The calls that one message names, with ids that hold `mark`."""
    lines = _lines(text(message))
    return [made._replace(id=f"{made.id}_{mark}") for number, line in enumerate(lines) for made in _calls(line, number)]


def text(message: Json) -> str:
    """All text of a message."""
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _lines(said: str) -> list[str]:
    return re.findall(r"^call (.+)$", said, re.MULTILINE)


def _calls(line: str, number: int) -> list[Made]:
    made: list[Made] = []
    for place, one in enumerate(line.split(" && ")):
        found = re.fullmatch(r"(?:#(\S+) )?(\S+) ?(.*)", one.strip(), re.DOTALL)
        assert found, one
        made.append(Made(found[1] or f"call_{number}_{place}", found[2], found[3] or "{}"))
    return made
