"""Messages that wait for a running answer: kept in the store, so that a reload or another device sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bson import ObjectId

from hub import files as file_store
from hub.chat import rows
from hub.chat.clean import clean
from hub.chat.draft import Draft
from hub.chat.records import Attachment, Queued, Target
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound


def add(
    who: Who,
    conversation: ObjectId,
    after: ObjectId,
    draft: Draft,
    targets: Sequence[Target],
    more: Mapping[str, Any] | None = None,
) -> str:
    """Keeps a message until the answer `after` has ended; returns its id. `more` is what the room needs that sends it,
    if that is not chat."""
    document: Document = {
        "_id": ObjectId(),
        "owner": who.id,
        "conversation": conversation,
        "after": after,
        "text": draft.text,
        "notices": list(draft.notices),
        "files": [rows.plain(file) for file in draft.files],
        "targets": [[model, rows.plain(params)] for model, params in targets],
        "created_at": now(),
        **(more or {}),
    }
    if draft.files:
        file_store.keep(who, [file.id for file in draft.files])
    with reachable():
        collection("queued").insert_one(document)
    return str(document["_id"])


def queued(who: Who, conversation: str | ObjectId) -> tuple[Queued, ...]:
    """What waits in a conversation, in the order of sending."""
    home = object_id(conversation) if isinstance(conversation, str) else conversation
    return tuple(map(rows.queued, _all(who, home)))


def waiting_for(who: Who, conversation: ObjectId, answer: ObjectId) -> list[Document]:
    """The stored messages that wait for this answer, oldest first."""
    return [found for found in _all(who, conversation) if found["after"] == answer]


def get(who: Who, queued: str) -> Document:
    """One waiting message as stored; raises NotFound."""
    with reachable():
        found = collection("queued").find_one({"_id": object_id(queued), "owner": who.id})
    if found is None:
        raise NotFound("That message waits no longer: it was sent or dropped.")
    return found


def edit_queued(who: Who, queued: str, text: str) -> Queued:
    """Changes the text of a waiting message."""
    found = get(who, queued)
    text, notices = clean(text)
    if not text.strip() and not found["files"]:
        raise BadInput("The message is empty.", hint="Write something or drop it.")
    changes = {"text": text, "notices": [*found["notices"], *notices]}
    with reachable():
        result = collection("queued").update_one({"_id": found["_id"], "owner": who.id}, {"$set": changes})
    if not result.matched_count:
        raise NotFound("That message was sent meanwhile.", hint="Edit it in the conversation.")
    return rows.queued({**found, **changes})


def drop_queued(who: Who, queued: str) -> Queued:
    """Takes a waiting message away; returns it, so that its text can go back into the composer."""
    found = get(who, queued)
    if not take(who, found["_id"]):
        raise NotFound("That message was sent meanwhile.")
    file_store.release(who, [file["id"] for file in found["files"]])
    return rows.queued(found)


def take(who: Who, queued: ObjectId) -> bool:
    """Removes a waiting message; True for exactly one of several callers."""
    with reachable():
        return collection("queued").delete_one({"_id": queued, "owner": who.id}).deleted_count == 1


def put_back(who: Who, document: Document, why: str) -> None:
    """Keeps a message that could not be sent, with the reason."""
    with reachable():
        collection("queued").insert_one({**document, "held": why})


def hold(who: Who, conversation: ObjectId, answer: ObjectId, why: str) -> None:
    """Says on all that wait for an answer why they are not sent by themselves."""
    _change(who, [found["_id"] for found in waiting_for(who, conversation, answer)], {"held": why})


def park(who: Who, conversation: ObjectId, answer: ObjectId) -> list[ObjectId]:
    """Takes all that wait for an answer out of its way, so that its end sends none of them."""
    parked = [found["_id"] for found in waiting_for(who, conversation, answer)]
    _change(who, parked, {"after": ObjectId()})
    return parked


def follow(who: Who, waiting: Iterable[ObjectId], answer: ObjectId) -> None:
    """Lets waiting messages wait for another answer."""
    _change(who, list(waiting), {"after": answer, "held": ""})


def draft(document: Document) -> Draft:
    """The message in a stored waiting one."""
    files = tuple(Attachment(**file) for file in document["files"])
    return Draft(document["text"], files, tuple(document["notices"]))


def targets(document: Document) -> list[Target]:
    """The models that a stored waiting message asks."""
    return [(model, rows.params(params)) for model, params in document["targets"]]


def _all(who: Who, conversation: ObjectId) -> list[Document]:
    with reachable():
        found = list(collection("queued").find({"owner": who.id, "conversation": conversation}))
    return sorted(found, key=lambda one: (one["created_at"], one["_id"]))


def _change(who: Who, ids: list[ObjectId], changes: Document) -> None:
    if ids:
        with reachable():
            collection("queued").update_many({"_id": {"$in": ids}, "owner": who.id}, {"$set": changes})
