"""What keeps a run from starting, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from hub.errors import BadInput
from hub.evals import ask
from hub.evals.checks import Check, parse_all
from hub.evals.checks.pairwise import EVERY, Pairwise
from hub.evals.records import CheckData, PromptSet, Row, RunModel, RunRequest, Template

MOST_CELLS = 1_000_000
MOST_MODELS = 24
MOST_REPEATS = 100
_TOLD = 3
"""So many rows are named in one sentence."""


def found_wrong(request: RunRequest, head: PromptSet, rows: Sequence[Row]) -> list[str]:
    """All that is wrong but for checks."""
    return [*_shape(request, head, rows), *_unknown(head.templates, rows)]


def parsed(
    given: Sequence[CheckData], rows: Sequence[Row], models: Sequence[RunModel], problems: list[str]
) -> list[tuple[Check, ...]]:
    """The checks of each row: those that are `given` for all of them with its own. What is wrong with them is added to
    `problems`."""
    known: dict[bytes, tuple[Check, ...]] = {}
    try:
        known[b"[]"] = parse_all(given)
    except BadInput as error:
        problems.append(error.message)
        return [()] * len(rows)
    problems += _strangers(known[b"[]"], models)
    for number, row in enumerate(rows, 1):
        name = orjson.dumps(row.checks)
        if name not in known:
            try:
                known[name] = parse_all((*given, *row.checks))
            except BadInput as error:
                known[name] = ()
                problems.append(f"Row {number} ({row.id}): {error.message}")
    return [known[orjson.dumps(row.checks)] for row in rows]


def _strangers(checks: Sequence[Check], models: Sequence[RunModel]) -> list[str]:
    labels = {one.label for one in models}
    return [
        f"The check {check.label} compares with {check.against}, which is no model of this run."
        for check in checks
        if isinstance(check, Pairwise) and check.waits and check.against not in (EVERY, *labels)
    ]


def _shape(request: RunRequest, head: PromptSet, rows: Sequence[Row]) -> list[str]:
    problems: list[str] = []
    if not request.models:
        problems.append("A run needs at least one model.")
    if len(request.models) > MOST_MODELS:
        problems.append(f"A run asks at most {MOST_MODELS} models; these are {len(request.models)}.")
    if not rows:
        problems.append("There are no rows to ask.")
    if not 1 <= request.repeats <= MOST_REPEATS:
        problems.append(f"A row is asked between 1 and {MOST_REPEATS} times.")
    if request.cap is not None and request.cap <= 0:
        problems.append("The cap has to be more than nothing.")
    limits = request.limits
    if limits.total < 1 or limits.start < 1 or (limits.per_model is not None and limits.per_model < 1):
        problems.append("At least one call at a time has to be allowed.")
    cells = len(rows) * request.repeats * len(head.templates) * len(request.models)
    if cells > MOST_CELLS:
        problems.append(f"The grid has {cells:,} cells; at most {MOST_CELLS:,} are taken.")
    return problems


def _unknown(templates: Sequence[Template], rows: Sequence[Row]) -> list[str]:
    """A sentence for each variable of a template that rows do not have."""
    lacking: dict[tuple[str, str], list[str]] = {}
    for template in templates:
        for number, row in enumerate(rows, 1):
            for name in ask.unknown(row, template):
                lacking.setdefault((template.name, name), []).append(f"{number} ({row.id})")
    problems: list[str] = []
    for (template_name, name), where in lacking.items():
        more = f" and {len(where) - _TOLD} more" if len(where) > _TOLD else ""
        which = "Row" if len(where) == 1 else "Rows"
        problems.append(
            f"{which} {', '.join(where[:_TOLD])}{more}: nothing is given for {{{{{name}}}}} "
            f"of the template “{template_name}”."
        )
    return problems
