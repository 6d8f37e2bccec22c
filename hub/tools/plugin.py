"""What the hub's own tools and those of OpenAPI specifications do when they are asked by the house."""

from __future__ import annotations

from collections.abc import Sequence

from hub import hooks
from hub.db.who import Who
from hub.tools import builtin, openapi, searching, store, switches
from hub.turns import Tool, Turn


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """The built-in tools, and those of the interfaces that the person may use."""
    return [*builtin.tools(turn), *openapi.tools(turn)]


@hooks.implementation
def conversation_purged(who: Who, conversation: str) -> None:
    """Nothing is kept of what tools did in it."""
    store.forget_conversation(who, conversation)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes rules, switches, keys and interfaces of the person."""
    store.forget_person(who)
    switches.forget(who)
    searching.forget(who)
    openapi.purge(who.id)
