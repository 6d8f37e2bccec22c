"""`hub skills`: validate, import, export, list and search skills from the terminal."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.session import AsJson, Person, emit, session, telling
from hub.errors import BadInput

app = typer.Typer(help="Skills: validate, import, export, list, search.", no_args_is_help=True)

Where = Annotated[str, typer.Argument(help="A folder, a .zip, a SKILL.md, or the https address of a repository.")]


@app.command("validate")
def validate(
    path: Annotated[Path, typer.Argument(help="A folder, .zip or SKILL.md.")], as_json: AsJson = False
) -> None:
    """Check skills by the strict rules, and scan them. Ends with 1 when a rule is broken."""
    with telling(as_json=as_json):
        from hub.skills.checking import check

        checked = check(path)
    if as_json:
        emit([asdict(one) for one in checked])
    else:
        for one in checked:
            typer.echo(f"{one.name}: {'valid' if one.valid else 'not valid'}")
            _details([asdict(problem) for problem in one.problems], [asdict(found) for found in one.findings])
    if not all(one.valid for one in checked):
        raise typer.Exit(1)


@app.command("import")
def import_(
    where: Where,
    ref: Annotated[str, typer.Option(help="Branch, tag or commit of a repository.")] = "",
    only: Annotated[list[str] | None, typer.Option(help="Only the skill of this name; may be repeated.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Leave new skills switched off.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Import skills; what is wrong with one stops no other. Ends with 1 when all were refused."""
    with session(person, as_json=as_json) as who:
        from hub import skills

        if where.startswith(("http://", "https://")):
            source = skills.from_git(where, ref)
        else:
            source = skills.from_path(Path(where))
        done = skills.look(who, source) if dry_run else skills.import_(who, source, only=only, switch=not off)
        if only and (missing := set(only) - {one.name for one in done}):
            raise BadInput(f"There is no skill {', '.join(sorted(missing))} in it.")
    if as_json:
        emit([asdict(one) for one in done])
    else:
        for one in done:
            typer.echo(f"{one.name}: {one.state}. {one.said}")
            _details([asdict(problem) for problem in one.warnings], [asdict(found) for found in one.findings])
    if done and all(one.state == "refused" for one in done):
        raise typer.Exit(1)


def _details(problems: list[dict[str, Any]], findings: list[dict[str, Any]]) -> None:
    for one in problems:
        typer.echo(f"    warning: {one['said']}")
    for one in findings:
        line = f":{one['line']}" if one["line"] else ""
        typer.echo(f"    finding: {one['file']}{line} {one['said']}{': ' + one['excerpt'] if one['excerpt'] else ''}")


@app.command("export")
def export(
    name: Annotated[str, typer.Argument(help="Name or id of a skill.")],
    where: Annotated[Path, typer.Argument(help="A folder to write it into, or a .zip to make.")] = Path(),
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Write a skill out, as a folder or as a zip."""
    with session(person, as_json=as_json) as who:
        from hub import skills

        one = skills.by_name(who, name)
        if where.suffix.lower() in {".zip", ".skill"}:
            if where.exists():
                raise BadInput(f"There is {where} already.", hint="Nothing was written.")
            where.write_bytes(skills.as_zip(who, one.id))
            written = where
        else:
            written = skills.as_folder(who, one.id, where)
    if as_json:
        emit({"name": one.name, "version": one.version, "path": str(written)})
    else:
        typer.echo(f"Written to {written}.", err=True)


@app.command("list")
def list_(as_json: AsJson = False, person: Person = "") -> None:
    """List the skills, and how they are switched."""
    with session(person, as_json=as_json) as who:
        from hub import skills

        found = skills.skills(who)
    if as_json:
        emit([_plain(asdict(one)) for one in found])
        return
    for one in found:
        typer.echo(f"{one.mode:7} {one.skill.name:40} {one.skill.body_tokens:>7,} tokens  {one.skill.description[:80]}")
    if not found:
        typer.echo("There are no skills yet. `hub skills import PATH` brings some in.")


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="What a skill should be for.")],
    limit: Annotated[int, typer.Option(help="How many.", min=1)] = 5,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Find skills by what they are for, as a model does."""
    with session(person, as_json=as_json) as who:
        from hub import skills

        found = skills.rank(skills.visible(who), text, limit)
    if as_json:
        emit([{"id": one.id, "name": one.name, "description": one.description} for one in found])
        return
    for one in found:
        typer.echo(f"{one.name}: {one.description}")
    if not found:
        typer.echo("Nothing has these words.")


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    skill = {key: value for key, value in one.pop("skill").items() if key != "head"}
    return {**skill, **one}
