"""What a file for `hub eval run` becomes: a stored prompt set, and a request with models that are there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hub.errors import BadInput, NotFound

if TYPE_CHECKING:
    from hub.db.who import Who
    from hub.evals.reading import Imported
    from hub.evals.records import Asked, Estimate, EvalRun, PromptSet, RunRequest, SetDraft


@dataclass(frozen=True, slots=True)
class Options:
    """What stands on the command line of `hub eval run`; what is not given is None or empty, and the file's counts.

    `base_url` is an OpenAI-compatible server without a stored connection, which then has all models; `key_env` names
    the environment's variable with its key.
    """

    models: tuple[str, ...] = ()
    judge: str = ""
    base_url: str = ""
    key_env: str = ""
    stream: bool = False
    cap: float | None = None
    repeats: int | None = None
    concurrency: int | None = None
    cache: bool = True
    baseline: str = ""
    yes: bool = False


def read(path: Path) -> Imported:
    """What the file holds; the files that it names are read from its folder. Raises BadInput."""
    from hub.evals.reading import read_set

    return read_set(path.name, _content(path), lambda name: _content(_beside(path, name)))


def keep(who: Who, path: Path, made: Imported) -> PromptSet:
    """The stored set of what was read from `path`, with the files of its rows."""
    from hub import evals

    return evals.put_set(who, _attached(who, path, made))


def _attached(who: Who, path: Path, made: Imported) -> SetDraft:
    from hub import files

    rows = list(made.draft.rows)
    for number, name in made.attachments:
        stored = files.add(who, Path(name).name, _content(_beside(path, name)))
        rows[number] = replace(rows[number], files=(*rows[number].files, stored.id))
    return replace(made.draft, rows=tuple(rows))


def request(who: Who, path: Path, made: Imported, options: Options) -> RunRequest:
    """What is to be run: the file, and above it the command line. Stores the set. Raises BadInput, NotFound."""
    from hub.evals.records import Asked, Limits, RunRequest

    wanted = made.run or RunRequest("", ())
    asked = tuple(map(Asked, options.models)) or wanted.models
    if not asked:
        raise BadInput(f"{path.name} names no models.", hint="Add --model NAME; `hub models` lists them.")
    if not options.base_url and (options.stream or options.key_env):
        raise BadInput("--stream and --api-key-env are for the models of a --base-url.", hint="Nothing was sent.")
    judges = (Asked(options.judge),) if options.judge else (wanted.judge,) if wanted.judge else ()
    found = _models(who, (*asked, *judges), options)
    cap = wanted.cap if options.cap is None else options.cap
    baseline = options.baseline or wanted.baseline
    stored = keep(who, path, made)
    return replace(
        wanted,
        set_id=stored.id,
        version=stored.version,
        models=found[: len(asked)],
        judge=found[-1] if judges else None,
        repeats=options.repeats or wanted.repeats,
        cap=cap,
        limits=Limits(options.concurrency) if options.concurrency else wanted.limits,
        cache=wanted.cache and options.cache,
        baseline=find(who, baseline).id if baseline else None,
        unpriced=wanted.unpriced or options.yes or (bool(options.base_url) and cap is None),
    )


def agreed(who: Who, request: RunRequest, *, ask: bool) -> RunRequest:
    """The request once the plan is told, and agreed to where somebody can be asked. Raises BadInput."""
    from hub import evals

    found = evals.plan(who, replace(request, unpriced=True))
    if found.problems:
        raise BadInput(" ".join(found.problems), hint="Nothing was sent or charged.")
    typer.echo(f"{found.cells:,} answers, {found.calls:,} calls, {_money(found)}.", err=True)
    if found.unpriced and not request.unpriced:
        sentence = f"The price of {', '.join(found.unpriced)} is not known, and what they cost is in no cap."
        if not ask:
            raise BadInput(sentence, hint="Add --yes to ask them all the same. Nothing was sent.")
        typer.echo(sentence, err=True)
    if ask and not typer.confirm("Start?", default=True, err=True):
        raise typer.Exit(1)
    return replace(request, unpriced=True)


def _money(found: Estimate) -> str:
    """What a run costs, in words."""
    if found.cost is None:
        return "an unknown sum"
    if not found.cost:
        return "free of charge (local, no price)" if found.local else "free of charge"
    return f"about ${found.cost:.4f}" + (f" (local, no price: {', '.join(found.local)})" if found.local else "")


def find(who: Who, text: str) -> EvalRun:
    """A run by its id, else the newest of that name; raises NotFound."""
    from hub import evals

    for one in evals.runs(who):
        if text in (one.id, one.name):
            return one
    raise NotFound(f"There is no run {text}.", hint="`hub eval list` names those that are there.")


def _models(who: Who, asked: Sequence[Asked], options: Options) -> tuple[Asked, ...]:
    """The models by the ids of the catalogue, or at the server. Raises NotFound with what comes near."""
    from hub.evals.records import Endpoint
    from hub.models import catalogue

    if options.base_url:
        place = (options.base_url, options.key_env, options.stream)
        return tuple(replace(one, endpoint=Endpoint(place[0], one.model, place[1], place[2])) for one in asked)
    asyncio.run(catalogue.fill(who))
    return tuple(replace(one, model=catalogue.by_name(who, one.model).id) for one in asked)


def _beside(path: Path, name: str) -> Path:
    """A file that another one names. It must lie in the folder of that one or in the present one, so that a file from
    elsewhere cannot have private ones sent to a provider."""
    found = (path.parent / name).resolve()
    if not any(found.is_relative_to(folder.resolve()) for folder in (path.parent, Path.cwd())):
        hint = "Move it there. Nothing was sent."
        raise BadInput(f"{path.name} names {name}, which is not in its folder.", hint=hint)
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", hint="Nothing was sent.") from error
