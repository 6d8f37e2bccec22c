"""Two answers word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from hub.compare import panes
from hub.compare import store as comparisons
from hub.compare.show import conversation_of
from hub.db.who import Who
from hub.errors import BadInput

Mark = Literal["same", "gone", "new"]
Piece = tuple[Mark, str]
MOST_WORDS = 4_000
"""Words of a part up to which it is looked at word by word: the time grows with their square."""

_WORDS = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+")
_LINES = re.compile(r"[^\n]*\n+|[^\n]+")


def diff(who: Who, comparison: str, pane: str, other: str) -> tuple[Piece, ...]:
    """The newest answers of two panes in pieces: what both say, what only the first says ("gone"), what only the other
    says ("new"). The pieces without "new" are the first answer, those without "gone" the other."""
    found = comparisons.get(who, comparison)
    conversation_of(who, found)
    texts: list[str] = []
    for id_ in (pane, other):
        head = panes.head(who, panes.one(found, id_))
        if head is None or head["role"] != "assistant" or not head["text"]:
            raise BadInput("One of the two has not answered yet.", hint="Wait for it, or ask it again.")
        texts.append(head["text"])
    return pieces(*texts)


def pieces(one: str, other: str) -> tuple[Piece, ...]:
    """Two texts in pieces: first by lines, then by words where lines differ."""
    return tuple(_joined(_compared(_LINES.findall(one), _LINES.findall(other), fine=True)))


def _compared(one: Sequence[str], other: Sequence[str], *, fine: bool) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        before, after = one[a:b], other[c:d]
        if tag == "equal":
            yield "same", "".join(before)
            continue
        words = _WORDS.findall("".join(before)), _WORDS.findall("".join(after))
        if fine and tag == "replace" and max(map(len, words)) <= MOST_WORDS:
            yield from _compared(*words, fine=False)
            continue
        yield "gone", "".join(before)
        yield "new", "".join(after)


def _joined(found: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbouring pieces of one kind as one; empty ones go."""
    mark: Mark = "same"
    text = ""
    for now, more in found:
        if not more:
            continue
        if now != mark and text:
            yield mark, text
            text = ""
        mark, text = now, text + more
    if text:
        yield mark, text
