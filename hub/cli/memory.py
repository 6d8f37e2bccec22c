"""`hub memory`: what is remembered, from the terminal."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.session import AsJson, Person, emit, session
from hub.errors import BadInput
from hub.turns import project_scope

app = typer.Typer(help="Memory: recall, list, export, import.", no_args_is_help=True)

Project = Annotated[str, typer.Option("--project", help="Id of a project; without it what belongs to none.")]


@app.command("recall")
def recall(
    text: Annotated[str, typer.Argument(help="A message, as if it were sent.")],
    project: Project = "",
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Show what a message would bring into the prompt, and why."""
    with session(person, as_json=as_json, postgres=True) as who:
        from hub import memory

        shown = memory.recall_preview(who, project_scope(project), text)
    if as_json:
        emit(asdict(shown))
        return
    for notice in shown.notices:
        typer.echo(notice, err=True)
    typer.echo("\n\n".join(shown.texts) or "Nothing is remembered that comes near.")
    typer.echo(f"\n{shown.tokens:,} tokens, {shown.ms:.0f} ms", err=True)


@app.command("list")
def list_(
    project: Project = "",
    limit: Annotated[int, typer.Option(help="How many of the newest.", min=1)] = 100,
    all_: Annotated[bool, typer.Option("--all", help="Past and deleted ones too.")] = False,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """List what is remembered, the newest first."""
    with session(person, as_json=as_json) as who:
        from hub import memory

        wanted = memory.Filters(shelf=None if all_ else "live")
        found = memory.facts(who, project_scope(project), wanted, most=limit).facts
    if as_json:
        emit([{**asdict(fact), "shelf": fact.shelf} for fact in found])
        return
    for fact in found:
        typer.echo(f"{fact.id}  {fact.recorded_at:%Y-%m-%d}  {fact.kind:12}  {fact.text}")
    if not found:
        typer.echo("Nothing is remembered.")


@app.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; else it is printed.")] = None,
    project: Project = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown in place of JSON, live ones only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, which is what it is without --markdown.")] = False,
    person: Person = "",
) -> None:
    """Write out everything that is remembered, of every project too unless one is named."""
    with session(person, as_json=as_json) as who:
        from hub import memory

        scope = project_scope(project) if project else None
        text = memory.export(who, scope, form="markdown" if markdown and not as_json else "json")
    if file is None:
        typer.echo(text)
    else:
        file.write_text(text, encoding="utf-8")
        typer.echo(f"Written to {file}.", err=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Our JSON, Markdown, or text with one memory a line; - reads stdin.")],
    project: Project = "",
    model: Annotated[str, typer.Option(help="A model (id, name or alias) that reads text that is no list.")] = "",
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Take in memories; what is known already is left as it is."""
    with session(person, as_json=as_json, postgres=True) as who:
        from hub import memory
        from hub.models import catalogue

        if str(file) != "-" and not file.is_file():
            raise BadInput(f"There is no file {file}.", hint="Nothing was imported.")
        data = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        named = catalogue.by_name(who, model).id if model else ""
        done = memory.import_(who, data, scope=project_scope(project), model=named)
    if as_json:
        emit(asdict(done))
        return
    typer.echo(done.said)
    for refused in done.refusals:
        typer.echo(f"Left out: {refused.said} {refused.text}".rstrip())
