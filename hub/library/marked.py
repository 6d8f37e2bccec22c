"""The part of a text that shows why it was found, cut into pieces that are marked or not: nothing to escape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from hub.library.records import Pieces

LONGEST = 240
"""Characters of a passage that are shown."""
_LEAD = 60
"""Of them, how many stand at most before the first word that was found."""

_MARKUP = re.compile(r"```+\w*|\*\*|__|(?m:^\s{0,3}(?:#{1,6}|>|[-*+])\s+)")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def words_of(words: str) -> list[str]:
    """The words to mark for a question, in the form in which they are compared."""
    return list(dict.fromkeys(_WORD.findall(_folded(words))))


def marked(text: str, words: Sequence[str], most: int = LONGEST) -> Pieces:
    """At most about `most` characters of `text`, around where most of `words` stand, as one line without Markdown."""
    line = " ".join(_MARKUP.sub(" ", text).split())
    places = _places(line, words)
    start, end = _window(line, places, most)
    pieces = [("…", False)] if start else []
    at = start
    for begin, stop in places:
        if start <= begin and stop <= end:
            pieces += [(line[at:begin], False), (line[begin:stop], True)]
            at = stop
    pieces.append((line[at:end], False))
    if end < len(line):
        pieces.append(("…", False))
    return tuple(piece for piece in pieces if piece[0])


def _places(line: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand, in order and apart from each other."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(line):
        folded = _folded(match[0])
        if any(_same(folded, word) for word in words):
            found.append(match.span())
        elif _UNSPACED.search(folded):
            found += _inside(match, [word for word in words if _UNSPACED.search(word)])
    return found


def _inside(match: re.Match[str], words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in a run of a script that is written without spaces."""
    if not words:
        return []
    longest_first = sorted(words, key=len, reverse=True)
    wanted = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    return [(match.start() + one.start(), match.start() + one.end()) for one in wanted.finditer(match[0])]


def _same(folded: str, word: str) -> bool:
    """Whether a word of the text is the one asked for, or one that begins like it and may be another form of it."""
    if folded == word:
        return True
    stem = word[: max(4, len(word) - 2)] if len(word) > 4 else word
    return len(stem) >= 3 and folded.startswith(stem) and len(folded) - len(word) <= 4


def _window(line: str, places: Sequence[tuple[int, int]], most: int) -> tuple[int, int]:
    if len(line) <= most:
        return 0, len(line)
    starts = [begin for begin, _ in places] or [0]
    best = max(starts, key=lambda start: (len(_kinds(line, places, start, start + most - _LEAD)), -start))
    start = max(0, min(best - _LEAD, len(line) - most))
    if start:
        start = min(line.find(" ", start, best) + 1 or start, best)
    end = min(len(line), start + most)
    if end < len(line):
        end = max(line.rfind(" ", start + most // 2, end), start + most // 2)
    return start, end


def _kinds(line: str, places: Sequence[tuple[int, int]], start: int, end: int) -> set[str]:
    return {_folded(line[begin:stop])[:4] for begin, stop in places if start <= begin and stop <= end}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
