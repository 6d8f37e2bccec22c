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
    first = next((value for value in given.values() if isinstance(value, str | int | float)), "")
    return {"key": str(given.get(key, first))[:80], "arguments": json.dumps(parsed, indent=2, ensure_ascii=False)}
