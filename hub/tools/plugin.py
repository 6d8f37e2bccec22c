"""What the hub's own tools and those of OpenAPI specifications do when they are asked by the house."""

from __future__ import annotations

from collections.abc import Sequence

from hub import hooks
from hub.db.who import Who
from hub.tools import builtin, searching, switches
from hub.turns import Tool, Turn


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """The built-in tools, and those of the interfaces that the person may use; without those that are off."""
    return switches.offered(turn, builtin.tools(turn))


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes switches, keys and interfaces of the person."""
    switches.forget(who)
    searching.forget(who)
