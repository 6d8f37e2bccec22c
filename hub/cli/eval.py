"""`hub eval`: run prompt sets on models, and look at what came of it."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli import eval_request, eval_result, eval_votes, eval_work
from hub.cli.lists import table
from hub.cli.session import AsJson, Person, emit, session, telling
from hub.cli.several import ModelsCommand
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.db.who import Who

app = typer.Typer(help="Evaluate models on prompt sets.", no_args_is_help=True)
app.command("votes")(eval_votes.votes)
File = Annotated[Path, typer.Argument(help="A run file, or a prompt set: CSV, JSONL, YAML, promptfoo's config.")]
Run = Annotated[str, typer.Argument(help="The run's id, or its name: the newest of that name.")]
Junit = Annotated[Path | None, typer.Option(help="Write a JUnit XML file there.")]
FailOnRegression = Annotated[bool, typer.Option("--fail-on-regression", help="Status 1 when a model has got worse.")]
Threshold = Annotated[float | None, typer.Option(help="Status 1 when a model passes less, 0 to 1.", min=0, max=1)]


@app.command(cls=ModelsCommand)
def run(
    file: File,
    as_json: AsJson = False,
    junit: Junit = None,
    model: Annotated[list[str] | None, typer.Option(help="Models, one or several after the flag.")] = None,
    judge: Annotated[str, typer.Option(help="The model that judges rubrics and pairs.")] = "",
    base_url: Annotated[str, typer.Option(help="An OpenAI-compatible server that has all models.")] = "",
    api_key_env: Annotated[str, typer.Option(help="The variable that holds its key.", metavar="VAR")] = "",
    max_cost: Annotated[float | None, typer.Option(help="US dollars at most, judges included.", min=0)] = None,
    repeats: Annotated[int | None, typer.Option(help="How often each row is asked.", min=1)] = None,
    concurrency: Annotated[int | None, typer.Option(help="Calls under way at once.", min=1)] = None,
    stream: Annotated[bool, typer.Option("--stream/--no-stream", help="Stream what a --base-url answers.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask anew what was answered before.")] = False,
    baseline: Annotated[str, typer.Option(help="The run to compare with, by id or name.")] = "",
    fail_on_regression: FailOnRegression = False,
    threshold: Threshold = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; unpriced models may be asked.")] = False,
    person: Person = "",
) -> None:
    """Run a file and wait. Status 0 is well, 1 regressed or below the threshold, 2 errors, 3 the cap was reached."""
    names = tuple(name.strip() for one in model or () for name in one.split(",") if name.strip())
    options = eval_request.Options(
        *(names, judge, base_url, api_key_env, stream, max_cost, repeats, concurrency, not no_cache, baseline, yes)
    )
    with telling(as_json=as_json, status=eval_result.ERRORS):
        made = eval_request.read(file)  # what is wrong with it is told before stores are started
    with session(person, as_json=as_json, status=eval_result.ERRORS) as who:
        from hub.evals.plan import begin

        for sentence in (*made.warnings, *made.notes):
            typer.echo(sentence, err=True)
        wanted = eval_request.request(who, file, made, options)
        if fail_on_regression and wanted.baseline is None:
            raise BadInput("--fail-on-regression needs a --baseline.", hint="Nothing was sent.")
        ask = not yes and sys.stdin.isatty() and sys.stderr.isatty()
        run_id = begin(who, eval_request.agreed(who, wanted, ask=ask))
        code = _finish(who, run_id, as_json, junit, fail_on_regression, threshold)
    raise typer.Exit(code)


@app.command()
def resume(
    run: Run,
    as_json: AsJson = False,
    junit: Junit = None,
    max_cost: Annotated[float | None, typer.Option(help="Another cap than the run has.", min=0)] = None,
    fail_on_regression: FailOnRegression = False,
    threshold: Threshold = None,
    person: Person = "",
) -> None:
    """Go on with a run that was paused, was broken off or has reached its cap. The status is as for `run`."""
    with session(person, as_json=as_json, status=eval_result.ERRORS) as who:
        from hub.evals.act import reopen, set_limits

        found = eval_request.find(who, run)
        if max_cost is not None:
            set_limits(who, found.id, found.limits, max_cost)
        if found.status not in ("done", "cancelled"):
            reopen(who, found.id)
        code = _finish(who, found.id, as_json, junit, fail_on_regression, threshold)
    raise typer.Exit(code)


@app.command()
def export(
    run: Run,
    form: Annotated[str, typer.Option(help="csv, jsonl, junit, html, md, parquet or ipynb.")] = "csv",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file; standard output without it.")] = None,
    person: Person = "",
) -> None:
    """Write a run in a form that other programs read."""
    with session(person) as who:
        _export(who, eval_request.find(who, run).id, form, output)


@app.command("list")
def listed(as_json: AsJson = False, person: Person = "") -> None:
    """List runs, the newest first."""
    with session(person, as_json=as_json) as who:
        from hub import evals

        rows: list[dict[str, Any]] = [
            {
                "id": one.id,
                "name": one.name,
                "status": one.status,
                "set": one.set_name,
                "version": one.set_version,
                "models": [model.label for model in one.models],
                "cells": one.cells,
                "spent": one.spent,
                "created_at": one.created_at,
            }
            for one in evals.runs(who)
        ]
    if as_json:
        emit(rows)
        return
    table(
        ("Run", "Name", "Status", "Set", "Models", "Cells", "Started"),
        [
            (
                r["id"],
                r["name"],
                r["status"],
                f"{r['set']} {r['version']}",
                ", ".join(r["models"]),
                f"{r['cells']:,}",
                f"{r['created_at'].astimezone():%Y-%m-%d %H:%M}",
            )
            for r in rows
        ],
    )


@app.command()
def sets(as_json: AsJson = False, person: Person = "") -> None:
    """List prompt sets, what was changed last first."""
    with session(person, as_json=as_json) as who:
        from hub import evals

        found = evals.sets(who)
    if as_json:
        emit([{"id": s.id, "name": s.name, "version": s.version, "rows": s.rows, "at": s.updated_at} for s in found])
        return
    table(
        ("Set", "Name", "Version", "Rows", "Changed"),
        [(s.id, s.name, str(s.version), f"{s.rows:,}", f"{s.updated_at.astimezone():%Y-%m-%d %H:%M}") for s in found],
    )


@app.command("import")
def import_(file: File, as_json: AsJson = False, person: Person = "") -> None:
    """Keep a file as a prompt set; one of the same name gets a new version where the file differs."""
    with session(person, as_json=as_json) as who:
        made = eval_request.read(file)
        stored = eval_request.keep(who, file, made)
    told = {"warnings": list(made.warnings), "notes": list(made.notes)}
    if as_json:
        emit({"set": stored.id, "name": stored.name, "version": stored.version, "rows": stored.rows, **told})
        return
    for sentence in (*made.warnings, *made.notes):
        typer.echo(sentence, err=True)
    typer.echo(f"{stored.name}, version {stored.version}: {stored.rows:,} rows. Set {stored.id}")


def _finish(
    who: Who, run_id: str, as_json: bool, junit: Path | None, fail_on_regression: bool, threshold: float | None
) -> int:
    """Works on a run until it ends, tells what came of it, and returns the exit status."""
    from hub import evals
    from hub.evals.look import summary

    began = time.monotonic()
    if evals.get_run(who, run_id).status == "running":
        typer.echo(f"Run {run_id}", err=True)
        eval_work.work(who, run_id)
    seconds, found = time.monotonic() - began, evals.get_run(who, run_id)
    figures = summary(who, run_id, f"run:{found.baseline}" if found.baseline else "")
    if junit is not None:
        _export(who, run_id, "junit", junit)
    if as_json:
        emit(eval_result.record(found, figures, seconds))
    else:
        eval_result.show(found, figures)
    return eval_result.status(found, figures, fail_on_regression=fail_on_regression, threshold=threshold)


def _export(who: Who, run_id: str, form: str, output: Path | None) -> None:
    from hub import evals

    pieces = evals.export(who, run_id, form)
    try:
        with nullcontext(sys.stdout.buffer) if output is None else output.open("wb") as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise BadInput(f"{output} cannot be written: {error.strerror}.") from error
