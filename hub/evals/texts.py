"""Words in the prompts and answers of a run: what was read once is kept in this process, page by page.

A page of cells is read again only when its `rev` says that something in it changed, so that a search of a run that has
ended reads nothing. A run of 15,000 answers takes about as many kB.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from hub.db.who import Who
from hub.evals import results, runs_store
from hub.evals.records import EvalRun, Row

KEPT = 4
"""Runs whose texts are kept at the same time."""


@dataclass(slots=True)
class _Texts:
    """What a run says: its rows, and for each page its `rev` with the answers by row."""

    rows: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    pages: dict[int, tuple[int, dict[int, str]]] = field(default_factory=dict[int, "tuple[int, dict[int, str]]"])
    lock: Lock = field(default_factory=Lock)


_known: OrderedDict[tuple[str, str], _Texts] = OrderedDict()
_lock = Lock()


def search(who: Who, run: EvalRun, words: str) -> list[int]:
    """The numbers of the rows that have all `words` in what was asked, expected or answered."""
    found = _read(who, run)
    wanted = words.casefold().split()
    texts = [[row] for row in found.rows]
    for _, page in found.pages.values():
        for row, text in page.items():
            texts[row].append(text)
    return [row for row, parts in enumerate(texts) if all(any(word in part for part in parts) for word in wanted)]


def warm(who: Who, run_id: str) -> None:
    """Reads what a search will look through."""
    _read(who, results.get_run(who, run_id))


def row_ids(who: Who, run: EvalRun) -> tuple[str, ...]:
    """The ids of a run's rows, which never change."""
    found = _of(who, run.id)
    with found.lock:
        _read_rows(who, run, found)
    return found.ids


def _read(who: Who, run: EvalRun) -> _Texts:
    """The texts of a run as they are now."""
    found = _of(who, run.id)
    with found.lock:
        _read_rows(who, run, found)
        for page in runs_store.pages(who, run.id):
            number, rev = int(page["page"]), int(page["rev"])
            if number not in found.pages or found.pages[number][0] != rev:
                found.pages[number] = (rev, _answers(who, run, page["first"], page["count"]))
    return found


def _of(who: Who, run_id: str) -> _Texts:
    with _lock:
        found = _known.setdefault((who.id, run_id), _Texts())
        _known.move_to_end((who.id, run_id))
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


def _read_rows(who: Who, run: EvalRun, found: _Texts) -> None:
    if not found.ids:
        rows: Sequence[Row] = list(results.run_rows(who, run.id))
        found.rows = tuple(_said(row) for row in rows)
        found.ids = tuple(row.id for row in rows)


def _said(row: Row) -> str:
    return "\n".join([*row.turns, *row.vars.values(), row.expected or "", row.system, *row.tags]).casefold()


def _answers(who: Who, run: EvalRun, first: int, count: int) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for row, said in runs_store.answers(who, run.id, first, count):
        found.setdefault(row, []).append(said)
    return {row: "\n".join(said).casefold() for row, said in found.items()}
