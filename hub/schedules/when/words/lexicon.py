"""Words of a language, each with what it may be to the grammar."""

from __future__ import annotations

from typing import Any

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
Meaning = tuple[str, Any]
"""A kind of word, and its value."""


class Lexicon:
    """Words and groups of words, written with one space between their tokens. One may mean several things: the grammar
    takes what fits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.meanings: dict[tuple[str, ...], dict[str, Any]] = {}
        self.longest = 1

    def add(self, kind: str, value: Any, *texts: str) -> None:
        """Each of `texts` may be of this kind, with this value. Umlauts may be spelled out."""
        for text in texts:
            for words in {tuple(text.split()), tuple(text.translate(_SPELLED_OUT).split())}:
                if words:
                    self.meanings.setdefault(words, {})[kind] = value
                    self.longest = max(self.longest, len(words))

    def refuse(self, message: str, hint: str, *texts: str) -> None:
        """Each of `texts` is understood, and cannot be taken."""
        self.add("refused", (message, hint), *texts)
