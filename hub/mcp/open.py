"""The door to the connections: the SDK behind them takes most of a second to load, so it is loaded when it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.mcp.pool import Pool


def pool() -> Pool:
    """The connections of this process."""
    from hub.mcp import pool as connections

    return connections.pool()


def opened() -> Pool | None:
    """The connections of this process where there are any already."""
    return pool() if "hub.mcp.pool" in sys.modules else None


def close() -> None:
    """Ends every connection of this process, and the programs of its servers."""
    if found := opened():
        found.close()
