"""What runs add to the figures for monitoring: how they ended, tokens, dollars, times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.db import figures
from hub.db.figures import Kind
from hub.runs.records import Outcome, RunRecord, Target

ABOUT: Mapping[str, tuple[Kind, str]] = {
    "runs": ("counter", "Runs that ended, by the room that began them and how they ended."),
    "answers": ("counter", "Answers of models, by how they ended."),
    "tokens": ("counter", "Tokens that providers counted, by direction: input or output."),
    "cost_dollars": ("counter", "US dollars that answers cost, where the price is known."),
    "first_token_seconds": ("histogram", "From the start of a run to the first token of an answer."),
    "answer_seconds": ("histogram", "From the start of a run to the end of an answer."),
}


def ended(record: RunRecord, targets: Sequence[Target], outcomes: Sequence[Outcome]) -> None:
    """Counts a run that has just ended."""
    figures.add("runs", kind=record.kind, status=record.status)
    for target, outcome in zip(targets, outcomes, strict=True):
        model = outcome.model.partition("/")[2] or outcome.model  # without the id of the connection
        figures.add("answers", model=model, status=outcome.status)
        timing = outcome.timing
        if timing.first_token_ms is not None:
            figures.observe("first_token_seconds", timing.first_token_ms / 1000, model=model)
        if timing.total_ms is not None and outcome.status == "done":
            figures.observe("answer_seconds", timing.total_ms / 1000, model=model)
        usage = outcome.usage
        if usage is None:
            continue
        figures.add("tokens", usage.input, model=model, direction="input")
        figures.add("tokens", usage.output, model=model, direction="output")
        price = target.price if outcome.model == target.model else None
        cost = usage.cost if usage.cost is not None else price.cost(usage) if price else None
        if cost is not None:
            figures.add("cost_dollars", cost, model=model)
