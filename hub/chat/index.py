"""Conversations in the search index: the messages of every branch, and the titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog
from bson import ObjectId

from hub import hooks
from hub.chat import marks, store
from hub.chat.exchange import scope_of
from hub.chat.passages import passages
from hub.chat.veil import veil
from hub.db.mongo import Document, object_id
from hub.db.who import Who
from hub.errors import StoreDown
from hub.jobs import Late, defer, periodic, task
from hub.search import Entry, Space, fill_soon, index

MESSAGES, TITLES = "messages", "titles"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Conversations:
    """A collection of the index that has a conversation as its unit."""

    collection: str

    def units(self) -> Iterator[tuple[Who, str]]:
        """Every conversation of everyone."""
        for owner, conversation in store.every_conversation():
            yield Who(owner, ""), str(conversation)

    def index(self, who: Who, unit: str) -> int:
        """Makes the index say what the store says of one conversation; how many rows it has."""
        found = store.stored_conversation(who, object_id(unit, "conversation"))
        if found is None or not _found_again(found):
            index.drop_elsewhere(self.collection, who.id, unit)
            return 0
        scope = scope_of(found)
        entries = [_title(found)] if self.collection == TITLES else _messages(who, found)
        index.drop_elsewhere(self.collection, who.id, unit, but=scope)
        index.hold(Space(self.collection, who.id, scope), unit, entries)
        return len(entries)

    def living(self, space: Space, groups: Sequence[str]) -> set[str]:
        """The conversations that are found in this scope."""
        who = Who(space.owner, "")
        stored = {one: store.stored_conversation(who, ObjectId(one)) for one in groups if ObjectId.is_valid(one)}
        kept = {one: found for one, found in stored.items() if found is not None and _found_again(found)}
        return {one for one, found in kept.items() if scope_of(found) == space.scope}


SOURCES = (Conversations(MESSAGES), Conversations(TITLES))


def _found_again(conversation: Document) -> bool:
    return not conversation["temporary"] and "deleted_at" not in conversation and "expires_at" not in conversation


def _title(conversation: Document) -> Entry:
    own = str(conversation["_id"])
    return Entry(own, own, 0, conversation["title"], conversation["created_at"])


def _messages(who: Who, conversation: Document) -> list[Entry]:
    """The finished messages on every branch, in an order that stays."""
    found = store.messages(who, conversation["_id"])
    found.sort(key=lambda one: (one["depth"], one["created_at"], one["_id"]))
    return [entry for one in _once(found) if one["status"] != "streaming" for entry in _passages(one)]


def _once(messages: Sequence[Document]) -> Iterator[Document]:
    """The messages, a question that went to several branches once."""
    seen: set[tuple[ObjectId, int]] = set()
    for one in messages:
        turn = (one["comparison"], one["turn"]) if "turn" in one else None
        if turn is None or turn not in seen:
            yield one
        if turn is not None:
            seen.add(turn)


def _passages(stored: Document) -> Sequence[Entry]:
    message = veil(stored)
    names = [file["name"] for file in message.get("files", ())]
    label = message.get("model_label", "")
    about = {
        "role": message["role"],
        "model": label,
        "model_id": message.get("model", ""),
        "files": bool(names),
        "images": bool(message.get("images")) or any(file["kind"] == "image" for file in message.get("files", ())),
    }
    speaker = {"user": "User", "system": "System"}.get(message["role"], label or "Assistant")
    return passages(
        str(message["_id"]),
        str(message["conversation"]),
        message["depth"],
        speaker=speaker,
        day=f"{message['created_at']:%-d %B %Y}",
        text=message["text"],
        at=message["created_at"],
        seen=names,
        about=about,
    )


def soon() -> None:
    """Has the background work off what is marked. The marks stay: a queue that is away costs a minute."""
    try:
        defer("chat.index", once="chat.index", lock="chat.index")
    except StoreDown as error:
        log.warning("index_later", kind=error.kind)


@periodic("chat.index_due", cron="* * * * *")
def catch_up() -> None:
    """Looks for marks that nobody works off, since the queue was away or somebody died."""
    if marks.due():
        soon()


@task("chat.index", attempts=1)
def work_off() -> int:
    """Works off every mark; how many. One that fails is logged and tried again later, alone."""
    count = 0
    while found := marks.due():
        for mark in found:
            try:
                _work_off(mark)
                count += 1
            except (StoreDown, Late):
                raise
            except Exception:
                log.exception("index_failed", conversation=str(mark.conversation))
                marks.failed(mark)
    return count


def _work_off(mark: marks.Mark) -> None:
    for source in SOURCES:
        source.index(mark.who, str(mark.conversation))
    fill_soon()
    for answer in mark.answers:
        if mark.settled or not store.still_written(mark.who, answer):
            _tell(mark, answer)
    marks.done(mark)


def _tell(mark: marks.Mark, answer: ObjectId) -> None:
    """Tells the other rooms of an exchange, unless it is gone, or was in a chat that leaves no trace."""
    exchange = hooks.exchange(mark.who, str(answer))
    if exchange is not None and not exchange.temporary:
        hooks.exchange_settled(exchange)
    marks.told(mark, answer)
