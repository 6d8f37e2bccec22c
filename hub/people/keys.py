"""Keys that a person makes for programs: shown once, kept as a hash, good until they are revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta

from hub.db.mongo import Document, collection, now, reachable
from hub.db.who import OWNER, Who
from hub.errors import BadInput, NotFound
from hub.people import store
from hub.people.records import ApiKey

PREFIX = "hub_"
MOST = 50
LONGEST_NAME = 60
USED_EVERY = timedelta(minutes=1)


def create(who: Who, name: str) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can read afterwards. Raises BadInput."""
    name = " ".join(name.replace("\0", "").split())[:LONGEST_NAME]
    if not name:
        raise BadInput("The key needs a name.", hint="For example the program that will use it.")
    if len(listed(who)) >= MOST:
        raise BadInput(f"There are {MOST} keys already.", hint="Revoke one that is not used any more.")
    text = PREFIX + secrets.token_urlsafe(32)
    row: Document = {
        "_id": store.token_hash(text),
        "owner": who.id,
        "name": name,
        "hint": text[-4:],
        "created_at": now(),
        "used_at": None,
        "schema": 1,
    }
    with reachable():
        collection("api_keys").insert_one(row)
    return _record(row), text


def listed(who: Who) -> list[ApiKey]:
    """The keys of a person, the newest first."""
    with reachable():
        rows = list(collection("api_keys").find({"owner": who.id}))
    return sorted(map(_record, rows), key=lambda one: one.created_at, reverse=True)


def revoke(who: Who, id_: str) -> None:
    """Ends a key at once. Raises NotFound."""
    with reachable():
        rows = [row["_id"] for row in collection("api_keys").find({"owner": who.id}, {"_id": 1})]
        found = [hash_ for hash_ in rows if store.public_id(hash_) == id_]
        if not found:
            raise NotFound("There is no such key.", hint="It may have been revoked.")
        collection("api_keys").delete_one({"_id": found[0], "owner": who.id})


def holder(text: str) -> Who | None:
    """Whose key it is; None for one that is unknown or revoked, or whose account is gone."""
    if not text.startswith(PREFIX):
        return None
    with reachable():
        row = collection("api_keys").find_one({"_id": store.token_hash(text)})
    if row is None:
        return None
    who = living(row["owner"])
    if who is not None and (row["used_at"] is None or now() - row["used_at"] > USED_EVERY):
        with reachable():
            collection("api_keys").update_one({"_id": row["_id"]}, {"$set": {"used_at": now()}})
    return who


def forget(who: Who) -> None:
    """Removes every key of a person."""
    with reachable():
        collection("api_keys").delete_many({"owner": who.id})


def living(owner: str) -> Who | None:
    """The person with that id as they are now, None when their account is gone; without accounts there is the one
    owner."""
    row = store.person(owner)
    if row is not None:
        return None if row.get("leaving") else Who(row["_id"], row["name"], row["role"])
    return OWNER if owner == OWNER.id and not store.any_person() else None


def _record(row: Document) -> ApiKey:
    return ApiKey(store.public_id(row["_id"]), row["name"], row["hint"], row["created_at"], row["used_at"])
