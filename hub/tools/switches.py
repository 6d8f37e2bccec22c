"""Which tools are on: for a person always, and for one conversation.

`tool_switches` {_id: owner, off: [ids], image_model}. A conversation keeps {"off": [ids], "on": [ids]} under "tools"
of what is attached to it; it wins over the person's own switches. "group:Payments" is a whole group. An agent that
answers in it may add {"only": [ids]}: nothing else is on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from hub.db.indexes import Index
from hub.db.memo import Memo
from hub.db.mongo import Document, collection, reachable
from hub.db.who import Who
from hub.turns import Tool, Turn

INDEXES: list[Index] = []
_known: Memo[Document] = Memo()


@dataclass(frozen=True, slots=True)
class Switches:
    """The ids that a conversation switches, the `only` ones that its agent has (None is all), and whether it has tools
    at all: "auto" gives them to models that are known to call tools, "on" to every model, in words to those that have
    none of their own."""

    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    mode: Literal["auto", "on", "off"] = "auto"
    only: frozenset[str] | None = None


def group_id(group: str) -> str:
    """The id under which a whole group is switched."""
    return f"group:{group}"


def off(who: Who) -> frozenset[str]:
    """The ids that a person has switched off."""
    return frozenset(_row(who).get("off", ()))


def switch(who: Who, id: str, *, on: bool) -> None:
    """Switches a tool, or a group, for all conversations of a person."""
    _change(who, {"$pull" if on else "$addToSet": {"off": id}})


def image_model(who: Who) -> str:
    """The id of the model that a person has chosen for pictures; empty for the usual one."""
    return str(_row(who).get("image_model", ""))


def choose_image_model(who: Who, model: str) -> None:
    """Has pictures made by the model with this id; empty for the usual one."""
    _change(who, {"$set": {"image_model": model}})


def forget(who: Who) -> None:
    """Removes what a person has set."""
    with reachable():
        collection("tool_switches").delete_one({"_id": who.id})
    _known.drop(who.id)


def of_conversation(turn: Turn) -> Switches:
    """What the conversation of a turn switches."""
    kept = turn.attached.get("tools")
    given = cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}
    mode, only = given.get("mode"), given.get("only")
    return Switches(
        frozenset(map(str, given.get("off") or ())),
        frozenset(map(str, given.get("on") or ())),
        mode if mode in ("on", "off") else "auto",
        None if only is None else frozenset(map(str, only)),
    )


def wanted(turn: Turn) -> bool:
    """Whether tools are given in this turn."""
    here = of_conversation(turn)
    return here.mode == "on" or (here.mode == "auto" and (turn.takes_tools or bool(here.on)))


def offered(turn: Turn, tools: Sequence[Tool]) -> list[Tool]:
    """Those of `tools` that are on in this turn."""
    here, always = of_conversation(turn), off(turn.who)
    return [tool for tool in tools if _on(tool, here, always)]


def _on(tool: Tool, here: Switches, always: frozenset[str]) -> bool:
    """A tool's own switch counts before its group's, the conversation's before the person's."""
    if here.only is not None and not here.only & {tool.stable_id, group_id(tool.group)}:
        return False
    for id in (tool.stable_id, group_id(tool.group)):
        if id in here.off:
            return False
        if id in here.on:
            return True
    return not {tool.stable_id, group_id(tool.group)} & always


def _row(who: Who) -> Document:
    def read() -> Document:
        with reachable():
            return collection("tool_switches").find_one({"_id": who.id}) or {}

    return _known.get(who.id, "", read)


def _change(who: Who, change: Document) -> None:
    with reachable():
        collection("tool_switches").update_one({"_id": who.id}, change, upsert=True)
    _known.drop(who.id)
