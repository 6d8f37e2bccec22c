"""`hub doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.backup import Passphrase, given

if TYPE_CHECKING:
    from hub.cli.finding import Finding


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Try a backup, and look whether what is stored is whole.")
    ] = False,
    backup: Annotated[Path | None, typer.Option("--backup", help="The backup to try, instead of one made now.")] = None,
    passphrase_file: Passphrase = None,
) -> None:
    """Check every part and say what to do about what is wrong."""
    import logging

    from hub.cli.checks import examine
    from hub.cli.session import telling

    def further() -> list[Finding]:
        from hub.cli.deep import look

        return look(backup, given(passphrase_file))

    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # the findings say it in words
    with telling(as_json=as_json):
        findings = examine(further if deep or backup else None)
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
