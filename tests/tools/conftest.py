"""A turn of Anna's in which tools are called."""

from __future__ import annotations

from typing import Any

from hub.db.who import Who
from hub.models.types import ModelInfo
from hub.turns import Turn

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")
ADA = Who("ada", "Ada", "admin")
MODEL = ModelInfo("c/m", "m", "c", "Fake", "openai", "M", context=32_000, abilities=frozenset({"tools"}))


def turn(question: str = "hi", who: Who = ANNA, **more: Any) -> Turn:
    """Anna's turn with `question`."""
    return Turn(who, "0" * 24, "1" * 24, question, MODEL, **more)
