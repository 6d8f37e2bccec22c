"""BM25 over the postings, for rows and for their groups as wholes.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with the IDF of Lucene, which is
never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.db.postgres import Database

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

ROW = (1.0, 0.5)
"""k1 and b for rows, which are short and of like length: less correction for length than usual."""
GROUP = (1.2, 0.75)
"""k1 and b for groups, whose lengths differ widely."""

_TERMS = """
SELECT DISTINCT position, lexeme
FROM unnest(%(languages)s::regconfig[]) AS c(language), unnest(to_tsvector(c.language, %(words)s)),
     unnest(positions) AS p(position)
"""
_POSTINGS = """
SELECT term, array_agg(p."row"), array_agg(p."group"), array_agg(p.count), array_agg(p.length)
FROM search.postings AS p WHERE p.space = ANY(%(spaces)s) AND p.term = ANY(%(terms)s) GROUP BY term
"""
_GROUPS = "SELECT id, rows, length FROM search.groups WHERE space = ANY(%s) AND rows > 0 ORDER BY id"


@dataclass(frozen=True, slots=True)
class Scores:
    """BM25 of the rows that hold a word of the question, and of their groups as wholes; all others have 0.

    `rows`, `groups`: ids, ascending. `row_groups`: the group of each row. `among`: how many rows the spaces have.
    """

    among: int
    rows: Integers
    row_groups: Integers
    row_scores: Floats
    groups: Integers
    group_scores: Floats

    def of_rows(self, ids: Integers) -> Floats:
        """The scores of the rows `ids`, in their order."""
        return _look_up(self.rows, self.row_scores, ids)

    def of_groups(self, ids: Integers) -> Floats:
        """The scores of the groups `ids`, in their order."""
        return _look_up(self.groups, self.group_scores, ids)


def terms(database: Database, words: str, languages: Sequence[str]) -> list[list[str]]:
    """The stems of each word of a question: one a language of the spaces, since a short question has no language."""
    found = database.execute(_TERMS, {"languages": list(languages), "words": words}).fetchall()
    by_word: dict[int, set[str]] = {}
    for position, lexeme in found:
        by_word.setdefault(position, set()).add(lexeme)
    return [list(stems) for stems in sorted({tuple(sorted(stems)) for stems in by_word.values()})]


def score(database: Database, spaces: Sequence[int], asked: Sequence[Sequence[str]]) -> Scores:
    """BM25 of everything in `spaces` for the words `asked`; of several stems of one word the best counts."""
    wanted = sorted({stem for stems in asked for stem in stems})
    found = {
        str(term): tuple(np.asarray(values, np.int64) for values in columns)
        for term, *columns in database.execute(_POSTINGS, {"spaces": list(spaces), "terms": wanted}).fetchall()
    }
    totals = np.array(database.execute(_GROUPS, (list(spaces),)).fetchall(), np.int64).reshape(-1, 3)
    all_groups, group_rows, group_lengths = totals.T
    count = int(group_rows.sum())
    if not found:
        none = np.zeros(0, np.int64)
        return Scores(count, none, none, none.astype(float), none, none.astype(float))
    rows, first = np.unique(np.concatenate([columns[0] for columns in found.values()]), return_index=True)
    row_groups = np.concatenate([columns[1] for columns in found.values()])[first]
    row_scores, group_scores = np.zeros(len(rows)), np.zeros(len(all_groups))
    mean, group_mean = float(group_lengths.sum() / count), float(group_lengths.mean())
    for stems in asked:
        best_row, best_group = np.zeros(len(rows)), np.zeros(len(all_groups))
        for ids, groups, counts, lengths in (found[stem] for stem in stems if stem in found):
            value = _bm25(counts, lengths / mean, len(ids), count, *ROW)
            np.maximum.at(best_row, np.searchsorted(rows, ids), value)
            together = np.bincount(np.searchsorted(all_groups, groups), counts, len(all_groups))
            held = int((together > 0).sum())
            value = _bm25(together, group_lengths / group_mean, held, len(all_groups), *GROUP)
            best_group = np.maximum(best_group, value)
        row_scores += best_row
        group_scores += best_group
    return Scores(count, rows, row_groups, row_scores, all_groups, group_scores)


def _bm25(counts: Any, relative: Any, held: int, among: int, k1: float, b: float) -> Floats:
    """`relative`: length over mean length; `held` of `among` hold the word."""
    weight = np.log(1 + (among - held + 0.5) / (held + 0.5))
    return weight * counts * (k1 + 1) / (counts + k1 * (1 - b + b * relative))


def _look_up(known: Integers, values: Floats, ids: Integers) -> Floats:
    if not len(known):
        return np.zeros(len(ids))
    places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[places] == ids, values[places], 0.0)
