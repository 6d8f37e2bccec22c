"""`hub doctor`."""

from __future__ import annotations

import typer


def doctor(as_json: bool = typer.Option(False, "--json", help="Print one JSON object.")) -> None:
    """Check every part and say what to do about what is wrong."""
    import logging

    from hub.cli.checks import examine

    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # the findings say it in words
    findings = examine()
    broken = any(finding.state == "broken" for finding in findings)
    if as_json:
        import orjson

        typer.echo(orjson.dumps({"ok": not broken, "checks": findings}, option=orjson.OPT_INDENT_2))
    else:
        _draw([(finding.part, finding.state, finding.says, finding.todo) for finding in findings])
    raise typer.Exit(1 if broken else 0)


def _draw(rows: list[tuple[str, str, str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colours = {"good": "green", "note": "yellow", "broken": "red"}
    table = Table("Part", "State", "What was found", "What to do", show_lines=False)
    for part, state, says, todo in rows:
        table.add_row(part, Text(state, style=colours[state]), Text(says), Text(todo))
    Console().print(table)
