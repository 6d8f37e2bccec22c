"""Markdown to passages: cut at headings, then between sentences; tables between rows, with their head row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hub.documents.records import CollectionSettings
from hub.models import estimate

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
LONGEST_HEADING = 160
SEPARATOR = " > "

Headings = tuple[tuple[int, str], ...]
"""The headings above a place: (level, text), the outermost first."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage of a text: `start` and `end` are offsets in it, `text` is what stands there, after a table's head row
    where it begins within a table."""

    text: str
    start: int
    end: int
    headings: Headings
    tokens: int
    indexed: bool = True


def split(text: str, settings: CollectionSettings, above: Headings = (), *, plain: bool = False) -> list[Cut]:
    """The passages of `text` in order; `above` are the headings that it begins under."""
    found: list[Cut] = []
    for start, end, headings in _sections(text, above, plain):
        for first, last in _spans(text[start:end], settings):
            begin, stop = _stripped(text, start + first, start + last)
            if begin < stop:
                found.append(_cut(text, start, begin, stop, headings))
    return found


def headings_after(text: str, above: Headings = (), *, plain: bool = False) -> Headings:
    """The headings that what follows `text` stands under."""
    found = [headings for _, _, headings in _sections(text, above, plain)]
    return found[-1] if found else above


def path(headings: Headings) -> str:
    """The headings as one line."""
    return SEPARATOR.join(text for _, text in headings)


def _cut(text: str, section: int, start: int, end: int, headings: Headings) -> Cut:
    said = text[start:end]
    if head := _table_head(text[section:start], said):
        said = f"{head}\n{said}"
    lines = [line for line in said.splitlines() if line.strip()]
    contents = sum(bool(re.search(r"…\s*\d+\s*$", line)) for line in lines)
    return Cut(said, start, end, headings, estimate.tokens(said), indexed=contents * 2 <= len(lines))


def _sections(text: str, above: Headings, plain: bool) -> Iterator[tuple[int, int, Headings]]:
    """(start, end, headings) of what stands under each heading, without the heading's own line."""
    if plain:
        yield 0, len(text), above
        return
    headings, at = above, 0
    for section in _markdown_parser().get_nodes_from_documents([_document(text)]):
        said = section.get_content()
        start = text.find(said, at)
        if start < 0:  # a parser that rewrites what it cuts: offsets must not be guessed
            raise ValueError("A section of the document does not stand in it.")
        at = start + len(said)
        line = said.split("\n", 1)[0]
        if found := _HEADING.match(line):
            level = len(found[1])
            headings = (*(one for one in headings if one[0] < level), (level, found[2][:LONGEST_HEADING]))
            start += len(line)
        yield start, at, headings


@lru_cache(maxsize=1)
def _markdown_parser() -> Any:
    from llama_index.core.node_parser import MarkdownNodeParser

    return MarkdownNodeParser(include_metadata=False, include_prev_next_rel=False)


def _document(text: str) -> Any:
    from llama_index.core import Document

    return Document(text=text)


def _spans(text: str, settings: CollectionSettings) -> Iterator[tuple[int, int]]:
    """(start, end) of the passages of a section."""
    if not text.strip():
        return
    if estimate.tokens(text) <= settings.chunk_tokens:
        yield 0, len(text)
    elif any(line.lstrip().startswith("|") for line in text.splitlines()):
        yield from _packed(text, _blocks(text, settings), settings.chunk_tokens)
    else:
        yield from _sentences(text, settings)


def _blocks(text: str, settings: CollectionSettings) -> Iterator[tuple[int, int]]:
    """Rows of tables each alone, and what stands between tables cut between sentences."""
    start = at = 0
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("|"):
            if text[start:at].strip():
                yield from ((start + a, start + b) for a, b in _sentences(text[start:at], settings))
            yield at, at + len(line)
            start = at + len(line)
        at += len(line)
    if text[start:].strip():
        yield from ((start + a, start + b) for a, b in _sentences(text[start:], settings))


def _packed(text: str, blocks: Iterator[tuple[int, int]], most: int) -> Iterator[tuple[int, int]]:
    """Neighbouring blocks together as long as they have `most` tokens at most."""
    start = end = -1
    held = 0
    for first, last in blocks:
        tokens = estimate.tokens(text[first:last])
        if start >= 0 and held + tokens > most:
            yield start, end
            start, held = -1, 0
        start, end, held = (first if start < 0 else start), last, held + tokens
    if start >= 0:
        yield start, end


def _sentences(text: str, settings: CollectionSettings) -> Iterator[tuple[int, int]]:
    start, end = -1, 0
    for chunk in _splitter(settings.chunk_tokens, settings.overlap).split_text(text):
        after = end + len(text[end:]) - len(text[end:].lstrip())
        # Of the places where it may stand, the last that leaves no gap: repeated words occur many times.
        found = text.rfind(chunk, start + 1, after + len(chunk))
        if found < 0:
            if chunk in text:  # words that repeat for pages were placed too far on: less than this passage is left
                break
            raise ValueError("A passage of the document does not stand in it.")
        start, end = found, found + len(chunk)
        yield start, end
    if text[end:].strip():
        yield end, len(text)


@lru_cache(maxsize=16)
def _splitter(tokens: int, overlap: int) -> Any:
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(chunk_size=tokens, chunk_overlap=overlap, tokenizer=_tokens)


def _tokens(text: str) -> Sequence[int]:
    return range(estimate.tokens(text))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - (len(said) - len(said.rstrip()))


def _table_head(before: str, said: str) -> str:
    """The head row of the table that `said` goes on with, "" when it begins none or elsewhere."""
    if not said.startswith("|"):
        return ""
    rows: list[str] = []
    for line in reversed(before.rstrip("\n").split("\n")):
        if not line.lstrip().startswith("|"):
            break
        rows.insert(0, line)
    return "\n".join(rows[:2]) if len(rows) >= 2 and _RULE.match(rows[1]) else ""
