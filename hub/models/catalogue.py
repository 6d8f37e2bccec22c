"""The models that a person can choose: the stored lists of their connections, joined with their own marks."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models import addresses, connections, listing
from hub.models.connections import Connection
from hub.models.errors import ModelError
from hub.models.prices import family
from hub.models.types import Entry, ModelInfo, Price

INDEXES: list[tuple[str, list[tuple[str, int]], dict[str, Any]]] = [
    ("models", [("owner", 1)], {}),
    ("model_marks", [("owner", 1)], {}),
]

STALE = timedelta(days=1)
DEMO_ID = "demo/demo"
_RECENTS = 8
_log = structlog.get_logger(__name__)
_lists: dict[str, tuple[datetime, dict[str, Document]]] = {}
"""Lists already read, by the id of their document; the time of the last refresh says whether they still hold."""

_found: Memo[tuple[Document | None, Document]] = Memo()
"""When a model's list was refreshed, and the person's marks on the model, by model id."""


async def refresh(who: Who, connection: Connection) -> int:
    """Asks the provider for its models and stores the list; returns how many there are. Raises ModelError."""
    if connection.source == "demo":
        return 1
    access = await asyncio.to_thread(connections.access, who, connection)
    entries = await listing.fetch(connection, access)
    await asyncio.to_thread(_store, who, connection, entries)
    return len(entries)


async def fill(who: Who) -> dict[str, ModelError]:
    """Refreshes every list that is missing or older than a day; the errors by connection id. A list that could not be
    refreshed stays as it was."""
    failed: dict[str, ModelError] = {}

    async def one(connection: Connection) -> None:
        try:
            await refresh(who, connection)
        except ModelError as error:
            failed[connection.id] = error
            _log.info("model list not refreshed", connection=connection.id, kind=error.kind)

    await asyncio.gather(*(one(connection) for connection in await asyncio.to_thread(stale, who)))
    return failed


def stale(who: Who) -> list[Connection]:
    """The connections whose list is missing or older than a day."""
    with reachable():
        times = {row["connection"]: row["refreshed_at"] for row in _stamps(who)}
    return [
        connection
        for connection in _usable(who)
        if connection.source != "demo" and (times.get(connection.id) is None or times[connection.id] < now() - STALE)
    ]


def models(who: Who, *, hidden: bool = False) -> list[ModelInfo]:
    """All models of `who` in the order of their connections, the demo last; hidden ones only when asked for. A
    connection that was never asked shows what LiteLLM's map knows of its provider."""
    with reachable():
        stamps = {row["connection"]: row for row in _stamps(who)}
        marks = {row["model"]: row for row in collection("model_marks").find({"owner": who.id})}
    found = [
        _info(connection, entry, marks.get(f"{connection.id}/{name}", {}))
        for connection in _usable(who)
        for name, entry in _entries(who, connection, stamps.get(connection.id)).items()
    ]
    return [model for model in found if hidden or not model.hidden]


def find(who: Who, model_id: str) -> ModelInfo:
    """One model. A name that the list does not have, but whose connection exists, is a model of which nothing is known:
    people type names, and lists are never complete. Raises NotFound when there is no such connection."""
    connection_id, _, name = addresses.model_id(model_id).partition("/")
    connection = connections.get(who, connection_id)

    def read() -> tuple[Document | None, Document]:
        with reachable():
            stamp = collection("models").find_one({"_id": f"{who.id}:{connection_id}"}, {"refreshed_at": 1})
            return stamp, collection("model_marks").find_one({"_id": f"{who.id}:{model_id}"}) or {}

    stamp, mark = _found.get(who.id, model_id, read)
    entry = _entries(who, connection, stamp).get(name)
    return _info(connection, entry or _document(listing.unlisted(connection, name)), mark)


def known(who: Who, models: Iterable[str], *, but: str = "") -> list[ModelInfo]:
    """Those of these models whose connection the person has, each once and without `but`."""
    found: list[ModelInfo] = []
    for one in dict.fromkeys(models):
        if one and one != but:
            with suppress(NotFound, BadInput):
                found.append(find(who, one))
    return found


def first_known(who: Who, models: Iterable[str]) -> str:
    """The first of these models whose connection the person has; "" where there is none."""
    return next((one.id for one in known(who, models)), "")


def by_name(who: Who, text: str) -> ModelInfo:
    """The model that a person means by `text`: its id, alias, the provider's name, title, or the one model whose name
    contains it. Raises NotFound with what comes near."""
    addresses.model_id(text)
    found = models(who, hidden=True)
    wanted = text.strip().lower()
    for exact in (
        [model for model in found if model.id == text.strip()],
        [model for model in found if wanted in (model.alias.lower(), model.name.lower(), model.title.lower())],
        [model for model in found if model.family == family(wanted)],
        [model for model in found if wanted in model.name.lower()],
    ):
        if len(exact) == 1 or (exact and exact[0].id == text.strip()):
            return exact[0]
        if exact and wanted:
            raise _unclear(text, exact)
    connection_id, slash, name = text.strip().partition("/")
    if slash and name and any(connection.id == connection_id for connection in connections.list_connections(who)):
        return find(who, text.strip())
    near = difflib.get_close_matches(wanted, [model.name.lower() for model in found], n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`hub models` lists them all."
    raise NotFound(f"There is no model named {text}.", hint=hint)


def mark(
    who: Who, model_id: str, *, favourite: bool | None = None, hidden: bool | None = None, alias: str | None = None
) -> None:
    """Sets what is given of a person's own marks on a model. Raises NotFound when its connection does not exist, and
    BadInput for an alias that is too long."""
    connections.get(who, addresses.model_id(model_id).partition("/")[0])
    named = addresses.name(alias, "The alias") if alias is not None else None
    given = {"favourite": favourite, "hidden": hidden, "alias": named}
    _mark(who, model_id, {name: value for name, value in given.items() if value is not None})
    _found.drop(who.id)


def note_used(who: Who, model_id: str) -> None:
    """Remembers that a model was used now."""
    _mark(who, model_id, {"used_at": now()})


def recents(who: Who) -> list[str]:
    """The ids of the models used last, newest first, at most 8."""
    with reachable():
        rows = [row for row in collection("model_marks").find({"owner": who.id}) if row.get("used_at")]
    there = {connection.id for connection in _usable(who)}
    rows.sort(key=lambda row: row["used_at"], reverse=True)
    return [row["model"] for row in rows if row["model"].partition("/")[0] in there][:_RECENTS]


def default_model(who: Who) -> str:
    """The model for a new chat: the chosen one, else the last used, else a favourite, else one that the provider's row
    suggests, else the first; the demo when there is no other."""
    with reachable():
        chosen = collection("model_defaults").find_one({"_id": who.id})
    usable = _usable(who)
    there = {connection.id for connection in usable}
    if chosen and chosen["model"].partition("/")[0] in there:
        return chosen["model"]
    used = [model for model in recents(who) if model != DEMO_ID]
    if used:
        return used[0]
    found = [model for model in models(who) if not model.demo]
    favourites = [model.id for model in found if model.favourite]
    offers = (_suggested(connection, found) for connection in usable)
    return favourites[0] if favourites else next(filter(None, offers), DEMO_ID)


def set_default(who: Who, model_id: str) -> None:
    """Makes `model_id` the model of new chats. Raises NotFound when its connection does not exist."""
    connections.get(who, addresses.model_id(model_id).partition("/")[0])
    with reachable():
        collection("model_defaults").update_one({"_id": who.id}, {"$set": {"model": model_id}}, upsert=True)


def forget_person(who: Who) -> None:
    """Removes the lists, marks and default of a person."""
    with reachable():
        for name in ("models", "model_marks"):
            collection(name).delete_many({"owner": who.id})
        collection("model_defaults").delete_one({"_id": who.id})
    for key in [key for key in _lists if key.startswith(f"{who.id}:")]:
        _lists.pop(key, None)
    _found.drop(who.id)


def _suggested(connection: Connection, found: list[ModelInfo]) -> str:
    """The model of `connection` to begin with, empty when its list is not known and its provider suggests none."""
    names = [model.name for model in found if model.connection == connection.id]
    suggested = connection.preset.suggested
    fitting = (name for beginning in suggested for name in sorted(names) if name.startswith(beginning))
    first = next(fitting, "") or next(iter(names or suggested), "")
    return f"{connection.id}/{first}" if first else ""


def _usable(who: Who) -> list[Connection]:
    return [connection for connection in connections.list_connections(who) if connection.enabled]


def _stamps(who: Who) -> list[Document]:
    return list(collection("models").find({"owner": who.id}, {"connection": 1, "refreshed_at": 1}))


def _entries(who: Who, connection: Connection, stamp: Document | None) -> dict[str, Document]:
    """The stored list by name, read again only after a refresh."""
    if connection.source == "demo":
        return {"demo": {"title": "Demo (no AI)", "abilities": ["vision", "tools", "reasoning"], "context": 8192}}
    if stamp is None:
        return {entry.name: _document(entry) for entry in listing.from_map(connection)}
    key = f"{who.id}:{connection.id}"
    known = _lists.get(key)
    if known is None or known[0] != stamp["refreshed_at"]:
        with reachable():
            row = collection("models").find_one({"_id": key})
        if row is None:
            return {}
        known = _lists[key] = (row["refreshed_at"], {entry["name"]: entry for entry in row["entries"]})
    return known[1]


def _store(who: Who, connection: Connection, entries: list[Entry]) -> None:
    row = {
        "schema": 1,
        "owner": who.id,
        "connection": connection.id,
        "refreshed_at": now(),
        "entries": [_document(entry) for entry in entries],
    }
    with reachable():
        collection("models").replace_one({"_id": f"{who.id}:{connection.id}"}, row, upsert=True)
    _found.drop(who.id)


def _document(entry: Entry) -> Document:
    price = entry.price
    return {
        "name": entry.name,
        "title": entry.title,
        "context": entry.context,
        "output_limit": entry.output_limit,
        "price": [price.input, price.output, price.cached],
        "abilities": sorted(entry.abilities) if entry.abilities is not None else None,
        "params": sorted(entry.params) if entry.params is not None else None,
    }


def _info(connection: Connection, entry: Document, mark: Document) -> ModelInfo:
    name = entry.get("name", "demo")
    abilities, params = entry.get("abilities"), entry.get("params")
    return ModelInfo(
        id=f"{connection.id}/{name}",
        name=name,
        connection=connection.id,
        connection_name=connection.name,
        provider=connection.provider,
        title=entry["title"] or name,
        context=entry.get("context"),
        output_limit=entry.get("output_limit"),
        price=Price(*entry.get("price", ())),
        abilities=frozenset(abilities) if abilities is not None else None,
        params=frozenset(params) if params is not None else None,
        family=family(name),
        alias=mark.get("alias", ""),
        favourite=mark.get("favourite", False),
        hidden=mark.get("hidden", False),
        local=connection.source == "local",
        demo=connection.source == "demo",
    )


def _mark(who: Who, model_id: str, change: Document) -> None:
    with reachable():
        collection("model_marks").update_one(
            {"_id": f"{who.id}:{model_id}"},
            {"$set": change, "$setOnInsert": {"owner": who.id, "model": model_id}},
            upsert=True,
        )


def _unclear(text: str, found: list[ModelInfo]) -> NotFound:
    ids = ", ".join(model.id for model in found[:4])
    return NotFound(f"More than one model fits {text}.", hint=f"Use the whole id, for example {ids}.")
