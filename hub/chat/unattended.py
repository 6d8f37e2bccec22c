"""A turn that nobody watches, with ids made beforehand: asking it again, after a process died, repeats nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bson import ObjectId

from hub import runs
from hub.chat import again, lineage, rows, store, title
from hub.chat.asks import Ask, Unattended, ask, start
from hub.chat.project import entered
from hub.chat.records import Message
from hub.chat.turn import NewChat, chosen_targets, compose, open_at, resettle, user_message
from hub.chat.window import checked
from hub.db.mongo import Document, object_id
from hub.db.who import Who
from hub.errors import BadInput
from hub.models import catalogue
from hub.models.types import Params


class Busy(BadInput):
    """Something is being written or waits for the person where a turn was to go; later it may go there."""

    kind = "busy"


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that a turn has, as text; `conversation` is one that there is or one that begins."""

    conversation: str
    message: str
    answer: str
    run: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked. `begins`: the conversation begins with it, under `name`, in `project`; else it is there and goes
    on. `model` "" is that of the agent that is `attached`, or of the conversation, or the person's default."""

    text: str
    model: str = ""
    params: Params | None = None
    attached: Mapping[str, Any] | None = None
    begins: bool = True
    name: str = ""
    project: str | None = None


def begin(who: Who, ids: Ids, wanted: Wanted, unattended: Unattended) -> None:
    """Stores the message with its empty answer and starts the run, as far as that has not happened. Where the message
    is there and the answer is not, the answer comes beside those that there are.

    Raises NotFound for a conversation that is gone, `Busy`, BadInput, StoreDown and ModelError.
    """
    home, asked = _home(who, ids, wanted), store.message_if_there(who, ids.message)
    fresh: list[Document] = []
    if asked is None:
        asked = _message(who, ids, wanted, home)
        fresh.append(asked)
    answer: Document | None = store.message_if_there(who, ids.answer)
    model, params = _target(who, wanted, home)
    info = catalogue.find(who, model)
    asking = replace(ask(home["_id"], asked, info, params, ids.run, 0), unattended=unattended)
    if answer is None:
        own: Document = {"_id": object_id(ids.answer, "message"), "unattended": True}
        answer = {**asking.answer, **own}
        fresh.append(answer)
    if fresh:
        store.insert_messages(who, fresh)
    if "owner" not in home:
        store.insert_conversation(who, {**home, "head": answer["_id"]})
    else:
        open_at(who, home["_id"], answer["_id"])
        resettle(who, asked)
    if not runs.known(who, [ids.run]):
        start(who, home, [Ask(asked, answer, info, params, unattended=unattended)], ids.run)


def go_on(who: Who, answer: str, unattended: Unattended) -> str:
    """Lets an answer that was interrupted go on from what it had; the id of the run."""
    return again.continue_(who, answer, unattended).run or ""


def there(who: Who, answer: str) -> Message | None:
    """The answer as it is stored, without its siblings; None while there is none, or when it was deleted."""
    found = store.message_if_there(who, answer)
    if found is None or "deleted_at" in found:
        return None
    [found] = checked(who, [found])
    return rows.message(found, ())


def _home(who: Who, ids: Ids, wanted: Wanted) -> Document:
    """The conversation; one that begins and is not stored yet has no owner."""
    if not wanted.begins:
        return store.conversation(who, ids.conversation)
    if found := store.conversation_if_there(who, ids.conversation):
        return found
    new = NewChat(attached=wanted.attached or {}, project=entered(who, wanted.project))
    [target] = chosen_targets(who, _given(wanted), None, new)
    name = wanted.name or title.first_words(wanted.text, ())
    return {**new.document(target, name), "_id": object_id(ids.conversation, "conversation")}


def _message(who: Who, ids: Ids, wanted: Wanted, home: Document) -> Document:
    above = lineage.leaf_of(who, home) if "owner" in home else None
    if above is not None and above["status"] in ("streaming", "waiting"):
        said = "is being written" if above["status"] == "streaming" else "waits for a reply"
        raise Busy(f"The last answer of this chat {said}.", hint="It is tried again.")
    made = user_message(home["_id"], above, compose(who, wanted.text, ()))
    return {**made, "_id": ObjectId(ids.message)}


def _target(who: Who, wanted: Wanted, home: Document) -> tuple[str, Params]:
    [chosen] = chosen_targets(who, _given(wanted), home)
    return chosen


def _given(wanted: Wanted) -> list[tuple[str, Params | dict[str, Any] | None]]:
    return [(wanted.model, wanted.params)] if wanted.model else []
