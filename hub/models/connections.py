"""Connections to providers: stored ones with encrypted keys, those of the environment, and the demo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from bson import ObjectId

from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.secrets import decrypt, encrypt
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models import addresses
from hub.models.prices import litellm_providers
from hub.models.providers import PROVIDERS, Provider, provider, stored_provider
from hub.settings import PROVIDER_URLS, settings

INDEXES: list[tuple[str, list[tuple[str, int]], dict[str, Any]]] = [("connections", [("owner", 1)], {})]

Source = Literal["stored", "environment", "local", "demo"]


@dataclass(frozen=True, slots=True)
class Connection:
    """A way to a provider. It never holds the key, only `key_hint`, its last four characters.

    `header_names` are those of further HTTP headers, whose values are kept encrypted. `litellm_provider` is set for the
    provider "litellm". A `read_only` connection comes from the environment or is the demo.
    """

    id: str
    owner: str
    provider: str
    name: str
    base_url: str
    key_hint: str = ""
    header_names: tuple[str, ...] = ()
    litellm_provider: str = ""
    enabled: bool = True
    source: Source = "stored"

    @property
    def read_only(self) -> bool:
        """Whether it cannot be changed here."""
        return self.source in ("environment", "demo")

    @property
    def variable(self) -> str:
        """The name of the environment's variable that makes it, empty for one that is stored."""
        if self.source != "environment":
            return ""
        return settings().provider_variable(self.provider) or PROVIDER_URLS[self.provider]

    @property
    def kind(self) -> str:
        """What a person calls this sort of connection: the provider, or LiteLLM's name of it."""
        return self.litellm_provider or self.preset.title.removeprefix("Any ")

    @property
    def preset(self) -> Provider:
        """The row of the provider's table."""
        return stored_provider(self.provider)


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """The secrets of a connection; they show in no repr."""

    key: str | None
    headers: Mapping[str, str]


_rows: Memo[Document | None] = Memo()
"""Stored rows by connection; keys stay encrypted in them."""


def list_connections(who: Who) -> list[Connection]:
    """All connections of `who`: stored ones, oldest first, then those of the environment, then the demo."""
    with reachable():
        stored = [_record(row) for row in collection("connections").find({"owner": who.id})]
    stored.sort(key=lambda connection: connection.id)
    return [*stored, *_environment(who), _demo(who)]


def get(who: Who, connection_id: str) -> Connection:
    """One connection; raises NotFound."""
    for connection in (*_environment(who), _demo(who)):
        if connection.id == connection_id:
            return connection
    return _record(_row(who, connection_id))


def access(who: Who, connection: Connection) -> Access:
    """Key and headers of a connection; raises SecretUnreadable when the hub's secret key has changed."""
    if connection.source == "environment":
        return Access(settings().provider_key(connection.provider), {})
    if connection.source == "demo":
        return Access(None, {})
    row = _row(who, connection.id)
    headers: dict[str, str] = orjson.loads(decrypt(row["headers"])) if row.get("headers") else {}
    return Access(decrypt(row["key"]) if row.get("key") else None, headers)


def add(
    who: Who,
    provider_key: str,
    *,
    name: str = "",
    key: str = "",
    base_url: str = "",
    litellm_provider: str = "",
    headers: Mapping[str, str] | None = None,
) -> Connection:
    """Stores a new connection. Raises BadInput with a sentence for what is missing or wrong."""
    preset = provider(provider_key)
    if preset.kind == "demo":
        raise BadInput("The demo is always there and needs no connection.")
    key = addresses.key(key)
    if preset.needs_key and not key:
        raise BadInput(f"The key for {preset.title} is missing.", hint=f"Make one at {preset.key_page}.")
    row: Document = {
        "schema": 1,
        "owner": who.id,
        "provider": preset.key,
        "name": _free_name(who, addresses.name(name) or _default_name(preset, base_url, litellm_provider)),
        "base_url": _address(preset, base_url),
        "litellm_provider": _litellm_name(preset, litellm_provider),
        "enabled": True,
        "created_at": now(),
        "updated_at": now(),
        **_secrets(key, headers),
    }
    with reachable():
        inserted = collection("connections").insert_one(row)
    _rows.drop(who.id)
    return _record({**row, "_id": inserted.inserted_id})


def update(
    who: Who,
    connection_id: str,
    *,
    name: str | None = None,
    key: str | None = None,
    base_url: str | None = None,
    enabled: bool | None = None,
    headers: Mapping[str, str] | None = None,
) -> Connection:
    """Changes what is given; an empty key removes the key. Raises NotFound and BadInput."""
    connection = _changeable(who, connection_id)
    change: Document = {"updated_at": now()}
    if name is not None:
        change["name"] = addresses.name(name) or connection.name
    if key is not None:
        change |= _secrets(addresses.key(key), None)
        if connection.preset.needs_key and not change["key"]:
            raise BadInput(f"{connection.preset.title} needs a key.", hint="Remove the connection to forget the key.")
    if headers is not None:
        change |= {"headers": _sealed(headers), "header_names": list(headers)}
    if base_url is not None:
        change["base_url"] = _address(connection.preset, base_url)
    if enabled is not None:
        change["enabled"] = enabled
    with reachable():
        collection("connections").update_one({"_id": object_id(connection_id), "owner": who.id}, {"$set": change})
    _rows.drop(who.id)
    return get(who, connection_id)


def remove(who: Who, connection_id: str) -> None:
    """Removes a connection, its key and its list of models. Chats keep the name of the model. Raises NotFound."""
    _changeable(who, connection_id)
    with reachable():
        collection("connections").delete_one({"_id": object_id(connection_id), "owner": who.id})
        collection("models").delete_one({"_id": f"{who.id}:{connection_id}"})
    _rows.drop(who.id)


def forget_person(who: Who) -> None:
    """Removes every connection of a person with its key."""
    with reachable():
        collection("connections").delete_many({"owner": who.id})
    _rows.drop(who.id)


def _changeable(who: Who, connection_id: str) -> Connection:
    connection = get(who, connection_id)
    if connection.source == "environment":
        raise BadInput(f"{connection.name} comes from {connection.variable}.", hint="Change it where the hub starts.")
    if connection.source == "demo":
        raise BadInput("The demo cannot be changed.", hint="It moves to the end as soon as there is another model.")
    return connection


def _environment(who: Who) -> list[Connection]:
    found: list[Connection] = []
    for preset in PROVIDERS:
        key, url = settings().provider_key(preset.key), settings().provider_url(preset.key)
        if not key and not url:
            continue
        found.append(
            Connection(
                id=f"env-{preset.key}",
                owner=who.id,
                provider=preset.key,
                name=preset.title,
                base_url=addresses.base_url(url) if url else preset.base_url,
                key_hint=_hint(key or ""),
                source="environment",
            )
        )
    return found


def _demo(who: Who) -> Connection:
    return Connection("demo", who.id, "demo", "Demo", "", source="demo")


def _row(who: Who, connection_id: str) -> Document:
    def read() -> Document | None:
        if not ObjectId.is_valid(connection_id):
            return None
        with reachable():
            return collection("connections").find_one({"_id": ObjectId(connection_id), "owner": who.id})

    row = _rows.get(who.id, connection_id, read)
    if row is None:
        raise NotFound("There is no such connection.", hint="It may have been removed; choose another model.")
    return row


def _record(row: Document) -> Connection:
    return Connection(
        id=str(row["_id"]),
        owner=row["owner"],
        provider=row["provider"],
        name=row["name"],
        base_url=row["base_url"],
        key_hint=row.get("key_hint", ""),
        header_names=tuple(row.get("header_names", ())),
        litellm_provider=row.get("litellm_provider", ""),
        enabled=row.get("enabled", True),
        source="local" if stored_provider(row["provider"]).local else "stored",
    )


def _secrets(key: str, headers: Mapping[str, str] | None) -> dict[str, Any]:
    made: dict[str, Any] = {"key": encrypt(key) if key else "", "key_hint": _hint(key)}
    if headers:
        made |= {"headers": _sealed(headers), "header_names": list(headers)}
    return made


def _sealed(headers: Mapping[str, str]) -> str:
    for name, value in headers.items():
        if not re.fullmatch(r"[\w-]+", name, re.ASCII) or not value.isascii() or not value.isprintable():
            raise BadInput(f"The header {name} has characters that a header cannot have.")
    return encrypt(orjson.dumps(dict(headers)).decode()) if headers else ""


def _hint(key: str) -> str:
    return key[-4:] if len(key) >= 12 else ""


def _address(preset: Provider, base_url: str) -> str:
    if base_url.strip():
        return addresses.base_url(base_url) if preset.kind == "openai" else base_url.strip().rstrip("/")
    if preset.key == "openai_compatible":
        return addresses.base_url("")
    return preset.base_url


def _litellm_name(preset: Provider, name: str) -> str:
    if preset.key != "litellm":
        return ""
    name = name.strip().lower()
    if not name:
        raise BadInput("The name of the LiteLLM provider is missing.", hint="For example groq, bedrock or deepseek.")
    if name not in litellm_providers():
        where = "https://docs.litellm.ai/docs/providers"
        raise BadInput(f"LiteLLM has no provider named {name}.", hint=f"Look the name up at {where}.")
    return name


def _default_name(preset: Provider, base_url: str, litellm_provider: str) -> str:
    if preset.key == "openai_compatible" and base_url.strip():
        return addresses.base_url(base_url).split("/")[2]
    return litellm_provider.strip() if preset.key == "litellm" else preset.title


def _free_name(who: Who, name: str) -> str:
    taken = {connection.name for connection in list_connections(who)}
    if name not in taken:
        return name
    return next(free for number in range(2, len(taken) + 3) if (free := f"{name} {number}") not in taken)
