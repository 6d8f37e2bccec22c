"""All tools that a person's models may be given, outside of any chat: what each is, costs, and whether it is on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import orjson

from hub import hooks
from hub.db.who import Who
from hub.models.estimate import tokens
from hub.models.types import ModelInfo
from hub.tools import openapi, policy, store, switches
from hub.tools.rank import rank
from hub.tools.records import Rule
from hub.tools.shown import GroupRow, ToolRow
from hub.turns import Permission, Tool, Turn

ANY = ModelInfo("", "", "", "", "", "", abilities=frozenset({"tools"}))
"""Stands for the model of a chat that there is not."""
_ORIGINS = {"hub": "Part of the hub", "mcp": "MCP server", "api": "OpenAPI", "plugin": "Plugin", "skill": "Skill"}
_OWN = "The hub"
"""The group of the tools of rooms that name none."""


def every(who: Who) -> tuple[list[Tool], list[str]]:
    """All tools, and a sentence for each room that could not give its own. Raises StoreDown."""
    return hooks.tools(Turn(who, "", "", "", ANY))


def groups(who: Who, tools: Sequence[Tool]) -> list[GroupRow]:
    """The tools in their groups, the hub's own first. An interface is a group, also where two have one name."""
    apis = openapi.apis(who)
    changeable = {api.id for api in apis if not api.shared or who.role == "admin"}
    signed_in = {api.id: openapi.signed_in(who, api) for api in apis}
    off, rules = switches.off(who), store.rules_in(who, "")
    found: dict[tuple[str, str, str], list[ToolRow]] = {}
    for tool in tools:
        found.setdefault((_origin(tool), tool.group, _api(tool)), []).append(_row(tool, off, rules))
    ordered = sorted(found.items(), key=lambda one: (one[0][0] != _ORIGINS["hub"], one[0][1].casefold()))
    return [
        GroupRow(
            id,
            name or _OWN,
            origin,
            id not in off,
            tuple(rows),
            api if api in changeable else "",
            sign_in=api if signed_in.get(api) is False else "",
            sign_out=api if signed_in.get(api) else "",
        )
        for (origin, name, api), rows in ordered
        for id in [switches.group_id(name)]
    ]


def search(who: Who, query: str, tools: Sequence[Tool], most: int = 30) -> list[ToolRow]:
    """Those that have all the words, else those that fit best in meaning."""
    wanted = query.casefold().split()
    exact = [tool for tool in tools if all(word in _text(tool) for word in wanted)]
    off, rules = switches.off(who), store.rules_in(who, "")
    return [_row(tool, off, rules) for tool in (exact[:most] or rank(query, tools, most=10))]


def decide(who: Who, tool: Tool, permission: Permission | None) -> None:
    """Keeps what holds for all calls of a tool; None goes back to what the tool says of itself."""
    for rule in store.rules(who):
        if _plain(rule, tool):
            store.drop_rule(who.id, rule.id)
    if permission:
        store.put_rule(who.id, Rule("", tool.stable_id, permission, version=tool.version))


def _row(tool: Tool, off: frozenset[str], rules: Sequence[Rule]) -> ToolRow:
    own = [rule for rule in rules if _plain(rule, tool)]
    others = policy.ruling(tool, {}, [rule for rule in rules if rule not in own])
    held = policy.ruling(tool, {}, rules)
    cost = _tokens(tool.name, tool.spec.description, orjson.dumps(tool.spec.parameters))
    return ToolRow(
        tool.stable_id, tool.title, tool.name, tool.spec.description, tool.icon, cost,
        not {tool.stable_id, switches.group_id(tool.group)} & off, own[0].permission if own else "",
        others.permission, held.why if held.why != "You have decided so." else "",
    )  # fmt: skip


def _plain(rule: Rule, tool: Tool) -> bool:
    """Whether a rule is the person's own for all calls of a tool everywhere."""
    return rule.by == "person" and rule.tool == tool.stable_id and not rule.arguments and not rule.conversation


def _origin(tool: Tool) -> str:
    return _ORIGINS.get(tool.stable_id.partition(":")[0], "Plugin")


def _api(tool: Tool) -> str:
    kind, _, rest = tool.stable_id.partition(":")
    return rest.partition("/")[0] if kind == "api" else ""


@lru_cache(maxsize=4_000)
def _tokens(name: str, about: str, shape: bytes) -> int:
    return tokens(f"{name} {about} {shape.decode()}") + 8


def _text(tool: Tool) -> str:
    return f"{tool.name} {tool.title} {tool.spec.description} {tool.group}".casefold()
