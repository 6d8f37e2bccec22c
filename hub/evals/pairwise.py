"""Complete rows before the judge: which model's answer is better, and the votes that this comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations

from hub.evals.both_ways import Compared, read
from hub.evals.checks import PROMPTS, Ask, Check, Subject
from hub.evals.checks.base import CannotTell
from hub.evals.checks.pairwise import EVERY, EXPECTED, Pairwise
from hub.evals.records import Cell, EvalRun, Verdict
from hub.votes.leaderboard import made_of
from hub.votes.records import Contender, Leaderboard, Vote

SOURCE = "judge"
_THE_EXPECTED = "Expected value"
_NOBODY = "No other model answered this row."
_RANKS: Mapping[str, tuple[int, int]] = {"win": (1, 2), "tie": (1, 1), "loss": (2, 1)}
Pairs = dict[tuple[int, int], Compared]
Prompts = Mapping[tuple[int, int], str]
"""How prompts are named in votes, by row and template."""


async def judge_row(
    checks: Iterable[Check], subjects: Sequence[Subject], ask: Ask, prompts: Mapping[str, str] = PROMPTS
) -> list[tuple[Verdict, ...]]:
    """What the checks that compare models say of a complete row: verdicts for each of `subjects`, which are the answers
    of the run's models to one row through one template in one repeat, errors left out. Other checks are passed over.
    The model that the others are compared with gets no verdict of its own."""
    verdicts: list[list[Verdict]] = [[] for _ in subjects]
    for check in checks:
        if isinstance(check, Pairwise) and check.waits:
            for mine, said in zip(verdicts, await _judged(check, subjects, ask, prompts), strict=True):
                mine += [said] if said is not None else []
    return [tuple(one) for one in verdicts]


async def _judged(
    check: Pairwise, subjects: Sequence[Subject], ask: Ask, prompts: Mapping[str, str]
) -> list[Verdict | None]:
    against = next((place for place, one in enumerate(subjects) if one.model == check.against), None)
    if check.against != EVERY and against is None:
        return [check.nothing(f"{check.against} has no answer to this row.") for _ in subjects]
    wanted = combinations(range(len(subjects)), 2)
    pairs: Pairs = {}
    try:
        for one, two in (pair for pair in wanted if against is None or against in pair):
            pairs[one, two] = await check.between(subjects[one], subjects[two], ask, prompts)
    except CannotTell as error:
        return [check.nothing(str(error)) for _ in subjects]
    return [None if place == against else _of(check, place, subjects, pairs) for place in range(len(subjects))]


def _of(check: Pairwise, place: int, subjects: Sequence[Subject], pairs: Pairs) -> Verdict:
    mine = [(subjects[two].model, found) for (one, two), found in pairs.items() if one == place]
    mine += [(subjects[one].model, found.turned()) for (one, two), found in pairs.items() if two == place]
    return check.verdict(mine) if mine else check.nothing(_NOBODY)


def votes(run: EvalRun, cells: Iterable[Cell], name: str = "", prompts: Prompts | None = None) -> list[Vote]:
    """What the judge's comparisons in these cells come to as votes, each pair of answers once; only those of the check
    called `name` where one is named. All cells of a row are one prompt, unless `prompts` name it otherwise."""
    found: dict[tuple[object, ...], Vote] = {}
    for cell in cells:
        for verdict in cell.verdicts:
            if verdict.kind == Pairwise.kind and not verdict.error and name in ("", verdict.name):
                for vote in _votes(run, cell, verdict, prompts or {}):
                    both = frozenset(one.model for one in vote.contenders)
                    found.setdefault((cell.row, cell.template, cell.repeat, verdict.name, both), vote)
    return list(found.values())


def _votes(run: EvalRun, cell: Cell, verdict: Verdict, prompts: Prompts) -> Iterable[Vote]:
    mine = run.models[cell.model].label
    for one in read(verdict.raw):
        other = _THE_EXPECTED if one["against"] == EXPECTED else str(one["against"])
        place = f"{run.id}:{cell.row}:{cell.template}:{cell.repeat}"
        yield Vote(
            id=f"{place}:{mine}:{other}",
            source=SOURCE,
            prompt=prompts.get((cell.row, cell.template), f"{run.set_id}:{cell.row}"),
            contenders=(Contender(mine, f"{place}:{mine}"), Contender(other, f"{place}:{other}")),
            ranks=_RANKS[one["outcome"]],
            outcome="tie" if one["outcome"] == "tie" else "ranked",
            reason=verdict.reason,
            tags=(),
            blind=True,
            at=cell.at or datetime.now(UTC),
        )


def leaderboard(run: EvalRun, cells: Iterable[Cell], name: str = "") -> Leaderboard:
    """How the judge ranks the models of a run."""
    return made_of(votes(run, cells, name))
