"""Rows out of JSONL, one object a line, and out of a JSON list of such objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from hub.errors import BadInput
from hub.evals.reading import records
from hub.evals.reading.imported import Heard

Record = dict[str, Any]


def rows(name: str, text: str, heard: Heard) -> Iterator[records.Read]:
    """The rows of JSONL in order; raises BadInput with the line of what cannot be read."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            where = f"{name}, line {number}"
            yield _row(_parsed(line, where), where, heard)


def listed(name: str, found: list[Any], heard: Heard) -> Iterator[records.Read]:
    """The rows of a list."""
    for number, one in enumerate(found, 1):
        yield _row(one, f"{name}, row {number}", heard)


def loaded(name: str, text: str) -> Any:
    """What a JSON text says; raises BadInput with the line."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{name}, line {error.lineno}: {error.msg}.") from error
    except RecursionError as error:
        raise BadInput(f"{name} is nested too deeply.") from error


def _parsed(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{where}: {error.msg} at character {error.colno}.", hint="JSONL has one whole JSON object a line."
        ) from error
    except RecursionError as error:
        raise BadInput(f"{where} is nested too deeply.") from error


def _row(found: Any, where: str, heard: Heard) -> records.Read:
    if isinstance(found, str):
        found = {"prompt": found}
    if not isinstance(found, dict):
        raise BadInput(f"{where}: this is no object.", hint='A row looks like {"prompt": "…", "expected": "…"}.')
    record = cast(Record, found)
    columns = records.Columns(list(record))
    for refused in columns.refused:
        heard.say(f"{where}: {refused} was not taken.")
    return records.read(record, columns, where, heard)
