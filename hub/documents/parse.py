"""From bytes to Markdown in pieces, so that the first pages of a long document are searched before the last are read.

All reading happens in the child process of `hub.files.read`, with its limits. Nothing that a document refers to is
fetched: references to pictures become their descriptions.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import PurePosixPath
from typing import Any

from hub.documents.records import Unit
from hub.errors import BadInput
from hub.files import loaders
from hub.files import read as files
from hub.files.records import Reading

FIRST_PAGES = 4
"""Pages of the first piece of a PDF: few, so that something is there soon."""
PAGES = 16
CHARACTERS = 30_000
"""About the length of a piece of what has no pages."""
LOOKED_AT = 50
"""Pages that are asked for at a time where the question is only whether there is text."""
SEEN_PAGES = 100
"""Pages of a scan that are described, at most."""
LEAST_LETTERS = 8

PDF = "application/pdf"
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_SLIDE = re.compile(r"<!-- Slide number: (\d+) -->\n?")
_SHEET = re.compile(r"^## ", re.MULTILINE)
_TABLES = frozenset({"csv", "tsv"})
_SEPARATORS = ",;\t|"
_TRIED = 50
"""Rows by which the separator of a table is found."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a document. `pages` are (page, start, end) in `text`; `done` counts units up to its end."""

    text: str
    done: int
    pages: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What is known of a document as a whole; `pieces` reads on as it is walked. `blind`: pictures (MIME, bytes) that
    only a model can read, one a unit."""

    total: int
    unit: Unit
    pieces: Iterator[Piece]
    kind: str = "markdown"
    title: str = ""
    mime: str = ""
    pdf: bool = False
    warnings: tuple[str, ...] = ()
    blind: Iterator[tuple[str, bytes]] | None = None


def parse(name: str, data: bytes, *, done: int = 0) -> Parsed:
    """Reads a document from unit `done` on, by a plugin's loader where there is one for it. Raises BadInput with the
    reason when it cannot be read."""
    bare = PurePosixPath(name).name
    loaded = loaders.load(bare, data)
    parsed = _parsed(bare, data, done, loaded.reading)
    return replace(parsed, warnings=(*loaded.said, *parsed.warnings))


def _parsed(bare: str, data: bytes, done: int, loaded: Reading | None) -> Parsed:
    if loaded is None and files.part(bare, data, "kind")[0]["kind"] == "pdf":
        return _pdf(bare, data, done)
    found = loaded or files.read(bare, data)
    if found.pictures:
        seen = iter([(one.mime, one.data) for one in found.pictures[done:]])
        return Parsed(len(found.pictures), "part", iter(()), mime=found.mime, blind=seen)
    ending = "md" if loaded else PurePosixPath(bare).suffix[1:].lower()
    text, unit, kind = _text(found.text, ending, found.mime)
    pieces = list(_pieces(text, unit))
    return Parsed(
        total=pieces[-1].done if pieces else 0,
        unit=unit,
        pieces=(piece for piece in pieces if piece.done > done),
        kind=kind,
        title=_title(text) if kind == "markdown" else "",
        mime=found.mime,
        warnings=found.warnings,
    )


def _pdf(name: str, data: bytes, done: int) -> Parsed:
    head, first = _pages(name, data, done, done + (PAGES if done else FIRST_PAGES))
    total = int(head["total"])
    if not _any_text(name, data, total):
        seen = _seen(name, data, done, min(total, SEEN_PAGES))
        kept = (f"Only the first {SEEN_PAGES} of its {total} pages are described.",) if total > SEEN_PAGES else ()
        return Parsed(min(total, SEEN_PAGES), "page", iter(()), "markdown", "", PDF, True, kept, seen)

    def pieces() -> Iterator[Piece]:
        texts, at = first, done
        while texts:
            yield _joined(texts, at)
            at += len(texts)
            texts = _pages(name, data, at, at + PAGES)[1] if at < total else []

    return Parsed(total, "page", pieces(), title=str(head["title"]), mime=PDF, pdf=True)


def _any_text(name: str, data: bytes, total: int) -> bool:
    return any(
        len(text.strip()) >= LEAST_LETTERS
        for start in range(0, total, LOOKED_AT)
        for text in _pages(name, data, start, start + LOOKED_AT)[1]
    )


def _seen(name: str, data: bytes, start: int, stop: int) -> Iterator[tuple[str, bytes]]:
    for page in range(start, stop):
        yield "image/jpeg", files.part(name, data, "picture", page=page, text="")[1]


def _pages(name: str, data: bytes, start: int, stop: int) -> tuple[dict[str, Any], list[str]]:
    head, body = files.part(name, data, "pages", start=start, stop=stop)
    texts: list[str] = []
    at = 0
    for length in head["lengths"]:
        texts.append(body[at : at + length].decode())
        at += length
    return head, texts


def _joined(texts: list[str], before: int) -> Piece:
    whole, pages = "", list[tuple[int, int, int]]()
    for number, text in enumerate(texts, before + 1):
        start = len(whole)
        whole += text + "\n\n"
        pages.append((number, start, len(whole)))
    return Piece(whole, before + len(texts), tuple(pages))


def _text(text: str, ending: str, mime: str) -> tuple[str, Unit, str]:
    """The text as Markdown or plain, in which unit it counts, and which of the two it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ending in _TABLES and mime.startswith("text/"):
        return _table(text), "part", "markdown"
    if mime.startswith("text/") and mime not in {"text/html", "text/markdown"}:
        plain = ending not in {"md", "markdown"}
        return text, "part", "plain" if plain else "markdown"
    if not mime.startswith(("text/", "application/vnd", "application/epub")):
        return text, "part", "plain"
    text = _PICTURE.sub(lambda found: found[1], text)
    if "presentationml" in mime:
        return text, "slide", "markdown"
    return text, "sheet" if "spreadsheetml" in mime else "part", "markdown"


def _table(text: str) -> str:
    """Rows as a Markdown table; text that is no table stays as it is."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=_separator(text)) if any(row)]
    except csv.Error:
        return text
    width = max(map(len, rows), default=0)
    if width < 2:
        return text
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _separator(text: str) -> str:
    """What stands between the cells: the sign that cuts most rows into as many cells as the first. A comma within
    numbers ("3,5;4,2") cuts the head otherwise than the rows."""

    def fitting(sign: str) -> tuple[int, int]:
        rows = [row for row in islice(csv.reader(io.StringIO(text), delimiter=sign), _TRIED) if row]
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows), width) if width > 1 else (0, 0)

    return max(_SEPARATORS, key=fitting)


def _pieces(text: str, unit: Unit) -> Iterator[Piece]:
    """Pieces of about the same length; slides and sheets keep their numbers as pages."""
    if unit in {"slide", "sheet"}:
        marks = list((_SLIDE if unit == "slide" else _SHEET).finditer(text))
        starts = [mark.start() for mark in marks] or [0]
        parts = [text[start:end] for start, end in pairwise([*starts, len(text)])]
        yield from _grouped([_SLIDE.sub("", part).strip() for part in parts])
        return
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = _cut(text, start)
        parts.append(text[start:end])
        start = end
    for number, part in enumerate(parts, 1):
        yield Piece(part, number)


def _grouped(parts: list[str]) -> Iterator[Piece]:
    held: list[str] = []
    for number, part in enumerate(parts):
        held.append(part)
        if sum(map(len, held)) >= CHARACTERS or number == len(parts) - 1:
            yield _joined(held, number + 1 - len(held))
            held = []


def _cut(text: str, start: int) -> int:
    """Where a piece that begins at `start` ends: at a heading, an empty line or a line's end, if there is one."""
    most = start + CHARACTERS
    if most >= len(text):
        return len(text)
    for mark in ("\n# ", "\n## ", "\n\n", "\n"):
        found = text.rfind(mark, start + CHARACTERS // 2, most)
        if found > 0:
            return found + 1
    return most


def _title(text: str) -> str:
    found = re.search(r"^(?:# +|\*\*Title:\*\* )(.{1,150})$", text[:2000], re.MULTILINE)  # the latter of an e-book
    return found[1].strip() if found else ""


def refuse_blind(name: str) -> BadInput:
    """Said of pictures when no model is there to read them."""
    return BadInput(
        f"{name} holds only pictures, no text that can be read.",
        hint="Choose a model that sees for this collection and retry, or add a copy with text in it.",
        kind="needs_sight",
    )
