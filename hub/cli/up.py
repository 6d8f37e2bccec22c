"""`hub up`."""

from __future__ import annotations

from contextlib import suppress

import typer


def up() -> None:
    """Start everything on this machine: stores, web and worker. Ctrl-C stops it."""
    import asyncio

    from hub import log
    from hub.cli.running import claim
    from hub.cli.supervisor import Supervisor
    from hub.settings import settings

    log.set_up("up")
    data = settings().data.absolute()

    async def run() -> int:
        return await Supervisor(data, _say).run()

    with claim(data):
        status = asyncio.run(run())
    raise typer.Exit(status)


def _say(line: str) -> None:
    """Prints a line; one that cannot be printed, as into a file on a full disk, must not end the watch."""
    with suppress(OSError):
        typer.echo(line)
