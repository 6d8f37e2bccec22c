"""Arguments of a tool call, as a model gave them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast


def arguments(text: str, key: str = "") -> dict[str, str]:
    """Arguments as a model gave them: whole, and the one (named by `key`, else the first) that tells the calls of a
    tool apart."""
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        return {"key": "", "arguments": text}
    given = cast("Mapping[str, Any]", parsed) if isinstance(parsed, dict) else {}
    named = given[key] if key in given else _first(given)
    return {"key": _first(named)[:80], "arguments": json.dumps(parsed, indent=2, ensure_ascii=False)}


def _first(value: Any) -> str:
    """The first plain value in it: texts and numbers before lists, lists before what they hold."""
    if not isinstance(value, dict | list):
        return "" if value is None else str(value)
    inside = list(cast("Mapping[str, Any]", value).values()) if isinstance(value, dict) else cast("list[Any]", value)
    plain = [one for one in inside if isinstance(one, str | int | float)]
    return next(filter(None, map(_first, plain or inside)), "")
