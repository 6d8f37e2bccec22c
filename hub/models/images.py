"""Pictures made by a model at one of the person's connections, through LiteLLM."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from hub.db.who import Who
from hub.errors import HubError
from hub.models import connections
from hub.models.litellm_library import library
from hub.models.litellm_reach import reach
from hub.models.types import Image

USUAL = {"openai": "gpt-image-1", "google": "gemini-2.5-flash-image"}
"""The model that makes pictures where a person has named none, by provider."""
SECONDS = 180


class NoPicture(HubError):
    """A model made no picture."""

    kind = "no_picture"


@dataclass(frozen=True, slots=True)
class Made:
    """What came: `cost` in US dollars, None where nobody knows it; `revised` is the prompt as the model changed it."""

    images: tuple[Image, ...]
    cost: float | None
    revised: str = ""


def usual(who: Who) -> str:
    """The id of a model that makes pictures at the first connection that has one; empty without."""
    for one in connections.list_connections(who):
        if one.enabled and one.provider in USUAL:
            return f"{one.id}/{USUAL[one.provider]}"
    return ""


def generate(who: Who, model_id: str, prompt: str, size: str = "") -> Made:
    """One picture. Raises HubError with the cause; what a provider counted of a failed call is not known."""
    way, litellm = reach(who, model_id), library()
    more: dict[str, Any] = {"size": size} if size else {}
    try:
        answer = litellm.image_generation(prompt=prompt, **way.arguments(SECONDS), **more)
    except Exception as error:
        raise way.told(error) from error
    images, revised = _pictures(answer, way.connection.name, way.name)
    return Made(images, _cost(litellm, answer, f"{way.provider}/{way.name}"), revised)


def _pictures(answer: Any, connection: str, name: str) -> tuple[tuple[Image, ...], str]:
    rows = list(answer.data or [])
    found = tuple(Image(_kind(data), data) for row in rows if row.b64_json for data in [base64.b64decode(row.b64_json)])
    if not found:
        # An address that only the provider serves would be gone within the hour.
        raise NoPicture(
            f"{name} at {connection} answered without a picture.",
            hint="It may have been charged.",
        )
    return found, str(getattr(rows[0], "revised_prompt", "") or "")


def _kind(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"


def _cost(litellm: Any, answer: Any, model: str) -> float | None:
    try:
        return float(litellm.completion_cost(completion_response=answer, model=model, call_type="image_generation"))
    except Exception:
        return None  # LiteLLM raises whatever its map lacks; an unknown price is shown as unknown
