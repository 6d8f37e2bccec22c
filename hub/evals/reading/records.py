"""A row out of the named values that a line of a table or of JSONL has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from hub.evals.reading import expected
from hub.evals.reading.imported import Heard
from hub.evals.records import CheckData, Row

PROMPT = ("prompt", "question", "input", "instruction")
EXPECTED = ("expected", "expected_output", "answer", "ideal", "target", "output")
SYSTEM = ("system", "system_prompt")
TAGS = ("tags", "tag", "category", "categories")
ID = ("id", "question_id", "task_id")
FILES = ("file", "files")
TURNS = ("turns", "messages")
MARK = "####"
"""GSM8K writes the number behind it."""
_TURN = re.compile(r"turn[ _-]?(\d+)")
_ASSERTION = re.compile(r"__expected(\d*)")
_METADATA = re.compile(r"__metadata:(.+?)(\[\])?")
_THRESHOLD = re.compile(r"__config:__expected(\d*):threshold")


@dataclass(slots=True)
class Read:
    """A row with the paths of the files it names, and whether its expected value stood behind "####"."""

    row: Row
    files: list[str] = field(default_factory=list[str])
    marked: bool = False


class Columns:
    """Which of the names in a file mean what; the others are variables. Letter case does not matter.

    With `of_promptfoo` only names that begin with two underscores mean something, as in the tests of its configs.
    """

    def __init__(self, names: list[str], *, of_promptfoo: bool = False) -> None:
        plain = {name.strip().lower(): name for name in reversed(names)}
        known = {} if of_promptfoo else plain
        self.prompt = self._first(known, PROMPT)
        self.expected = self._first(known, EXPECTED)
        self.system = self._first(known, SYSTEM)
        self.id = self._first(known, ID)
        self.many = self._first(known, TURNS)
        self.tags = [known[name] for name in TAGS if name in known]
        self.files = [known[name] for name in FILES if name in known]
        self.turns = [known[found[0]] for found in sorted(_all(_TURN, known), key=lambda one: int(one[1]))]
        self.assertions = {plain[found[0]]: found[1] or "1" for found in _all(_ASSERTION, plain)}
        self.thresholds = {found[1] or "1": plain[found[0]] for found in _all(_THRESHOLD, plain)}
        self.metadata = [(plain[found[0]], "" if found[2] else f"{found[1]}: ") for found in _all(_METADATA, plain)]
        told = {self.prompt, self.expected, self.system, self.id, self.many, *self.tags, *self.files, *self.turns}
        told |= {*self.assertions, *self.thresholds.values(), *(name for name, _ in self.metadata)}
        self.refused = [name for name in plain.values() if name.startswith("__") and name not in told]
        self.vars = [name for name in names if name not in told and name not in self.refused]

    @staticmethod
    def _first(plain: Mapping[str, str], names: tuple[str, ...]) -> str:
        return next((plain[name] for name in names if name in plain), "")


def read(record: Mapping[str, Any], columns: Columns, where: str, heard: Heard) -> Read:
    """The row of a record."""
    turns, system = _said(record, columns, where, heard)
    wanted, checks, marked = _wanted(record, columns, where, heard)
    given = cast(object, record.get("vars")) if "vars" in columns.vars else None
    variables = {name: text(record[name]) for name in columns.vars if record.get(name) is not None}
    if isinstance(given, dict):
        del variables["vars"]
        variables |= {str(key): text(one) for key, one in cast(dict[str, object], given).items()}
    if marked and "solution" not in variables:
        variables["solution"] = text(record[columns.expected])
    row = Row(
        id=text(record.get(columns.id)).strip(),
        turns=turns,
        vars={name: one for name, one in variables.items() if name.strip()},
        system=system or text(record.get(columns.system)),
        expected=wanted,
        tags=_tags(record, columns),
        checks=checks,
    )
    return Read(row, [path for name in columns.files for path in _listed(record.get(name))], marked)


def text(value: object) -> str:
    """A value as text: as it is, lines of a list of texts, else JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in cast(list[object], value)):
        return "\n".join(cast(list[str], value))
    return json.dumps(value, ensure_ascii=False)


def _said(record: Mapping[str, Any], columns: Columns, where: str, heard: Heard) -> tuple[tuple[str, ...], str]:
    """What the person says, and the system prompt of a list of messages."""
    many = record.get(columns.many) or record.get(columns.prompt)
    if isinstance(many, list):
        return _messages(cast(list[Any], many), where, heard)
    turns = [text(record.get(name)) for name in (columns.prompt, *columns.turns) if name]
    return tuple(one for one in turns if one.strip()), ""


def _messages(given: list[Any], where: str, heard: Heard) -> tuple[tuple[str, ...], str]:
    turns: list[str] = []
    system: list[str] = []
    for one in given:
        if not isinstance(one, dict):
            turns.append(text(one))
            continue
        message = cast(dict[str, Any], one)
        role = message.get("role")
        if role in ("system", "developer"):
            system.append(text(message.get("content")))
        elif role == "user":
            turns.append(text(message.get("content")))
        else:
            heard.say(f"{where}: a message of role {role} was left out; the model's own answers stand in its place.")
    return tuple(one for one in turns if one.strip()), "\n\n".join(system)


def _wanted(
    record: Mapping[str, Any], columns: Columns, where: str, heard: Heard
) -> tuple[str | None, tuple[CheckData, ...], bool]:
    """The expected value, checks of the row's own, and whether the value stood behind the mark."""
    checks: list[CheckData] = []
    wanted: str | None = None
    given = cast(object, record.get(columns.expected)) if columns.expected else None
    several = list(map(text, cast(list[object], given))) if isinstance(given, list) else []
    if len(several) > 1:
        checks.append({"kind": "contains", "value": several, "match": "any"})
        wanted = several[0]
    elif text(record.get(columns.expected)).strip():
        wanted = text(record.get(columns.expected))
    for name in columns.assertions:
        if not (written := text(record.get(name)).strip()):
            continue
        found = expected.check(written, record.get(columns.thresholds.get(columns.assertions[name], "")))
        if isinstance(found, str):
            heard.say(f"{where}: {name} was not taken: {found}.")
        elif found is not None:
            checks.append(found)
        elif wanted is None:
            wanted = written
            checks.append({"kind": "equals"})
        else:
            checks.append({"kind": "equals", "value": written})
    if wanted is not None and MARK in wanted:
        return wanted.rpartition(MARK)[2].strip(), tuple(checks), True
    return wanted, tuple(checks), False


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [text(one) for one in cast(list[object], value)]
    return [one.strip() for one in re.split(r"[,;|]", text(value)) if one.strip()]


def _tags(record: Mapping[str, Any], columns: Columns) -> tuple[str, ...]:
    found = [tag for name in columns.tags for tag in _listed(record.get(name))]
    return (*found, *(f"{label}{tag}" for name, label in columns.metadata for tag in _listed(record.get(name))))


def _all(pattern: re.Pattern[str], names: Mapping[str, str]) -> list[re.Match[str]]:
    return [found for name in sorted(names) if (found := pattern.fullmatch(name))]
