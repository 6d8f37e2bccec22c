"""The models that a run asks: those of the catalogue, and servers that only this run knows."""

from __future__ import annotations

from hub.db.who import Who
from hub.errors import BadInput
from hub.evals.records import Asked, Endpoint, RunModel
from hub.models import addresses, catalogue, connections
from hub.models.openai_chat import OpenAIChat
from hub.models.providers import provider
from hub.models.resolve import open_model
from hub.models.types import ChatModel, Price
from hub.settings import settings

_PLAIN = "openai_compatible"
FREE = Price(0.0, 0.0)
"""What answers of the demo cost, and those of a server that runs models itself, such as Ollama, where nobody has set a
price. Any other address may be a gateway that is billed, on this computer too."""


def copied(who: Who, asked: Asked) -> RunModel:
    """The model as a run has it copied in. Raises NotFound without its connection, BadInput for a wrong address."""
    if asked.endpoint is not None:
        return _elsewhere(asked, asked.endpoint)
    info = catalogue.find(who, asked.model)
    connection = connections.get(who, info.connection)
    return RunModel(
        model=info.id,
        label=asked.label or info.label,
        params=asked.params,
        key=info.id,
        price=FREE if (info.local or info.demo) and _unknown(info.price) else info.price,
        context=info.context,
        output_limit=info.output_limit,
        local=info.local,
        address=f"{connection.litellm_provider or connection.provider} {connection.base_url}",
    )


def _elsewhere(asked: Asked, endpoint: Endpoint) -> RunModel:
    url = addresses.base_url(endpoint.base_url)
    if endpoint.key_env and not settings().variable(endpoint.key_env):
        raise BadInput(f"The variable {endpoint.key_env} is not set.", hint="It should hold the key. Nothing was sent.")
    name = f"{url} {endpoint.name}"
    return RunModel(
        model=endpoint.name,
        label=asked.label or endpoint.name,
        params=asked.params,
        key=name,
        price=Price(),
        address=f"{_PLAIN} {url}",
        endpoint=Endpoint(url, endpoint.name, endpoint.key_env, endpoint.stream),
    )


def _unknown(price: Price) -> bool:
    return price.input is None and price.output is None


def open_asked(who: Who, model: RunModel) -> ChatModel:
    """The model, ready to answer; reads the store. Raises ModelGone and NoKey."""
    if model.endpoint is None:
        return open_model(who, model.model)
    return OpenAIChat(
        name=model.endpoint.name,
        provider=provider(_PLAIN),
        base_url=model.endpoint.base_url,
        key=settings().variable(model.endpoint.key_env) if model.endpoint.key_env else None,
        title=model.label,
    )
