"""Text as tokens: what is written in figures, and words with what each may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.schedules.when.words.lexicon import Lexicon

_FIGURES = (
    ("iso", re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(?:t(?=\d))?")),
    ("dmy", re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}(?![\d:.h]|\s?(?:uhr|h\b))))?(?!\d)")),
    ("slash", re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")),
    ("clock", re.compile(r"(\d{1,2})(?::|h)(\d{2})(?::(\d{2}))?(?!\d)")),
    ("past", re.compile(r"(?<![\d])(:)(\d{2})(?!\d)")),
    ("dotted", re.compile(r"(\d{1,2})[.,](\d{1,2})(?![\d])")),
    ("nth", re.compile(r"(\d{1,3})(?:st|nd|rd|th)\b")),
    ("nth.", re.compile(r"(\d{1,2})\.(?!\d)")),
    ("num", re.compile(r"(\d+)")),
    ("word", re.compile(r"[ap]\.\s?m\.?(?!\w)|[^\W\d_]+(?:['.](?=[^\W\d_])[^\W\d_]+)*\.?|[a-z]+'s?")),
    ("mark", re.compile(r"[-&@+]")),
    ("break", re.compile(r";")),
    ("comma", re.compile(r"[,()!?/]+|\.+")),
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure as it was written, and what it may be: values by kind."""

    text: str
    kinds: Mapping[str, Any]


def tidy(text: str) -> str:
    """Small letters, plain spaces, dashes and apostrophes."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return _SPACE.sub(" ", re.sub("[\u2018\u2019\u00b4`]", "'", text)).strip(" .!?,;")


def tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of tidy text. A word that the language does not have is of the kind "unknown"."""
    pieces = _pieces(text)
    found: list[Token] = []
    place = 0
    while place < len(pieces):
        token, length = _at(pieces, place, lexicon)
        if token is not None:
            found.append(token)
        place += length
    return found


def _pieces(text: str) -> list[tuple[str, re.Match[str]]]:
    pieces: list[tuple[str, re.Match[str]]] = []
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        for kind, pattern in _FIGURES:
            if match := pattern.match(text, place):
                pieces.append((kind, match))
                place = match.end()
                break
        else:
            match = re.compile(r".").match(text, place)
            assert match
            pieces.append(("word", match))
            place += 1
    return pieces


def _at(pieces: list[tuple[str, re.Match[str]]], place: int, lexicon: Lexicon) -> tuple[Token | None, int]:
    """The token that begins at `place`, None for a filler, and of how many pieces it is."""
    words = [match[0] for _, match in pieces[place : place + lexicon.longest]]
    for length in range(len(words), 0, -1):
        for form in _forms(words[:length]):
            kinds = lexicon.meanings.get(form)
            if kinds is None:
                continue
            if kinds.keys() == {"no"}:
                return None, length
            figures = _figures(*pieces[place], lexicon) if length == 1 else {}
            return Token(" ".join(words[:length]), {**figures, **kinds}), length
    kind, match = pieces[place]
    return Token(match[0], _figures(kind, match, lexicon) or {"unknown": None}), 1


def _forms(words: list[str]) -> list[tuple[str, ...]]:
    """As written, and without a dot behind the last word ("dec.")."""
    return [tuple(words), (*words[:-1], words[-1].rstrip(".").replace("'", ""))]


def _figures(kind: str, match: re.Match[str], lexicon: Lexicon) -> dict[str, Any]:
    if kind == "num":
        return {"num": int(match[1]), "digits": match[1]}
    if kind == "nth":
        return {"ord": int(match[1])}
    if kind == "nth.":
        return {"ord": int(match[1]), "num": int(match[1])} if lexicon.name == "german" else {"num": int(match[1])}
    if kind in ("iso", "dmy", "slash", "clock", "dotted"):
        return {kind: tuple(int(part) if part else None for part in match.groups())}
    if kind == "past":
        return {"colon": int(match[2])}
    if kind in ("comma", "break"):
        return {kind: None}
    if kind == "mark":
        return {"-": {"dash": None}, "+": {"and": None}, "&": {"and": None}}.get(match[0], {})
    return {}
