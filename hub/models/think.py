"""Reasoning that a model writes into its text: `<think>...</think>` at the very beginning of the answer."""

from __future__ import annotations

from hub.models.types import Reasoning, Text

_TAGS = (("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>"))


class ThinkTags:
    """Splits streamed text into reasoning and text. Only a tag before the first word counts, so that an answer
    about such tags stays as it is. Pieces may be split anywhere."""

    def __init__(self) -> None:
        self._held = ""
        self._close = ""
        self._state = "before"
        self._thought = False

    @property
    def finished(self) -> bool:
        """Whether everything from here on is plain text."""
        return self._state == "after"

    def feed(self, text: str) -> list[Text | Reasoning]:
        """What is certain after `text`."""
        if self._state == "after":
            return [Text(text)]
        if self._state == "gap":
            return self._gap(text)
        self._held += text
        return self._before() if self._state == "before" else self._inside()

    def end(self) -> list[Text | Reasoning]:
        """What was held back when the answer ended."""
        held, self._held = self._held, ""
        if not held:
            return []
        return [Reasoning(held)] if self._state == "inside" else [Text(held)]

    def _before(self) -> list[Text | Reasoning]:
        start = self._held.lstrip()
        for opening, closing in _TAGS:
            if start.startswith(opening):
                self._state, self._close = "inside", closing
                self._held = start[len(opening) :]
                return self._inside()
        if not start or any(opening.startswith(start) for opening, _ in _TAGS):
            return []
        text, self._held, self._state = self._held, "", "after"
        return [Text(text)]

    def _inside(self) -> list[Text | Reasoning]:
        if not self._thought:
            self._held = self._held.lstrip("\n")
        thought, closing, rest = self._held.partition(self._close)
        if closing:
            self._held, self._state = "", "gap"
            return [*([Reasoning(thought)] if thought else []), *self._gap(rest)]
        safe = len(self._held) - _overlap(self._held, self._close)
        thought, self._held = self._held[:safe], self._held[safe:]
        self._thought = self._thought or bool(thought)
        return [Reasoning(thought)] if thought else []

    def _gap(self, text: str) -> list[Text | Reasoning]:
        """The line feeds between the reasoning and the first word belong to neither."""
        text = text.lstrip("\n")
        if not text:
            return []
        self._state = "after"
        return [Text(text)]


def _overlap(text: str, word: str) -> int:
    """The length of the longest end of `text` that begins `word`."""
    for length in range(min(len(text), len(word) - 1), 0, -1):
        if word.startswith(text[-length:]):
            return length
    return 0
