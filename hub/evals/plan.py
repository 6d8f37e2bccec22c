"""From what a person asks for to a run in which everything that matters is copied, and what it would take."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version

from bson import ObjectId

from hub import __version__
from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.evals import ask, endpoints, results, run_content, runs_store
from hub.evals.records import Asked, Estimate, EvalRun, PromptSet, Row, RunModel, RunRequest, Template
from hub.evals.sets import every_row, get_set
from hub.models.estimate import tokens

MOST_CELLS = 1_000_000
MOST_MODELS = 24
MOST_REPEATS = 100
_GUESSED_ANSWER = 250
"""Tokens of an answer of which nothing is known."""
_MESSAGE = 8
"""Tokens that a message takes beside its text, about."""
_LIBRARIES = ("litellm", "aiohttp", "numpy", "scipy", "jsonschema")
_TOLD = 3
"""So many rows are named in one problem."""


@dataclass(frozen=True, slots=True)
class _Planned:
    run: EvalRun
    rows: tuple[Row, ...]


def plan(who: Who, request: RunRequest) -> Estimate:
    """What a run would take, and what keeps it from starting. Raises NotFound for a set that is not there."""
    return _planned(who, request).run.estimate


def begin(who: Who, request: RunRequest) -> str:
    """Stores the run with everything that matters, ready to be worked on; its id. Raises BadInput with the first thing
    that keeps it from starting."""
    planned = _planned(who, request)
    problems = planned.run.estimate.problems
    if problems:
        raise BadInput(problems[0], hint="Nothing was sent or charged.")
    identity = ObjectId()
    runs_store.insert_rows(
        [run_content.row_document(who, str(identity), number, row) for number, row in enumerate(planned.rows)]
    )
    return runs_store.insert_run({"_id": identity, **run_content.document(who, planned.run)})


def extended(who: Who, before: EvalRun, models: Sequence[Asked], row_ids: Sequence[str]) -> RunRequest:
    """What asks for a run again with more models, or with more rows of the newest version of its set."""
    asked = [Asked(one.model, one.params, one.label, one.endpoint) for one in before.models]
    judge = before.judge
    known = [row.id for row in results.run_rows(who, before.id)]
    return RunRequest(
        set_id=before.set_id,
        models=(*asked, *models),
        version=None if row_ids else before.set_version,
        name=before.name,
        repeats=before.repeats,
        checks=before.checks[len(get_set(who, before.set_id, before.set_version).checks) :],
        judge=None if judge is None else Asked(judge.model, judge.params, judge.label, judge.endpoint),
        cap=before.cap,
        unpriced=bool(before.estimate.unpriced),
        order=before.order,
        limits=before.limits,
        cache=before.cache,
        baseline=before.baseline,
        row_ids=tuple(dict.fromkeys((*known, *row_ids))),
        tags=before.tags,
        extends=before.id,
    )


def _planned(who: Who, request: RunRequest) -> _Planned:
    head = get_set(who, request.set_id, request.version)
    rows = tuple(every_row(who, request.set_id, head.version, request.row_ids))
    problems: list[str] = []
    models = _models(who, request.models, problems)
    judges = _models(who, (request.judge,) if request.judge else (), problems)
    problems += _shape(request, head, rows) + _unknown(head.templates, rows)
    judge = judges[0] if judges else None
    unpriced = tuple(dict.fromkeys(one.label for one in (*models, *judges) if not _priced(one)))
    if unpriced and not request.unpriced:
        names = ", ".join(unpriced)
        problems.append(
            f"The price of {names} is not known, so what the run costs cannot be told or limited. "
            "Say that unpriced models may be asked, or leave them out."
        )
    run = EvalRun(
        id="",
        name=" ".join(request.name.split())[:120] or head.name,
        status="running",
        set_id=head.id,
        set_name=head.name,
        set_version=head.version,
        models=models,
        templates=head.templates,
        rows=len(rows),
        repeats=request.repeats,
        order=request.order,
        checks=(*head.checks, *request.checks),
        judge=judge,
        judge_prompts={},
        cap=request.cap,
        limits=request.limits,
        cache=request.cache,
        seed=secrets.randbits(32),
        estimate=Estimate(0, 0, 0, 0, None, (), None),
        versions=versions(),
        created_at=now(),
        baseline=request.baseline,
        extends=request.extends,
        tags=request.tags,
    )
    return _Planned(replace(run, estimate=_estimate(run, rows, unpriced, problems)), rows)


def _models(who: Who, asked: Sequence[Asked], problems: list[str]) -> tuple[RunModel, ...]:
    found: list[RunModel] = []
    for one in asked:
        try:
            found.append(endpoints.copied(who, one))
        except HubError as error:
            problems.append(f"{one.label or one.model}: {error.message}")
    return _named_apart(found)


def _named_apart(models: Sequence[RunModel]) -> tuple[RunModel, ...]:
    """Two columns with the same label get numbers."""
    labels = [one.label for one in models]
    seen: dict[str, int] = {}
    named: list[RunModel] = []
    for one in models:
        seen[one.label] = seen.get(one.label, 0) + 1
        twice = labels.count(one.label) > 1
        named.append(replace(one, label=f"{one.label} ({seen[one.label]})") if twice else one)
    return tuple(named)


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


def _priced(model: RunModel) -> bool:
    return model.price.input is not None and model.price.output is not None


def _estimate(run: EvalRun, rows: Sequence[Row], unpriced: tuple[str, ...], problems: list[str]) -> Estimate:
    """Tokens of prompts as they are counted, of answers as they may be."""
    calls = tokens_in = tokens_out = 0
    cost = 0.0
    for template in run.templates:
        for row in rows:
            script = ask.script(row, template)
            said = [tokens(turn) + _MESSAGE for turn in script.turns]
            before = tokens(script.system) + _MESSAGE if script.system else 0
            for model in run.models:
                longest = min(model.params.max_tokens or _GUESSED_ANSWER, _GUESSED_ANSWER)
                asked = sum(before + sum(said[: place + 1]) + place * longest for place in range(len(said)))
                calls += run.repeats * len(said)
                tokens_in += run.repeats * asked
                tokens_out += run.repeats * longest * len(said)
                if _priced(model):
                    price = (asked * (model.price.input or 0) + longest * len(said) * (model.price.output or 0)) / 1e6
                    cost += run.repeats * price
    return Estimate(
        cells=run.cells,
        calls=calls,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost=None if unpriced else cost,
        unpriced=unpriced,
        seconds=None,
        problems=tuple(problems),
    )


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Of the hub, Python and what has a say in answers and figures."""
    own = {"llm-hub": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in _LIBRARIES}
