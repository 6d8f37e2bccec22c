"""What programs with a person's API key may read of their memory."""

from __future__ import annotations

from functools import partial
from typing import Any

from hub.db.who import Who
from hub.memory import recall
from hub.served import ServedTool
from hub.turns import EVERYWHERE

_SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {"query": {"type": "string", "description": "What it should be about, or the message to answer."}},
    "required": ["query"],
    "additionalProperties": False,
}


def recall_tool(who: Who) -> ServedTool:
    """What is remembered that comes near a text."""
    about = "Recall what is remembered of this person: facts and earlier messages that come near a text."
    return ServedTool("recall_memory", about, _SHAPE, partial(_recalled, who))


def _recalled(who: Who, given: dict[str, Any]) -> str:
    shown = recall.preview(who, EVERYWHERE, given["query"])
    return "\n\n".join(shown.texts) or "Nothing is remembered that comes near."
