"""A server that is a program: started as a limited child, in a folder of its own, with its own words kept there."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from mcp.client.stdio import StdioServerParameters, stdio_client

from hub.db.processes import private_folder
from hub.mcp.records import Access
from hub.mcp.watched import Streams
from hub.settings import settings

LAST = 4
"""Lines of what it wrote to its error output that are shown when it does not run."""


def folder(server: str) -> Path:
    """The working folder and home of a server."""
    return private_folder(settings().data / "mcp" / server)


@asynccontextmanager
async def running(server: str, access: Access) -> AsyncGenerator[Streams]:
    """The streams of a new child, which ends with the block."""
    home = folder(server)
    own = {"HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", **access.env}
    launcher = str(Path(__file__).with_name("launch.py"))
    started = StdioServerParameters(
        command=sys.executable,
        args=["-I", launcher, json.dumps(["PATH", *own]), access.command, *access.args],
        env=own,
        cwd=home,
    )
    with (home / "errors.log").open("w", encoding="utf-8") as complaints:
        async with stdio_client(started, errlog=complaints) as streams:
            yield streams


def last_words(server: str, access: Access) -> str:
    """The end of what it wrote to its error output, without the secrets that it was given."""
    try:
        data = (folder(server) / "errors.log").read_bytes()[-4000:]
    except FileNotFoundError:
        return ""
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    said = "\n".join(lines[-LAST:])
    for secret in access.secrets:
        said = said.replace(secret, "•••")
    return said
