"""What tools gave to an answer and what else went into it, as the transcript draws it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from hub.chat.records import Message, ToolUsed
from hub.models.types import ToolUse
from hub.render.citations import drawn
from hub.turns import Source

CITED_BY_NUMBER = frozenset({"document", "web"})
LONGEST_RESULT = 20_000
"""Characters of what a tool gave that are carried to the browser."""
_EXCERPT = 400


def titles(message: Message) -> dict[int, str]:
    """What each number that the answer may cite points to."""
    return {source.number: _full(source) for source in message.sources if source.number}


def sources(message: Message, html: str) -> list[dict[str, Any]]:
    """What the answer was given, as rows, each thing once: what it cites in order of the numbers, then the rest. `at`
    is the place in `message.sources`."""
    cited = drawn(html)
    places = {(source.kind, source.item, source.number): at for at, source in enumerate(message.sources)}
    rows = [_source(at, message.sources[at], cited=message.sources[at].number in cited) for at in places.values()]
    return sorted(rows, key=lambda row: (not row["cited"], row["number"] or len(rows)))


def tools(message: Message) -> list[dict[str, Any]]:
    """The tool calls of an answer, each with what it gave."""
    given = {result.call: result for result in message.tool_results}
    return [_tool(call, given.get(call.id)) for call in message.tool_calls]


def _full(source: Source) -> str:
    return " · ".join(part for part in (source.title, source.place) if part)


def _source(at: int, source: Source, *, cited: bool) -> dict[str, Any]:
    text = " ".join(source.text.split())
    return {
        "at": at,
        "number": source.number,
        "kind": source.kind,
        "item": source.item,
        "title": source.title,
        "place": source.place,
        "text": text if len(text) <= _EXCERPT else text[:_EXCERPT].rstrip() + "…",
        "cited": cited,
        "conversation": str(source.about.get("conversation", "")),
    }


def _tool(call: ToolUse, result: ToolUsed | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": call.id, "name": call.name, **arguments(call.arguments), "status": "done"}
    if result is None:
        return shown
    cut = result.text[:LONGEST_RESULT]
    return {
        **shown,
        "title": result.title,
        "icon": result.icon,
        "said": result.said,
        "result": cut if cut == result.text else f"{cut}\n… {len(result.text) - len(cut):,} more characters",
        "status": "error" if result.error else "done",
        "ms": result.ms,
    }


def arguments(text: str) -> dict[str, str]:
    """Arguments as a model gave them: whole, and the `key` one that tells the calls of a tool apart."""
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        return {"key": "", "arguments": text}
    values: Sequence[Any] = list(cast("Mapping[str, Any]", parsed).values()) if isinstance(parsed, dict) else []
    key = next((value for value in values if isinstance(value, str | int | float)), "")
    return {"key": str(key)[:80], "arguments": json.dumps(parsed, indent=2, ensure_ascii=False)}
