"""Whether a call may run: what admins and the person have decided, else what the tool says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import orjson

from hub.tools.records import Rule, Ruling
from hub.turns import Permission, Tool

_STRICTER: tuple[Permission, ...] = ("always", "ask", "never")


def ruling(tool: Tool, arguments: Mapping[str, Any], rules: Iterable[Rule]) -> Ruling:
    """What happens with a call of `tool` with these arguments.

    The rule that says most counts: one for this chat before one for everywhere, one that names arguments before one
    that does not, an exact id before a pattern; of equal ones the strictest. What an admin has decided is the least
    strict that it can be. Leave that was given to another version of a tool is no leave.
    """
    fitting = [rule for rule in rules if fits(rule, tool, arguments)]
    own = _strongest([rule for rule in fitting if rule.by == "person"], tool)
    floor = _strongest([rule for rule in fitting if rule.by == "admin"], tool)
    decided = own or Ruling(tool.decide(dict(arguments)) if tool.decide else tool.permission)
    if floor and _STRICTER.index(floor.permission) > _STRICTER.index(decided.permission):
        return floor
    return decided


def fits(rule: Rule, tool: Tool, arguments: Mapping[str, Any]) -> bool:
    """Whether a rule speaks of this call."""
    if not fnmatchcase(tool.stable_id, rule.tool):
        return False
    return all(name in arguments and fnmatchcase(_text(arguments[name]), like) for name, like in rule.arguments.items())


def _strongest(rules: Sequence[Rule], tool: Tool) -> Ruling | None:
    if not rules:
        return None
    best = max(rules, key=lambda rule: (*_weight(rule), _STRICTER.index(rule.permission)))
    if best.permission == "always" and best.version and best.version != tool.version:
        return Ruling("ask", "The tool has changed since you allowed it.")
    return Ruling(best.permission, _why(best))


def _weight(rule: Rule) -> tuple[bool, int, bool, int]:
    return bool(rule.conversation), len(rule.arguments), "*" not in rule.tool, len(rule.tool)


def _why(rule: Rule) -> str:
    who = "An administrator wants" if rule.by == "admin" else "You want"
    where = " in this chat" if rule.conversation else ""
    return {"ask": f"{who} this to be asked first{where}.", "never": f"{who} this never to run{where}."}.get(
        rule.permission, ""
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
