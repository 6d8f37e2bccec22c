"""`hub plugins`: what extends this hub, and switching it on and off."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from hub.cli.session import AsJson, emit, session

app = typer.Typer(help="Plugins: list them, switch them on and off.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the plugin.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the plugins with what each adds and the last error."""
    with session(as_json=as_json):
        from hub import hooks, plugins
        from hub.people import MACHINE

        hooks.plugins()
        found = plugins.every(MACHINE)
    if as_json:
        emit([{**asdict(one), "fields": [field.name for field in one.fields]} for one in found])
        return
    for one in found:
        state = "not loaded" if not one.works else "on" if one.enabled else "off"
        adds = ", ".join(one.adds) or "no hooks"
        typer.echo(f"{one.name}  {state}  {one.origin} {one.version}".rstrip() + f"  {adds}")
        for failure in one.failures[:1]:
            times = "once" if failure.count == 1 else f"{failure.count} times"
            when = f"{failure.at.astimezone():%Y-%m-%d %H:%M}"
            typer.echo(f"  {failure.where}: {failure.kind}: {failure.message} ({times}, last {when})")
    if not found:
        typer.echo("There are no plugins. docs/plugins.md says how to write one.")


@app.command("enable")
def enable(name: Name) -> None:
    """Switch a plugin on. Running processes follow within three seconds."""
    _switch(name, on=True)


@app.command("disable")
def disable(name: Name) -> None:
    """Switch a plugin off. Running processes follow within three seconds."""
    _switch(name, on=False)


def _switch(name: str, *, on: bool) -> None:
    with session():
        from hub import hooks, plugins
        from hub.people import MACHINE

        hooks.plugins()
        plugins.switch_plugin(MACHINE, name, on=on)
    typer.echo(f"{name} is {'on' if on else 'off'}.")
