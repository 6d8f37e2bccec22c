"""Every query on MCP servers and on what they offered. All of them ask who wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from bson import ObjectId

from hub.db.indexes import Index
from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.secrets import decrypt, encrypt
from hub.db.who import Who
from hub.errors import NotFound
from hub.mcp.records import Access, Blank, Listing, PromptItem, RememberedTool, Server
from hub.mcp.tokens import keeper

SCHEMA = 1
INDEXES: list[Index] = [
    ("mcp_servers", [("owner", 1)], {}),
    ("mcp_servers", [("everybody", 1)], {}),
    ("mcp_lists", [("server", 1)], {}),
    *keeper.indexes,
    ("mcp_log", [("server", 1)], {}),
    ("mcp_log", [("owner", 1)], {}),
]
_EVERYBODY = "*"

_servers: Memo[tuple[Server, ...]] = Memo()
_lists: Memo[Listing] = Memo()


def servers(who: Who) -> tuple[Server, ...]:
    """The person's own servers and those for everybody, oldest first."""

    def own() -> tuple[Server, ...]:
        return _read({"owner": who.id})

    def shared() -> tuple[Server, ...]:
        return _read({"everybody": True})

    found = {one.id: one for one in _servers.get(who.id, "", own)}
    found |= {one.id: one for one in _servers.get(_EVERYBODY, "", shared)}
    return tuple(sorted(found.values(), key=lambda one: one.id))


def _read(query: Mapping[str, Any]) -> tuple[Server, ...]:
    with reachable():
        return tuple(map(_record, collection("mcp_servers").find(query)))


def server(who: Who, id_: str) -> Server:
    """One server that the person may see, read from the store; raises NotFound."""
    return _record(_row(who, id_))


def access(who: Who, id_: str) -> Access:
    """How a server is reached; raises NotFound, SecretUnreadable."""
    found: dict[str, Any] = orjson.loads(decrypt(_row(who, id_)["sealed"]))
    found["args"] = tuple(found["args"])
    return Access(**found)


def _row(who: Who, id_: str) -> Document:
    key = {"_id": object_id(id_, "MCP server")}
    servers = collection("mcp_servers")
    with reachable():
        row = servers.find_one({**key, "owner": who.id}) or servers.find_one({**key, "everybody": True})
    if row is None:
        raise NotFound("There is no such MCP server.", hint="It may have been removed.")
    return row


def insert(who: Who, fields: Mapping[str, Any], access_: Access) -> Server:
    """Stores a new server."""
    row: Document = {
        **fields,
        "_id": ObjectId(),
        "owner": who.id,
        "sealed": _sealed(access_),
        "env_names": list(access_.env),
        "header_names": list(access_.headers),
        "revision": 1,
        "created_at": now(),
        "schema": SCHEMA,
    }
    with reachable():
        collection("mcp_servers").insert_one(row)
    _drop(who)
    return _record(row)


def update(who: Who, id_: str, fields: Mapping[str, Any], access_: Access | None = None) -> Server:
    """Sets fields of a server that was looked up before; with `access_` also how it is reached."""
    change: Document = {"$set": dict(fields)}
    if access_ is not None:
        sealed = {"sealed": _sealed(access_)}
        names = {"env_names": list(access_.env), "header_names": list(access_.headers)}
        change = {"$set": {**fields, **sealed, **names}, "$inc": {"revision": 1}}
    with reachable():
        collection("mcp_servers").update_one({"_id": object_id(id_)}, change)
    _drop(who)
    return server(who, id_)


def key_of(who: Who, server_: Server) -> str:
    """Whose connection and list a person uses: their own where each signs in, else the one for all ("")."""
    return who.id if server_.oauth else ""


def learn_oauth(server_: Server) -> None:
    """Notes that a server wants each person to sign in."""
    with reachable():
        collection("mcp_servers").update_one({"_id": object_id(server_.id)}, {"$set": {"oauth": True}})
    _servers.drop(server_.owner)
    _servers.drop(_EVERYBODY)


def remove(who: Who, id_: str) -> None:
    """Removes a server with its lists, tokens and log."""
    with reachable():
        for name in ("mcp_lists", "mcp_log"):
            collection(name).delete_many({"server": id_})
        keeper.drop_all(id_)
        collection("mcp_servers").delete_one({"_id": object_id(id_)})
    _drop(who)
    _lists.drop(id_)


def owned(who: Who) -> list[str]:
    """The ids of a person's own servers."""
    with reachable():
        return [str(row["_id"]) for row in collection("mcp_servers").find({"owner": who.id}, {"_id": 1})]


def listing(id_: str, person: str) -> Listing:
    """What a server offered last; `person` is "" where everybody sees the same."""

    def read() -> Listing:
        with reachable():
            row = collection("mcp_lists").find_one({"_id": f"{id_}:{person}"})
        if row is None:
            return Listing()
        tools = tuple(RememberedTool(**one) for one in orjson.loads(row["tools"]))
        return Listing(tools, row["listed_at"], tuple(map(_prompt, orjson.loads(row.get("prompts", "[]")))))

    return _lists.get(id_, person, read)


def _prompt(row: dict[str, Any]) -> PromptItem:
    blanks = tuple(Blank(**one) for one in row["arguments"])
    return PromptItem(row["name"], row["title"], row["description"], blanks)


def remember(id_: str, person: str, tools: tuple[RememberedTool, ...]) -> None:
    """Stores the tools that a server offers."""
    # As text: a schema has keys ("$ref") that a store does not take as names of fields.
    row = {"server": id_, "person": person, "tools": orjson.dumps(tools).decode(), "listed_at": now()}
    with reachable():
        collection("mcp_lists").update_one({"_id": f"{id_}:{person}"}, {"$set": row}, upsert=True)
    _lists.drop(id_)


def remember_prompts(id_: str, person: str, prompts: tuple[PromptItem, ...]) -> None:
    """Stores the prompts that a server offers, beside its tools."""
    if listing(id_, person).prompts == prompts:
        return
    row = {"prompts": orjson.dumps(prompts).decode()}
    with reachable():
        collection("mcp_lists").update_one({"_id": f"{id_}:{person}"}, {"$set": row})
    _lists.drop(id_)


def forget_person(who: Who) -> None:
    """Removes everything of a person but their servers."""
    with reachable():
        keeper.leave(who.id)
        collection("mcp_log").delete_many({"owner": who.id})
        collection("mcp_lists").delete_many({"person": who.id})
    _drop(who)


def _drop(who: Who) -> None:
    _servers.drop(who.id)
    _servers.drop(_EVERYBODY)


def _sealed(access_: Access) -> str:
    fields = {name: getattr(access_, name) for name in Access.__slots__}
    return encrypt(orjson.dumps({**fields, "env": dict(access_.env), "headers": dict(access_.headers)}).decode())


def _record(row: Document) -> Server:
    return Server(
        id=str(row["_id"]),
        owner=row["owner"],
        name=row["name"],
        transport=row["transport"],
        place=row["place"],
        created_at=row["created_at"],
        everybody=row.get("everybody", False),
        enabled=row.get("enabled", True),
        oauth=row.get("oauth", False),
        private=row.get("private", False),
        trusts_hints=row.get("trusts_hints", False),
        off=frozenset(row.get("off", ())),
        env_names=tuple(row.get("env_names", ())),
        header_names=tuple(row.get("header_names", ())),
        revision=row.get("revision", 1),
    )
