"""What answers that begin together need of the stores and the rooms: asked once, however many models are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

from bson import ObjectId

from hub import hooks
from hub.chat import store
from hub.db.mongo import Document
from hub.db.who import Who
from hub.turns import Block, Citations, Turn


class _Said(NamedTuple):
    blocks: list[Block]
    notices: list[str]
    citations: Citations


class Shared:
    """Belongs to one run; its answers ask from several threads. Whoever comes second waits for what the first gets.

    `room` is what the smallest of the models has for a prompt: rooms give once, and to every model the same.
    """

    def __init__(self, rooms: Sequence[int | None]) -> None:
        known = [room for room in rooms if room is not None]
        self.room = min(known) if known else None
        self._reading, self._asking = Lock(), Lock()
        self._read: dict[tuple[ObjectId, int, int], list[Document]] = {}
        self._said: dict[tuple[str, bool], _Said] = {}

    def messages(self, who: Who, conversation: ObjectId, low: int, high: int) -> list[Document]:
        """As `store.messages`, of the moment when it was first asked for. Not to be changed."""
        key = (conversation, low, high)
        with self._reading:
            if key not in self._read:
                self._read[key] = store.messages(who, conversation, low, high)
            return self._read[key]

    def context(self, turn: Turn) -> tuple[list[Block], list[str], Turn]:
        """What the rooms give to `turn`, and the turn with the numbers of the sources in it."""
        key = (turn.question, turn.takes_tools)
        with self._asking:
            if key not in self._said:
                self._said[key] = _Said(*hooks.chat_context(turn), turn.citations)
            said = self._said[key]
        return list(said.blocks), list(said.notices), replace(turn, citations=said.citations.copy())
