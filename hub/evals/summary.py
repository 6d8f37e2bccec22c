"""The statistics of a run, from its board alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from hub.evals.board import CACHED, DONE, ERROR, QUEUED, Board
from hub.evals.cube import Numbers, column, cube, means, names, verdicts
from hub.evals.figures import Change, Column, Summary, Tries
from hub.evals.records import EvalRun
from hub.evals.regress import Aligned, changes
from hub.stats.difference import Difference, Measure
from hub.stats.paired import adjusted, paired
from hub.stats.rates import Grouped, grouped, pass_at_k, pass_hat_k

_TRIES = (1, 2, 3, 5, 10, 20)
_PERCENTILES = (5, 25, 50, 75, 95)
_SENTENCES = 6
"""As many comparisons are said one by one; of more only what they come to."""


def summarise(run: EvalRun, cells: Board, baseline: Aligned | None = None) -> Summary:
    """What a run has come to so far. `cells` is the board of all its cells by number; `baseline` is of
    `hub.evals.regress`."""
    whole = cube(run, cells)
    called = names(run)
    columns = [_column(run, name, number, column(whole, number)) for number, name in enumerate(called)]
    if baseline is not None:
        found = _against(run, cells, called, baseline)
        columns = [replace(one, against=change) for one, change in zip(columns, found, strict=True)]
    best, comparisons, ranks = _compared(whole, columns)
    columns = [replace(one, ranks=ranks.get(number)) for number, one in enumerate(columns)]
    said = tuple(_said(columns, best, comparisons, baseline))
    return Summary(tuple(columns), best, comparisons, said)


def _column(run: EvalRun, name: str, number: int, cells: Board) -> Column:
    """The figures of one column; `cells` is (rows, repeats)."""
    status, cached = cells["status"], (cells["flags"] & CACHED) > 0
    done = cells[status == DONE]
    told = verdicts(cells)
    times, costs = _known(cells["ms"][(status == DONE) & ~cached]), done["cost"].astype(np.float64)
    first = _known(cells["first_ms"][(status == DONE) & ~cached])
    unknown = int(np.isnan(costs).sum())
    known = float(np.nansum(costs))
    model, template = divmod(number, len(run.templates))
    return Column(
        model,
        template,
        name,
        cells=cells.size,
        done=done.size,
        errors=int((status == ERROR).sum()),
        open=int((status == QUEUED).sum()),
        passed=int(np.nansum(told)),
        failed=int((told == 0).sum()),
        unjudged=int((done["passed"] == 0).sum()),
        cached=int(cached.sum()),
        rate=_grouped(told),
        score=_grouped(np.where(status == DONE, cells["score"].astype(np.float64), np.nan)),
        tries=_tries(told) if run.repeats > 1 else (),
        ms=_five(times),
        first_ms=float(np.median(first)) if first.size else None,
        waited_ms=float(np.nansum(cells["waited"])),
        tokens_in=int(done["tokens_in"].sum()),
        tokens_out=int(done["tokens_out"].sum()),
        cost=None if unknown else known,
        cost_known=known,
        cost_unknown=unknown,
    )


def _known(values: Numbers) -> Numbers:
    return values[~np.isnan(values)].astype(np.float64)


def _five(times: Numbers) -> tuple[float, float, float, float, float] | None:
    if not times.size:
        return None
    p5, p25, p50, p75, p95 = (float(one) for one in np.percentile(times, _PERCENTILES))
    return p5, p25, p50, p75, p95


def _grouped(values: Numbers) -> Grouped | None:
    return None if bool(np.isnan(values).all()) else grouped(values)


def _tries(told: Numbers) -> tuple[Tries, ...]:
    """pass@k and pass^k for some k up to the number of repeats."""
    tried, passed = (~np.isnan(told)).sum(axis=1), np.nansum(told, axis=1).astype(int)
    prompts = Counter(zip(tried.tolist(), passed.tolist(), strict=True))
    most = max((n for n, _ in prompts), default=0)
    found: list[Tries] = []
    for k in sorted({k for k in _TRIES if k < most} | ({most} if most else set[int]())):
        often = [(n, c, count) for (n, c), count in prompts.items() if n >= k]
        total = sum(count for *_, count in often)
        once = sum(pass_at_k(n, c, k) * count for n, c, count in often) / total
        found.append(Tries(k, once, sum(pass_hat_k(n, c, k) * count for n, c, count in often) / total, total))
    return tuple(found)


def _compared(
    whole: Board, columns: Sequence[Column]
) -> tuple[int | None, tuple[Difference, ...], dict[int, tuple[int, int]]]:
    """The best column, it against each other one, and the ranks of each: by what passed, else by scores."""
    measure: Measure = "passes" if any(one.rate for one in columns) else "scores"
    rated = {
        number: rate.value
        for number, one in enumerate(columns)
        if (rate := one.rate if measure == "passes" else one.score) is not None
    }
    if not rated:
        return None, (), {}
    best = max(rated, key=lambda number: (rated[number], -number))
    values = {number: _per_row(column(whole, number), measure) for number in rated}
    ordered = [best, *(number for number in rated if number != best)]
    pairs = list(combinations(ordered, 2))
    found = adjusted(
        [
            paired(values[one], values[two], names=(columns[one].name, columns[two].name), measure=measure)
            for one, two in pairs
        ]
    )
    told = dict(zip(pairs, found, strict=True))
    return best, tuple(one for (first, _), one in told.items() if first == best), _ranks(ordered, told)


def _ranks(numbers: Sequence[int], told: Mapping[tuple[int, int], Difference]) -> dict[int, tuple[int, int]]:
    """A place is lost to each that is shown to be better, and held against each that is shown to be worse."""
    beaten, beats = Counter[int](), Counter[int]()
    for (one, two), difference in told.items():
        if difference.shown:
            better, worse = (one, two) if difference.mean > 0 else (two, one)
            beats[better] += 1
            beaten[worse] += 1
    return {number: (1 + beaten[number], len(numbers) - beats[number]) for number in numbers}


def _per_row(cells: Board, measure: Measure) -> Numbers:
    if measure == "passes":
        return means(verdicts(cells))
    return means(np.where(cells["status"] == DONE, cells["score"].astype(np.float64), np.nan))


def _against(run: EvalRun, cells: Board, called: Sequence[str], baseline: Aligned) -> list[Change | None]:
    """Each column against what it is compared with, p-values adjusted for all of them."""
    mine, other = cube(run, cells), cube(run, baseline.cells)
    moved = changes(run, cells, baseline)
    compared = [number for number, name in enumerate(baseline.names) if name]
    found = adjusted(
        [
            paired(
                means(verdicts(column(mine, number))),
                means(verdicts(column(other, number))),
                names=(called[number], baseline.names[number]),
            )
            for number in compared
        ]
    )
    told: list[Change | None] = [None] * len(called)
    for number, difference in zip(compared, found, strict=True):
        worse, better = (np.flatnonzero(moved[:, number] == way).tolist() for way in (-1, 1))
        told[number] = Change(difference, tuple(worse), tuple(better))
    return told


def _said(
    columns: Sequence[Column], best: int | None, comparisons: Sequence[Difference], baseline: Aligned | None
) -> list[str]:
    """The sentences of a summary."""
    told = _changed(columns)
    if baseline is not None and baseline.said:
        told.append(baseline.said)
    if best is not None and comparisons:
        told += [_headline(columns[best].name, comparisons)] if len(comparisons) > 1 else []
        told += [one.sentence for one in comparisons] if len(comparisons) <= _SENTENCES else []
    if errors := sum(one.errors for one in columns):
        told.append(f"{_many(errors, 'cell')} ended in an error, which counts neither as passed nor as failed.")
    if unpriced := sum(one.cost_unknown for one in columns):
        told.append(f"What {_many(unpriced, 'cell')} cost is not known.")
    if left := sum(one.open for one in columns):
        told.append(f"{_many(left, 'cell')} still without an answer.")
    return told


def _changed(columns: Sequence[Column]) -> list[str]:
    """What became of each column, those with a difference first, and how many rows changed sides."""
    told: list[str] = []
    changed = [(one.name, one.against) for one in columns if one.against is not None]
    for name, change in sorted(changed, key=lambda one: not one[1].difference.shown):
        if change.difference.shown or len(changed) <= _SENTENCES:
            told.append(change.difference.sentence)
        if worse := len(change.regressed):
            told.append(f"{name}: {_many(worse, 'row')} regressed, {len(change.improved):,} improved.")
    return told


def _headline(best: str, comparisons: Sequence[Difference]) -> str:
    beaten = [next(name for name in one.names if name != best) for one in comparisons if one.shown]
    if not beaten:
        return f"No difference shown at 95 % between {best} and any other."
    if len(beaten) == len(comparisons):
        return f"{best} is the best of all {len(comparisons) + 1}, as far as can be told at 95 %."
    worse = ", ".join(beaten) if len(beaten) <= _SENTENCES else f"{len(beaten)} of {len(comparisons)} others"
    return f"{best} is better than {worse}; no difference is shown to the rest."


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"
