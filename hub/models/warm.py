"""LiteLLM is loaded before the first message needs it, in a process where some connection will."""

from __future__ import annotations

from hub.db.mongo import collection, reachable
from hub.models.connections import Connection
from hub.models.litellm_library import load
from hub.models.providers import PROVIDERS
from hub.settings import settings

_THROUGH_LITELLM = [preset.key for preset in PROVIDERS if preset.kind == "litellm"]


def start() -> bool:
    """Begins to load LiteLLM if a connection of the environment or of anybody goes through it; says whether it did.
    Raises StoreDown."""
    given = any(settings().provider_key(key) for key in _THROUGH_LITELLM)
    needed = given or _stored()
    if needed:
        load()
    return needed


def start_for(connection: Connection) -> None:
    """Begins to load LiteLLM if `connection` goes through it."""
    if connection.enabled and connection.preset.kind == "litellm":
        load()


def _stored() -> bool:
    """One look at the few rows of all people: there is no index for it because it happens once in a process."""
    with reachable():
        wanted = {"provider": {"$in": _THROUGH_LITELLM}, "enabled": True}
        return collection("connections").find_one(wanted, {"_id": 1}) is not None
