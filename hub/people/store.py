"""Every query on `people`, `sessions` and `sign_in_attempts`; those on `api_keys` are in `keys`.

Session rows are named by the SHA-256 of the cookie's token; the token itself is stored nowhere.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from hub.db.mongo import Document, collection, now, reachable
from hub.db.who import Role, Who
from hub.errors import BadInput

INDEXES: list[tuple[str, list[tuple[str, int]], dict[str, Any]]] = [
    ("people", [("key", 1)], {"unique": True}),
    ("sessions", [("owner", 1)], {}),
    ("sessions", [("expires_at", 1)], {}),
    ("sign_in_attempts", [("until", 1)], {}),
    ("api_keys", [("owner", 1)], {}),
]
IDLE = timedelta(days=30)
FIRST_ID = "owner"
"""Id of the first account: that of the one owner before there were accounts, who so keeps everything."""


def name_key(name: str) -> str:
    """Two names with one key are the same name."""
    return name.strip().casefold()


def insert_person(name: str, role: Role, password: str, *, first: bool) -> Document:
    """Stores an account; raises BadInput when the name, or the first place, is taken."""
    row: Document = {
        "_id": FIRST_ID if first else str(ObjectId()),
        "name": name.strip(),
        "key": name_key(name),
        "role": role,
        "password": password,
        "created_at": now(),
        "schema": 1,
    }
    try:
        collection("people").insert_one(row)
    except DuplicateKeyError as error:
        if first:
            raise BadInput("The first account exists already.", hint="Sign in, or ask its owner.") from error
        raise BadInput(f"The name {row['name']} is taken.") from error
    return row


def any_person() -> bool:
    """Whether there is an account; the first one may have been deleted by another admin."""
    with reachable():
        if collection("people").find_one({"_id": FIRST_ID}, {"_id": 1}) is not None:
            return True
        return collection("people").find_one({"key": {"$gte": ""}}, {"_id": 1}) is not None


def person_named(name: str) -> Document | None:
    """The account row of a name."""
    with reachable():
        return collection("people").find_one({"key": name_key(name)})


def person(id_: str) -> Document | None:
    """The account row of an id."""
    with reachable():
        return collection("people").find_one({"_id": id_})


def people() -> list[Document]:
    """All account rows by name."""
    with reachable():
        rows = list(collection("people").find({"key": {"$gte": ""}}))
    return sorted(rows, key=lambda row: row["key"])


def admins() -> list[Document]:
    """The account rows of those who are admins and stay, the oldest account first."""
    found = [row for row in people() if row["role"] == "admin" and not row.get("leaving")]
    return sorted(found, key=lambda row: row["created_at"])


def set_password(who: Who, password: str) -> None:
    """Stores the hash of a new password."""
    _set(who.id, password=password)


def set_role(id_: str, role: Role) -> None:
    """Stores what a person may do."""
    _set(id_, role=role)


def set_leaving(id_: str, leaving: bool) -> None:
    """Notes that an account is being deleted, or is not."""
    _set(id_, leaving=leaving)


def _set(id_: str, **fields: Any) -> None:
    with reachable():
        collection("people").update_one({"_id": id_}, {"$set": fields})


def delete_person(who: Who) -> None:
    """Removes an account row."""
    with reachable():
        collection("people").delete_one({"_id": who.id})


def token_hash(token: str) -> str:
    """The name of a session row."""
    return hashlib.sha256(token.encode()).hexdigest()


def insert_session(token: str, owner: str, device: str, address: str) -> None:
    """Stores a session that begins now."""
    time = now()
    with reachable():
        collection("sessions").insert_one(
            {
                "_id": token_hash(token),
                "owner": owner,
                "device": device,
                "address": address,
                "created_at": time,
                "seen_at": time,
                "expires_at": time + IDLE,
            }
        )


def session(hash_: str) -> Document | None:
    """A session that has not expired."""
    with reachable():
        row = collection("sessions").find_one({"_id": hash_})
    return row if row is not None and row["expires_at"] > now() else None


def touch_session(hash_: str, address: str) -> None:
    """Notes that a session is used; it lives on from now."""
    fields = {"seen_at": now(), "expires_at": now() + IDLE, "address": address}
    with reachable():
        collection("sessions").update_one({"_id": hash_}, {"$set": fields})


def sessions(who: Who) -> list[Document]:
    """The sessions of a person, last used first."""
    with reachable():
        rows = list(collection("sessions").find({"owner": who.id}))
    time = now()
    return sorted((r for r in rows if r["expires_at"] > time), key=lambda row: row["seen_at"], reverse=True)


def delete_session(hash_: str) -> None:
    """Ends a session by the hash of its token."""
    with reachable():
        collection("sessions").delete_one({"_id": hash_})


def delete_sessions(who: Who, *, ids: list[str]) -> int:
    """Ends those sessions of a person whose public ids are given; returns how many."""
    hashes = [row["_id"] for row in sessions(who) if public_id(row["_id"]) in ids]
    with reachable():
        return collection("sessions").delete_many({"_id": {"$in": hashes}, "owner": who.id}).deleted_count


def delete_all_sessions(who: Who) -> None:
    """Ends every session of a person."""
    with reachable():
        collection("sessions").delete_many({"owner": who.id})


def public_id(hash_: str) -> str:
    """A name for a session row that does not give away the row's own."""
    return hashlib.sha256(f"session {hash_}".encode()).hexdigest()[:16]


def count_attempt(key: str, window: timedelta) -> tuple[int, datetime]:
    """Counts one more attempt under `key`; returns how many in the current window, and when that ends."""
    id_, until = _window(key, window)
    with reachable():
        attempts = collection("sign_in_attempts")
        attempts.update_one({"_id": id_}, {"$inc": {"count": 1}, "$set": {"until": until}}, upsert=True)
        row = attempts.find_one({"_id": id_}) or {}
    return int(row.get("count", 1)), until


def uncount_attempt(key: str, window: timedelta) -> None:
    """Takes one attempt back: it was a good one. Those that failed still count."""
    with reachable():
        collection("sign_in_attempts").update_one({"_id": _window(key, window)[0]}, {"$inc": {"count": -1}})


def clear_attempts(key: str, window: timedelta) -> None:
    """Forgets the attempts in the current window."""
    with reachable():
        collection("sign_in_attempts").delete_one({"_id": _window(key, window)[0]})


def _window(key: str, window: timedelta) -> tuple[str, datetime]:
    seconds = int(window.total_seconds())
    begun = int(now().timestamp()) // seconds * seconds
    return f"{key}:{begun}", datetime.fromtimestamp(begun + seconds, tz=UTC)


def purge() -> None:
    """Removes expired sessions and old counts."""
    with reachable():
        collection("sessions").delete_many({"expires_at": {"$lt": now()}})
        collection("sign_in_attempts").delete_many({"until": {"$lt": now()}})
