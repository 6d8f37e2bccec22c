"""CSV: one line a cell, text and verdict in columns of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from hub.evals.export import flat
from hub.evals.export.report import Report

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BLOCK = 200


def write(report: Report) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, since Excel takes it for Latin-1 otherwise.

    A text that a spreadsheet would run as a formula gets an apostrophe before it, numbers such as -5 do not; the other
    forms have every text as it is.
    """
    columns = list(flat.columns(report))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_safe(name) for name in columns])
    yield b"\xef\xbb\xbf"
    for number, record in enumerate(flat.records(report), 1):
        writer.writerow([_cell(record.get(name)) for name in columns])
        if number % BLOCK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _safe(value) if isinstance(value, str) else repr(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) and not _number(text) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data
