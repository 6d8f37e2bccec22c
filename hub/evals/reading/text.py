"""The text in the bytes of a file."""

from __future__ import annotations

import codecs

from hub.errors import BadInput
from hub.evals.reading.imported import Heard

LARGEST = 100_000_000
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(name: str, data: bytes, notes: Heard) -> str:
    """UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1, which is noted; every line ends with a
    line feed alone. Raises BadInput."""
    if len(data) > LARGEST:
        raise BadInput(f"{name} has {len(data) / 1e6:,.0f} MB; {LARGEST // 1_000_000} MB are the most.")
    encoding = next((encoding for mark, encoding in _MARKED if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise BadInput(f"{name} begins like {encoding}, but is not: {error.reason}.") from error
        line = data.count(b"\n", 0, error.start) + 1
        notes.say(f"{name} is not UTF-8 (line {line}); it was read as Latin-1. Look at letters with accents.")
        text = data.decode("latin-1")
    if "\0" in text[:10_000]:
        raise BadInput(f"{name} is not a text file.", hint="CSV, JSONL, JSON and YAML are read.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
