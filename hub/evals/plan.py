"""From what a person asks for to a run in which everything that matters is copied, and what it would take."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version

from bson import ObjectId

from hub import __version__, files
from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.evals import endpoints, run_content, runs_store, words_store
from hub.evals.checks import PROMPTS, questions
from hub.evals.estimate import estimate, priced
from hub.evals.problems import found_wrong, parsed
from hub.evals.records import Asked, Estimate, EvalRun, Row, RunModel, RunRequest
from hub.evals.sets import every_row, get_set

_LIBRARIES = ("litellm", "aiohttp", "numpy", "scipy", "jsonschema")


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
    return stored(who, planned.run, planned.rows)


def stored(who: Who, run: EvalRun, rows: Sequence[Row]) -> str:
    """Stores a new run, its rows first; its id. The files that rows send are kept as long as it is there."""
    identity = ObjectId()
    files.keep(who, {used for row in rows for used in row.files})
    runs_store.insert_rows(
        [run_content.row_document(who, str(identity), number, row) for number, row in enumerate(rows)]
    )
    words_store.put(who, str(identity), words_store.ROWS, [(row.id, words_store.of_row(row)) for row in rows])
    return runs_store.insert_run({"_id": identity, **run_content.document(who, run)})


def _planned(who: Who, request: RunRequest) -> _Planned:
    head = get_set(who, request.set_id, request.version)
    rows = tuple(every_row(who, request.set_id, head.version, request.row_ids))
    problems: list[str] = []
    models = _models(who, request.models, problems)
    judges = _models(who, (request.judge,) if request.judge else (), problems)
    problems += found_wrong(request, head, rows)
    checks = parsed((*head.checks, *request.checks), rows, models, problems)
    asks = any(questions(one, len(models)) for one in checks)
    if asks and not judges:
        problems.append("A check asks a judge: choose the model that judges.")
    paid = (*models, *judges) if asks else models
    unpriced = tuple(dict.fromkeys(one.label for one in paid if not priced(one)))
    if unpriced and not request.unpriced:
        problems.append(
            f"The price of {', '.join(unpriced)} is not known, so what the run costs cannot be told or limited. "
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
        judge=judges[0] if asks and judges else None,
        judge_prompts=dict(PROMPTS) if asks else {},
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
    return _Planned(replace(run, estimate=estimate(run, rows, checks, unpriced, problems, speeds(who))), rows)


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


def speeds(who: Who) -> dict[str, float]:
    """Milliseconds that an answer took by model, as far as earlier runs have seen."""
    found: dict[str, float] = {}
    for one in runs_store.runs(who):
        if measured := one.get("speeds"):
            models = run_content.run(one).models
            for number, ms in measured.items():
                found.setdefault(models[int(number)].key, ms)
    return found


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Of the hub, Python and what has a say in answers and figures."""
    own = {"llm-hub": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in _LIBRARIES}
