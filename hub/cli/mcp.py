"""`hub mcp`: MCP servers from the terminal."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.session import AsJson, Person, emit, session
from hub.db.who import Who
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.mcp.records import Server

app = typer.Typer(help="MCP servers: list, add, test, import, export, remove.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name or id of the server.")]
Everybody = Annotated[bool, typer.Option("--everybody", help="For everybody on this hub; only for administrators.")]
Pairs = Annotated[list[str] | None, typer.Option(help="NAME=VALUE, several times.")]


@app.command("list")
def list_(as_json: AsJson = False, person: Person = "") -> None:
    """List the servers, with what they offered last."""
    with session(person, as_json=as_json) as who:
        from hub import mcp

        found = mcp.cards(who)
    if as_json:
        emit([{**asdict(one.server), "tools": [tool.name for tool in one.listing.tools]} for one in found])
        return
    for one in found:
        state = "on" if one.server.enabled else "off"
        count = f"{len(one.listing.tools)} tools" if one.listing.listed_at else "not asked yet"
        typer.echo(f"{one.server.id}  {one.server.name}  {one.server.transport}  {one.server.place}  {state}  {count}")
    if not found:
        typer.echo("There are no MCP servers. Add one with `hub mcp add` or `hub mcp import`.")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    what: Annotated[list[str], typer.Argument(help="An address, or after -- a command with its arguments.")],
    header: Pairs = None,
    env: Pairs = None,
    sse: Annotated[bool, typer.Option("--sse", help="An address that speaks the older server-sent events.")] = False,
    everybody: Everybody = False,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Add a server: `hub mcp add Docs https://mcp.example/mcp`, `hub mcp add Files -- npx -y server-files /data`."""
    with session(person, as_json=as_json) as who:
        from hub import mcp

        web = what[0].startswith(("http://", "https://"))
        access = mcp.Access(
            url=what[0] if web else "",
            command="" if web else what[0],
            args=() if web else tuple(what[1:]),
            env=_pairs(env),
            headers=_pairs(header),
        )
        made = mcp.add(who, mcp.Draft(name, ("sse" if sse else "http") if web else "stdio", access, everybody))
    if as_json:
        emit(asdict(made))
    else:
        typer.echo(f"{made.name} is added: {made.id}. Try it with `hub mcp test {made.id}`.")


@app.command("test")
def test(name: Name, as_json: AsJson = False, person: Person = "") -> None:
    """Connect to a server and list its tools anew."""
    with session(person, as_json=as_json) as who:
        from hub import mcp

        try:
            one = _named(who, name)
            status = mcp.test(who, one.id)
            tools = mcp.card(who, one).listing.tools
        finally:
            mcp.close()
    if as_json:
        emit({**asdict(status), "tools": [asdict(tool) for tool in tools]})
        return
    typer.echo(f"{one.name}: {status.product}, protocol {status.protocol}, {status.latency_ms or 0:.0f} ms")
    for tool in tools:
        typer.echo(f"  {tool.name}  {tool.description.partition(chr(10))[0][:100]}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON of Claude Desktop, Cursor or VS Code; - reads stdin.")],
    everybody: Everybody = False,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Add the servers of a list; those that are there already are left as they are."""
    with session(person, as_json=as_json) as who:
        from hub import mcp

        if str(file) != "-" and not file.is_file():
            raise BadInput(f"There is no file {file}.", hint="Nothing was imported.")
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        done = mcp.import_servers(who, text, everybody=everybody)
    if as_json:
        emit([asdict(one) for one in done])
        return
    for one in done:
        typer.echo(f"{one.name}: {one.said}")


@app.command("export")
def export(person: Person = "") -> None:
    """Print the own servers as such a list, with blanks in place of secrets."""
    with session(person) as who:
        from hub import mcp

        typer.echo(mcp.export_servers(who))


@app.command("remove")
def remove(name: Name, person: Person = "") -> None:
    """Remove a server with its sign-ins and its log."""
    with session(person) as who:
        from hub import mcp

        one = _named(who, name)
        mcp.remove(who, one.id)
    typer.echo(f"{one.name} is removed.")


def _named(who: Who, name: str) -> Server:
    from hub import mcp

    found = [one.server for one in mcp.cards(who) if name in (one.server.id, one.server.name)]
    if not found:
        raise BadInput(f"There is no MCP server {name}.", hint="`hub mcp list` shows them.")
    return found[0]


def _pairs(given: list[str] | None) -> dict[str, str]:
    made: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals:
            raise BadInput(f"{one} is not of the form NAME=VALUE.", hint="Nothing was added.")
        made[name.strip()] = value
    return made
