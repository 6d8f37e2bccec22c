"""Arguments of a call against the schema of its tool: what is a little wrong is put right, the rest is said."""

from __future__ import annotations

from typing import Any, cast

import orjson

from hub.errors import BadInput
from hub.models import shape
from hub.turns import Tool

LONGEST = 400_000
"""Characters of arguments that are read."""
_WHOLE, _NUMBER = "integer", "number"


def arguments(tool: Tool, text: str) -> dict[str, Any]:
    """The arguments as the tool gets them. Raises BadInput with a sentence for the model when they do not fit."""
    if len(text) > LONGEST:
        raise BadInput(f"The arguments have {len(text):,} characters, more than the {LONGEST:,} that are read.")
    try:
        given = orjson.loads(text or "{}")
    except orjson.JSONDecodeError as error:
        raise BadInput("The arguments are not JSON.", hint="Call it again with one JSON object.") from error
    if not isinstance(given, dict):
        raise BadInput("The arguments must be one JSON object.")
    return fitted(tool, cast("dict[str, Any]", given))


def fitted(tool: Tool, given: dict[str, Any]) -> dict[str, Any]:
    """`given` with numbers written as text, and the like, in their types; raises BadInput for what does not fit."""
    known: dict[str, Any] = tool.spec.parameters.get("properties") or {}
    made = {name: _typed(value, known.get(name)) for name, value in given.items()}
    wrong = _wrong(tool, made)
    if wrong:
        raise BadInput(wrong, hint="Nothing was run.")
    return made


def _wrong(tool: Tool, made: dict[str, Any]) -> str:
    """What does not fit the schema, with its place; empty when all does."""
    try:
        return shape.misfit(made, orjson.dumps(tool.spec.parameters))
    except shape.Unchecked:
        return f"The tool {tool.name} describes its arguments in a way that cannot be checked."


def _typed(value: Any, schema: Any) -> Any:
    """A value that small models wrote as text, in the type that the schema asks for; else as it is."""
    kind = cast("dict[str, Any]", schema).get("type") if isinstance(schema, dict) else None
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if kind == _WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str) or kind not in {_WHOLE, _NUMBER, "boolean", "array", "object"}:
        return value
    try:
        read = orjson.loads(value.strip().lower() if kind == "boolean" else value)
    except orjson.JSONDecodeError:
        return value
    right = {_WHOLE: int, _NUMBER: int | float, "boolean": bool, "array": list, "object": dict}[kind]
    return read if isinstance(read, right) and (kind == "boolean" or not isinstance(read, bool)) else value
