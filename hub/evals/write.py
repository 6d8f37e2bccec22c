"""Writes what a worker has found out: cells as soon as they are finished, then the boards that count them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.evals import moment_store, pages, run_content, runs_store, words_store
from hub.evals.pages import LeaseLost, Page, Status
from hub.evals.records import Cell
from hub.evals.words_store import Said


@dataclass(slots=True)
class Batch:
    """What is to be written."""

    boards: list[tuple[Page, dict[int, Any], Status]] = field(default_factory=list[tuple[Page, dict[int, Any], Status]])
    verdicts: dict[int, Document] = field(default_factory=dict[int, Document])
    words: list[tuple[int, list[Said]]] = field(default_factory=list[tuple[int, list[Said]]])
    live: list[Document] = field(default_factory=list[Document])
    whole: list[str] = field(default_factory=list[str])


Finished = tuple[Document, Callable[[], None]]
"""A cell's document, and what is called when it is stored."""


class Writer:
    """Collects on the event loop; `write` runs in a thread, one batch at a time."""

    def __init__(self, who: Who, run_id: str, worker: str) -> None:
        self._who = who
        self._run = run_id
        self._worker = worker
        self._finished: list[Finished] = []
        self.unsaved = asyncio.Event()
        self._verdicts: dict[int, Document] = {}
        self._texts: dict[int, str] = {}
        self._shown: set[int] = set()
        self._whole: list[int] = []

    def add(self, cell: Cell, key: str, stored: Callable[[], None]) -> None:
        """A cell that is finished; `stored` is called when it is stored."""
        self._finished.append((run_content.cell_document(self._who, self._run, cell, key), stored))
        self.unsaved.set()
        if cell.index in self._shown:
            self._shown.discard(cell.index)
            self._texts.pop(cell.index, None)
            self._whole.append(cell.index)

    def finished(self) -> list[Finished]:
        """The cells that are not stored yet, as many as go in one write; they stay until `saved`."""
        return self._finished[: runs_store.AT_ONCE]

    def put(self, batch: Sequence[Finished]) -> None:
        """Stores cells; doing it twice does no harm."""
        runs_store.put_cells(self._who, [document for document, _ in batch])

    def saved(self, batch: Sequence[Finished]) -> None:
        """The cells are stored."""
        del self._finished[: len(batch)]
        if not self._finished:
            self.unsaved.clear()
        for _, stored in batch:
            stored()

    def judged(self, cell: Cell) -> None:
        """What checks say of a cell that was added before."""
        self._verdicts[cell.index] = {"verdicts": run_content.verdict_documents(cell.verdicts)}

    @property
    def talking(self) -> bool:
        """Whether there is new text of watched cells."""
        return bool(self._texts)

    def show(self, index: int, text: str) -> None:
        """The text so far of a cell that is watched."""
        self._texts[index] = text
        self._shown.add(index)

    def collect(self, held: Sequence[tuple[Page, Status]]) -> Batch:
        """Takes everything that is new, with the boards of pages that have changed or are given back."""
        batch = Batch(verdicts=self._verdicts)
        self._verdicts = {}
        for page, status in held:
            if page.changes or status != "leased":
                batch.boards.append((page, dict(page.changes), status))
                page.changes.clear()
            if status == "done":
                batch.words.append((page.number, list(page.said.values())))
        batch.live = [self._live(index, text) for index, text in self._texts.items()]
        batch.whole = [runs_store.cell_id(self._run, index) for index in self._whole]
        self._texts, self._whole = {}, []
        return batch

    def write(self, batch: Batch) -> list[Page]:
        """Stores a batch; returns pages whose lease was lost. What is stored is taken out of the batch, so that it can
        be written again after a failure."""
        if batch.verdicts:
            runs_store.change_cells(self._who, self._run, batch.verdicts)
        while batch.words:  # before their page counts as done
            words_store.put(self._who, self._run, *batch.words[-1])
            batch.words.pop()
        lost: list[Page] = []
        while batch.boards:
            page, changes, status = batch.boards[-1]
            try:
                pages.store(self._who, self._run, self._worker, page, changes, status)
            except LeaseLost:
                lost.append(page)
            batch.boards.pop()
        moment_store.put_live(batch.live)
        moment_store.drop_live(self._who, batch.whole)
        return lost

    def _live(self, index: int, text: str) -> Document:
        return {
            "_id": runs_store.cell_id(self._run, index),
            "owner": self._who.id,
            "run": self._run,
            "index": index,
            "text": text,
            "at": now(),
        }
