"""From a model's id to the model itself."""

from __future__ import annotations

from hub.db.secrets import SecretUnreadable
from hub.db.who import Who
from hub.errors import NotFound
from hub.models import connections
from hub.models.connections import Connection
from hub.models.demo import DemoModel
from hub.models.errors import ModelGone, NoKey
from hub.models.litellm_chat import LiteLLMChat
from hub.models.openai_chat import OpenAIChat
from hub.models.provided import Opening, open_provided
from hub.models.types import ChatModel


def split_id(model_id: str) -> tuple[str, str]:
    """Connection id and the provider's own name of the model."""
    connection_id, _, name = model_id.partition("/")
    return connection_id, name


def open_model(who: Who, model_id: str) -> ChatModel:
    """The model, ready to answer. It reads the store, so async code calls it in a thread.

    Raises ModelGone when the connection or the name is missing and NoKey when there is no readable key.
    """
    connection_id, name = split_id(model_id)
    try:
        connection = connections.get(who, connection_id)
    except NotFound as error:
        raise ModelGone("The hub", name or model_id, "its connection has been removed") from error
    if not name or not connection.enabled:
        raise ModelGone(connection.name, name or "without a name", "" if not name else "the connection is switched off")
    if connection.source == "demo":
        return DemoModel()
    return _open(who, connection, name)


def _open(who: Who, connection: Connection, name: str) -> ChatModel:
    preset = connection.preset
    try:
        access = connections.access(who, connection)
    except SecretUnreadable as error:
        raise NoKey(connection.name) from error
    if preset.needs_key and not access.key and connection.source != "environment":
        raise NoKey(connection.name)
    if preset.kind in ("plugin", "gone"):
        opening = Opening(name, connection.name, connection.base_url, access.key, dict(access.headers))
        return open_provided(preset.key, opening)
    if preset.kind == "litellm":
        return LiteLLMChat(
            name=name,
            provider=preset,
            litellm_provider=connection.litellm_provider or preset.litellm,
            base_url=connection.base_url if connection.base_url != preset.base_url else "",
            key=access.key,
            title=connection.name,
            headers=dict(access.headers),
        )
    return OpenAIChat(
        name=name,
        provider=preset,
        base_url=connection.base_url,
        key=access.key,
        title=connection.name,
        headers=dict(access.headers),
    )
