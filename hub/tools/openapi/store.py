"""Interfaces that people have added, and their keys.

`tool_apis` {_id, owner ("" is everybody), name, base_url, text (compressed), source, how, access (encrypted JSON),
key_hint, enabled, at}, `tool_tokens` (see `hub.oauth.keeper`).
"""

from __future__ import annotations

import zlib
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import orjson

from hub.db.indexes import Index
from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.secrets import decrypt, encrypt
from hub.db.who import Who
from hub.errors import NotFound
from hub.oauth import Keeper
from hub.tools.openapi.read import read
from hub.tools.openapi.records import Access, Api, Spec

keeper = Keeper("tool_tokens", "api")
"""The sign-ins of people at interfaces where each has their own."""

INDEXES: list[Index] = [("tool_apis", [("owner", 1)], {}), *keeper.indexes]
EVERYBODY = ""
_rows: Memo[list[Document]] = Memo()


def apis(who: Who) -> list[Api]:
    """Those that a person may use: their own and everybody's, by name."""
    rows = [row for owner in (who.id, EVERYBODY) for row in _of(owner)]
    return sorted(map(_record, rows), key=lambda api: api.name.casefold())


def get(who: Who, api: str) -> Api:
    """One that the person may use; raises NotFound."""
    return _record(_row(who, api))


def access(who: Who, api: str) -> Access:
    """How to sign in; raises NotFound, and SecretUnreadable when the hub's secret key has changed."""
    sealed = _row(who, api)["access"]
    return Access(**orjson.loads(decrypt(sealed))) if sealed else Access()


def add(owner: str, *, name: str, base_url: str, text: str, source: str, access: Access) -> str:
    """Stores one; its id."""
    row = {"owner": owner, "enabled": True, **_changed(name, base_url, access), **_packed(text, source)}
    with reachable():
        made = collection("tool_apis").insert_one(row)
    _rows.drop(owner)
    return str(made.inserted_id)


def change(owner: str, api: str, *, name: str, base_url: str, access: Access) -> None:
    """Replaces what can be changed by hand."""
    _set(owner, api, _changed(name, base_url, access))


def replace(owner: str, api: str, *, text: str, source: str) -> None:
    """Replaces the specification."""
    _set(owner, api, _packed(text, source))


def enable(owner: str, api: str, *, on: bool) -> None:
    """Switches all tools of one on or off, for all who may use it."""
    _set(owner, api, {"enabled": on})


def remove(owner: str, api: str) -> None:
    """Removes one with its key and everybody's sign-in."""
    with reachable():
        gone = collection("tool_apis").delete_one({"_id": object_id(api, "interface"), "owner": owner})
    if gone.deleted_count:
        keeper.drop_all(api)
    _rows.drop(owner)


def purge(owner: str) -> None:
    """Removes all of an owner, and their sign-ins elsewhere."""
    for row in _of(owner):
        keeper.drop_all(str(row["_id"]))
    keeper.leave(owner)
    with reachable():
        collection("tool_apis").delete_many({"owner": owner})
    _rows.drop(owner)


def _set(owner: str, api: str, values: Document) -> None:
    with reachable():
        collection("tool_apis").update_one({"_id": object_id(api, "interface"), "owner": owner}, {"$set": values})
    _rows.drop(owner)


def _changed(name: str, base_url: str, access: Access) -> Document:
    sealed = "" if access.how == "none" else encrypt(orjson.dumps(asdict(access)).decode())
    hint = access.secret[-4:] if len(access.secret) > 8 else ""
    return {"name": name, "base_url": base_url, "how": access.how, "access": sealed, "key_hint": hint}


def _packed(text: str, source: str) -> Document:
    return {"text": zlib.compress(text.encode()), "source": source, "at": now()}


def _of(owner: str) -> list[Document]:
    def load() -> list[Document]:
        with reachable():
            return list(collection("tool_apis").find({"owner": owner}))

    return _rows.get(owner, "", load)


def _row(who: Who, api: str) -> Document:
    found = [row for owner in (who.id, EVERYBODY) for row in _of(owner) if str(row["_id"]) == api]
    if not found:
        raise NotFound("There is no such interface.", hint="It may have been removed.")
    return found[0]


def _record(row: Document) -> Api:
    return Api(
        str(row["_id"]), row["owner"], row["name"], row["base_url"], _read(bytes(row["text"]), row["source"]),
        row["how"], row["key_hint"], row["enabled"], row["source"],
    )  # fmt: skip


@lru_cache(maxsize=64)
def _read(packed: bytes, source: str) -> Spec:
    return read(zlib.decompress(packed).decode(), source)


def text_of(who: Who, api: str) -> str:
    """The specification as it was given."""
    packed: Any = _row(who, api)["text"]
    return zlib.decompress(bytes(packed)).decode()
