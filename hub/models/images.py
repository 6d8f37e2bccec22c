"""Pictures made by a model at one of the person's connections, through LiteLLM."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from hub.db.who import Who
from hub.errors import HubError
from hub.models import blame, connections
from hub.models.connections import Connection
from hub.models.errors import NoKey
from hub.models.litellm_library import library
from hub.models.resolve import split_id
from hub.models.types import Image

USUAL = {"openai": "gpt-image-1", "google": "gemini-2.5-flash-image"}
"""The model that makes pictures where a person has named none, by provider."""
SECONDS = 180
_OPENAI = "openai"


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
    connection_id, name = split_id(model_id)
    connection = connections.get(who, connection_id)
    access = connections.access(who, connection)
    if connection.preset.needs_key and not access.key:
        raise NoKey(connection.name)
    litellm = library()
    more: dict[str, Any] = {"size": size} if size else {}
    try:
        answer = litellm.image_generation(
            prompt=prompt,
            model=f"{_provider(connection)}/{name}",
            api_key=access.key or "none",
            api_base=connection.base_url if _provider(connection) == _OPENAI else None,
            extra_headers=dict(access.headers) or None,
            timeout=SECONDS,
            max_retries=0,
            **more,
        )
    except Exception as error:
        raise _told(error, connection, name, access.key or "") from error
    images, revised = _pictures(answer, connection, name)
    return Made(images, _cost(litellm, answer, f"{_provider(connection)}/{name}"), revised)


def _provider(connection: Connection) -> str:
    """What LiteLLM calls the way to the connection."""
    if connection.preset.kind == "openai":
        return _OPENAI
    return connection.litellm_provider or connection.preset.litellm


def _pictures(answer: Any, connection: Connection, name: str) -> tuple[tuple[Image, ...], str]:
    rows = list(answer.data or [])
    found = tuple(Image(_kind(data), data) for row in rows if row.b64_json for data in [base64.b64decode(row.b64_json)])
    if not found:
        # An address that only the provider serves would be gone within the hour.
        raise NoPicture(
            f"{name} at {connection.name} answered without a picture.",
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


def _told(error: Exception, connection: Connection, name: str, key: str) -> HubError:
    status = getattr(error, "status_code", None)
    said = str(getattr(error, "message", "") or error).removeprefix(f"litellm.{type(error).__name__}: ")
    reply = blame.read(status if isinstance(status, int) else None, said, {}, key)
    return blame.error_of(reply, provider=connection.name, model=name)
