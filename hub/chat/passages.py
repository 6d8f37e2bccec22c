"""A message as it stands in the search index: who said it and when before the text, long ones in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.models import estimate
from hub.search import Entry

LONGEST = 200
"""Tokens of one part: what the small embedding model reads with room for the line before it."""

_END = re.compile(r"[.!?]+[\"')\]»”’]*\s+|[。！？]+|\n+")  # noqa: RUF001
"""What ends a sentence or a line."""


def passages(
    item: str,
    group: str,
    place: int,
    *,
    speaker: str,
    day: str,
    text: str,
    at: datetime,
    seen: Sequence[str] = (),
    about: Mapping[str, Any] | None = None,
) -> list[Entry]:
    """The entries of one message. `seen`: what was shown with it (files, pictures), found with it too."""
    shown = f"{text} [{', '.join(seen)}]" if seen else text
    title = f"{day}\n{speaker}:"
    return [
        Entry(item, group, place, part, at, number, title, about=about or {})
        for number, part in enumerate(parts(shown))
    ]


def parts(text: str, most: int = LONGEST) -> list[str]:
    """`text` in parts of about `most` tokens, cut after sentences where there are any; blank parts are left out."""
    if len(text) <= most:  # no token is shorter than a character
        return [text] if text.strip() else []
    found: list[str] = []
    held, size = "", 0
    for piece in _pieces(text, most):
        tokens = estimate.tokens(piece)
        if held and size + tokens > most:
            found.append(held)
            held, size = "", 0
        held, size = held + piece, size + tokens
    return [part.strip() for part in [*found, held] if part.strip()]


def _pieces(text: str, most: int) -> Iterator[str]:
    """Sentences and lines; the words of one that alone is longer than a part."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        sentence, start = text[start:end], end
        if len(sentence) <= most or estimate.tokens(sentence) <= most:
            yield sentence
        else:
            yield from re.findall(r"\s*\S{1,40}|\s+", sentence)
