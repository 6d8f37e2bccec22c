"""The channels of a person, their addresses encrypted, and sending through them.

`channels` {owner, name, kind, shown, url (encrypted), trouble, sent_at}.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bson import ObjectId

from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.secrets import decrypt, encrypt
from hub.db.who import Who
from hub.errors import BadInput, HubError, NotFound
from hub.notify import address
from hub.notify.records import Channel

SCHEMA = 1
INDEXES: list[Index] = [("channels", [("owner", 1)], {})]
LONGEST_NAME = 80
MOST = 50


class NotTold(HubError):
    """A message did not arrive."""

    kind = "not_told"


def channels(who: Who) -> tuple[Channel, ...]:
    """The channels of a person by name."""
    with reachable():
        found = list(collection("channels").find({"owner": who.id}))
    return tuple(sorted(map(_record, found), key=lambda one: one.name.casefold()))


def add(who: Who, name: str, url: str) -> Channel:
    """Keeps a new channel. Raises BadInput for an address of no known service, or one that this person may not use."""
    if len(channels(who)) >= MOST:
        raise BadInput(f"There can be {MOST} channels.", hint="Remove one that is not needed.")
    read = address.read(who, url)
    row: Document = {
        "_id": ObjectId(),
        "owner": who.id,
        "schema": SCHEMA,
        "name": _name(name) or read.kind,
        "kind": read.kind,
        "shown": read.shown,
        "url": encrypt(url.strip()),
        "created_at": now(),
    }
    with reachable():
        collection("channels").insert_one(row)
    return _record(row)


def change(who: Who, channel: str, *, name: str | None = None, url: str | None = None) -> Channel:
    """Changes the name or the address of a channel."""
    row = _row(who, channel)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _name(name) or row["name"]
    if url:
        read = address.read(who, url)
        changes |= {"kind": read.kind, "shown": read.shown, "url": encrypt(url.strip()), "trouble": ""}
    if changes:
        with reachable():
            collection("channels").update_one({"_id": row["_id"], "owner": who.id}, {"$set": changes})
    return _record({**row, **changes})


def remove(who: Who, channel: str) -> None:
    """Forgets a channel. Raises NotFound."""
    row = _row(who, channel)
    with reachable():
        collection("channels").delete_one({"_id": row["_id"], "owner": who.id})


def send(who: Who, channel: str, title: str, body: str) -> None:
    """Sends a message, on the thread that asks (seconds). A channel that is gone is passed over. Raises NotTold when it
    did not arrive, and keeps that with the channel."""
    try:
        row = _row(who, channel)
    except NotFound:
        return
    trouble = ""
    try:
        address.tell(who, decrypt(row["url"]), title, body)
    except HubError as error:
        trouble = error.message
        raise NotTold(f"{row['name']} was not told: {error.message}", hint=error.hint) from error
    finally:
        with reachable():
            changes = {"trouble": trouble, "sent_at": now()}
            collection("channels").update_one({"_id": row["_id"], "owner": who.id}, {"$set": changes})


def test(who: Who, channel: str) -> Channel:
    """Sends a message that says what it is. Raises NotTold."""
    send(who, channel, "LLM Hub", "This is a test: messages of your schedules arrive here.")
    return replace(_record(_row(who, channel)), trouble="")


def remove_person(who: Who) -> None:
    """Removes every channel of a person."""
    with reachable():
        collection("channels").delete_many({"owner": who.id})


def _name(name: str) -> str:
    text = " ".join(name.split())
    if len(text) > LONGEST_NAME:
        raise BadInput(f"A name has at most {LONGEST_NAME} characters.")
    return text


def _row(who: Who, channel: str) -> Document:
    with reachable():
        found = collection("channels").find_one({"_id": object_id(channel, "channel"), "owner": who.id})
    if found is None:
        raise NotFound("There is no such channel.", hint="It may have been removed.")
    return found


def _record(row: Document) -> Channel:
    return Channel(str(row["_id"]), row["name"], row["kind"], row["shown"], row.get("trouble", ""), row.get("sent_at"))
