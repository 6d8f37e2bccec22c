"""What a run would take: calls, tokens, money. Tokens of prompts are counted, those of answers guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.evals.ask import script
from hub.evals.checks import Check, questions
from hub.evals.records import Estimate, EvalRun, Row, RunModel
from hub.models.estimate import tokens

GUESSED_ANSWER = 250
"""Tokens of an answer of which nothing is known."""
GUESSED_LIMIT = 24
"""Calls that a provider takes at once, of which nothing is known."""
_MESSAGE = 8
"""Tokens that a message takes beside its text, about."""
_INSTRUCTIONS, _VERDICT = 500, 120
"""Tokens that a judge is told beside what it looks at, and those of its reply."""


def priced(model: RunModel) -> bool:
    """Whether it is known what a model costs."""
    return model.price.input is not None and model.price.output is not None


def estimate(
    run: EvalRun,
    rows: Sequence[Row],
    checks: Sequence[tuple[Check, ...]],
    unpriced: tuple[str, ...],
    problems: Sequence[str],
    speeds: Mapping[str, float] | None = None,
) -> Estimate:
    """`checks` are those of each row, `speeds` the milliseconds that an answer of a model takes, by its key."""
    total = _Sum()
    for template in run.templates:
        for row, its in zip(rows, checks, strict=True):
            asked = script(row, template)
            said = [tokens(turn) + _MESSAGE for turn in asked.turns]
            before = tokens(asked.system) + _MESSAGE if asked.system else 0
            for model in run.models:
                longest = min(model.params.max_tokens or GUESSED_ANSWER, GUESSED_ANSWER)
                sent = sum(before + sum(said[: place + 1]) + place * longest for place in range(len(said)))
                if run.rejudges is None:
                    total.add(model, run.repeats * len(said), run.repeats * sent, run.repeats * longest * len(said))
                if run.judge is not None and (count := run.repeats * questions(its, len(run.models))):
                    seen = _INSTRUCTIONS + sum(said) + longest * len(said)
                    total.add(run.judge, count, count * seen, count * _VERDICT)
    return Estimate(
        cells=run.cells,
        calls=round(total.calls),
        tokens_in=round(total.sent),
        tokens_out=round(total.said),
        cost=None if unpriced else total.cost,
        unpriced=unpriced,
        seconds=seconds(run, speeds or {}, round(total.calls)),
        problems=tuple(problems),
        local=_local(run),
    )


def _local(run: EvalRun) -> tuple[str, ...]:
    """The labels of the models to be asked that run here and have no price of their own."""
    paid = [*(run.models if run.rejudges is None else ()), *([run.judge] if run.judge else [])]
    free = [one.label for one in paid if one.local and not one.price.input and not one.price.output]
    return tuple(dict.fromkeys(free))


def seconds(run: EvalRun, speeds: Mapping[str, float], calls: int) -> float | None:
    """About how long the answers take with what may be under way at once; a model that was never asked counts as the
    others do. None when none was. Where answers are judged again it is what `calls` to the judge take."""
    if run.rejudges is not None:
        return _judging(run, speeds, calls)
    known = [speeds[one.key] for one in run.models if one.key in speeds]
    if not known:
        return None
    usual, work = sum(known) / len(known), dict.fromkeys((one.key for one in run.models), 0.0)
    for one in run.models:
        work[one.key] += run.cells / len(run.models) * speeds.get(one.key, usual) / 1000
    together = _together(run)
    alone = [time / together for time in work.values()]
    return sum(alone) if run.order == "models" else max(sum(work.values()) / run.limits.total, *alone)


def _judging(run: EvalRun, speeds: Mapping[str, float], calls: int) -> float | None:
    if not calls or run.judge is None:
        return 0.0
    ms = speeds.get(run.judge.key)
    return None if ms is None else calls * ms / 1000 / _together(run)


def _together(run: EvalRun) -> int:
    """Calls to one model that are under way at once, about."""
    return min(run.limits.per_model or GUESSED_LIMIT, run.limits.total)


class _Sum:
    calls = sent = said = cost = 0.0

    def add(self, model: RunModel, calls: float, sent: float, said: float) -> None:
        self.calls += calls
        self.sent += sent
        self.said += said
        self.cost += (sent * (model.price.input or 0) + said * (model.price.output or 0)) / 1_000_000
