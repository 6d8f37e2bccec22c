"""The reading process: `python -m reader [--office]`, one file from standard input, the result on standard output.

Input: a line of JSON {"name"}, then the bytes to the end. Output: a line of JSON, then the text and the pictures.
With "task" in the line it is asked for a part: {"task": "pages", "start", "stop"} for the Markdown of some pages of a
PDF, {"task": "picture", "page", "text"} for a drawn page, {"task": "kind"} for what the file is.
With `--office` the slow library is loaded before the input is waited for.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from .cage import shut
from .found import Found
from .refusal import Refusal
from .sniff import kind_of, mismatch

MEMORY_MB = 3_000
CPU_SECONDS = 60
MOST_TEXT = 10_000_000
"""Characters of text that are kept of one file."""


def main() -> None:
    """Reads one file and ends."""
    shut(MEMORY_MB, CPU_SECONDS)
    converter = None
    if "--office" in sys.argv:
        from . import office

        converter = office.prepare()
    line = sys.stdin.buffer.readline()
    if not line:  # the hub has ended while this process waited
        return
    header = json.loads(line)
    data = sys.stdin.buffer.read()
    try:
        if "task" in header:
            _part(header, data)
        else:
            _answer(read(header["name"], data, converter))
    except Refusal as refusal:
        _write({"error": {"message": refusal.message, "hint": refusal.hint}})
    except MemoryError:
        _write({"error": {"message": f"{header['name']} needs too much memory to be read.", "hint": "Attach less."}})


def read(name: str, data: bytes, converter: object = None) -> Found:
    """What is in the file. Each kind's library is loaded only for that kind."""
    if not data:
        raise Refusal(f"{name} is empty.", "Attach a file with content.")
    kind = kind_of(name, data)
    if kind == "pdf":
        from . import pdf

        found = pdf.read(name, data)
    elif kind == "image":
        from . import image

        found = image.read(name, data)
    elif kind == "text":
        from . import text

        found = text.read(name, data)
    else:
        from . import office

        found = office.read(name, kind, data, converter)  # pyright: ignore[reportArgumentType]
    said = mismatch(name, kind)
    found.warnings[:0] = [said] if said else []
    if len(found.text) > MOST_TEXT:
        found.warnings.append(f"Only the first {MOST_TEXT:,} of {len(found.text):,} characters were kept.")
        found.text = found.text[:MOST_TEXT]
    return found


def _part(header: dict[str, Any], data: bytes) -> None:
    from . import pages

    name = header["name"]
    if header["task"] == "kind":
        _write({"kind": kind_of(name, data) if data else "empty"})
    elif header["task"] == "pages":
        head, bodies = pages.read(name, data, header["start"], header["stop"])
        _write(head, *bodies)
    else:
        head, bodies = pages.picture(name, data, header["page"], header["text"])
        _write(head, *bodies)


def _answer(found: Found) -> None:
    text = found.text.encode("utf-8", "replace")
    head = {
        "kind": found.kind,
        "mime": found.mime,
        "text": len(text),
        "pictures": [[mime, len(data)] for mime, data in found.pictures],
        "warnings": found.warnings,
        "pages": found.pages,
    }
    _write(head, text, *(data for _, data in found.pictures))


def _write(head: object, *bodies: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    for body in bodies:
        out.write(body)
    out.flush()


if __name__ == "__main__":
    main()
