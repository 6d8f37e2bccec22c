"""Asking LiteLLM for something else than a chat with a model at one of the person's connections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.db.who import Who
from hub.errors import HubError
from hub.models import blame, connections
from hub.models.connections import Connection
from hub.models.errors import NoKey
from hub.models.resolve import split_id

OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class Reach:
    """A model as LiteLLM reaches it. `provider` is what LiteLLM calls the way to its connection."""

    connection: Connection
    name: str
    provider: str
    key: str
    headers: dict[str, str]

    def arguments(self, seconds: int) -> dict[str, Any]:
        """What every call of LiteLLM gets; it tries once."""
        return {
            "model": f"{self.provider}/{self.name}",
            "api_key": self.key or "none",
            "api_base": self.connection.base_url if self.provider == OPENAI else None,
            "extra_headers": self.headers or None,
            "timeout": seconds,
            "max_retries": 0,
        }

    def told(self, error: Exception) -> HubError:
        """What LiteLLM raised, with a cause that the person can act on and without the key."""
        status = getattr(error, "status_code", None)
        said = str(getattr(error, "message", "") or error).removeprefix(f"litellm.{type(error).__name__}: ")
        reply = blame.read(status if isinstance(status, int) else None, said, {}, self.key)
        return blame.error_of(reply, provider=self.connection.name, model=self.name)


def reach(who: Who, model_id: str) -> Reach:
    """The model with this id; raises NotFound without its connection and NoKey without a key that it needs."""
    connection_id, name = split_id(model_id)
    connection = connections.get(who, connection_id)
    access = connections.access(who, connection)
    if connection.preset.needs_key and not access.key:
        raise NoKey(connection.name)
    openai = connection.preset.kind == OPENAI
    provider = OPENAI if openai else connection.litellm_provider or connection.preset.litellm
    return Reach(connection, name, provider, access.key or "", dict(access.headers))
