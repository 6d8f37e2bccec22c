"""A streaming answer as rendered blocks: drawn once, however many watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from hub.render.live import LiveMarkdown
from hub.render.markdown import Block
from hub.runs import Event

GAP = 1 / 15
"""Seconds between two drawings."""


class RunBlocks:
    """The blocks of all targets of one run. Every watcher feeds it from the first event; what it knows is skipped."""

    def __init__(self) -> None:
        self._seq = 0
        self._texts: dict[int, LiveMarkdown] = {}
        self._shown: dict[tuple[int, int], tuple[int, dict[str, Any]]] = {}
        self._version = 0

    def take(self, batch: Sequence[Event]) -> None:
        """Draws what is new in `batch`."""
        new: dict[int, list[str]] = {}
        ended: list[int] = []
        for event in batch:
            if event.seq <= self._seq:
                continue
            if event.type == "text":
                new.setdefault(event.target, []).append(event.text)
            elif event.type == "done":
                ended.append(event.target)
        self._seq = max(self._seq, batch[-1].seq)
        for target, pieces in new.items():
            self._note(target, self._texts.setdefault(target, LiveMarkdown()).feed("".join(pieces)))
        for target in ended:
            if target in self._texts:
                self._note(target, self._texts[target].finish())

    def _note(self, target: int, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self._version += 1
            wire = {"type": "block", "target": target, "index": block.index, "html": block.html, "tail": block.tail}
            self._shown.pop((target, block.index), None)  # so that the newest stand last
            self._shown[target, block.index] = (self._version, wire)

    def since(self, version: int) -> tuple[int, list[dict[str, Any]]]:
        """The blocks that changed after `version`, and the version that they make; 0 gives all of them."""
        changed: list[dict[str, Any]] = []
        for at, wire in reversed(self._shown.values()):
            if at <= version:
                break
            changed.append(wire)
        changed.sort(key=lambda wire: (wire["target"], wire["index"]))
        return self._version, changed


_runs: WeakValueDictionary[str, RunBlocks] = WeakValueDictionary()


def blocks_of(run: str) -> RunBlocks:
    """The blocks of a run, shared by all who watch it at the same time on the server's loop."""
    found = _runs.get(run)
    if found is None:
        found = _runs[run] = RunBlocks()
    return found
