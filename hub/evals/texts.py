"""Words in the prompts and answers of a run: what was read once is kept in this process, page by page.

A page of cells is read again only when its `rev` says that something in it changed, so that a search of a run that has
ended reads nothing. The words of a page that is done are packed (`hub.evals.words_store`): the first search of 15,000
answers reads 60 documents. In memory those take about as many kB.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from hub.db.who import Who
from hub.evals import results, runs_store, words_store
from hub.evals.records import EvalRun
from hub.evals.words_store import ROWS

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


def forget() -> None:
    """Lets go of all that was read."""
    with _lock:
        _known.clear()


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
        known = {number: rev for number, (rev, _) in found.pages.items()}
        new = [one for one in runs_store.pages(who, run.id) if known.get(one["page"]) != one["rev"]]
        done = [one["page"] for one in new if one["status"] == "done"]
        packed = words_store.found(who, run.id, done[0], done[-1]) if done else {}
        for page in new:
            number = int(page["page"])
            whole = page["status"] == "done" and number in packed
            said = packed[number] if whole else _answers(who, run, page["first"], page["count"])
            found.pages[number] = (int(page["rev"]), _by_row(said))
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
        said = words_store.found(who, run.id, ROWS, ROWS).get(ROWS) or [
            (row.id, words_store.of_row(row)) for row in results.run_rows(who, run.id)
        ]
        found.ids, found.rows = tuple(str(name) for name, _ in said), tuple(text for _, text in said)


def _answers(who: Who, run: EvalRun, first: int, count: int) -> list[words_store.Said]:
    found = runs_store.answers(who, run.id, first, count)
    return [(row, words_store.of_answers(answers)) for row, answers in found]


def _by_row(said: Iterable[words_store.Said]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for row, text in said:
        found.setdefault(int(row), []).append(text)
    return {row: "\n".join(texts) for row, texts in found.items()}
