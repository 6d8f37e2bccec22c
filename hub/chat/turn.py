"""The pieces of a turn: check a message, find where it goes, store it with its empty answers, start the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId

from hub import files as file_store
from hub import hooks
from hub.chat import context, lineage, rows, store, title, waiting
from hub.chat.asks import asks, start
from hub.chat.clean import clean
from hub.chat.conversations import new_document
from hub.chat.draft import Draft
from hub.chat.records import MessageRole, Sent, Target
from hub.db import disk
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput
from hub.models import catalogue, estimate
from hub.models.types import Params

MOST_TARGETS = 24
GivenTarget = tuple[str, Params | dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class NewChat:
    """How a conversation begins that is stored with its first message."""

    temporary: bool = False
    system_prompt: str = ""
    attached: Mapping[str, Any] = field(default_factory=dict[str, Any])
    project: str | None = None

    def document(self, target: Target, title: str) -> Document:
        """The conversation, not stored yet."""
        system = clean(self.system_prompt)[0]
        return new_document(
            *target,
            title=title,
            system_prompt=system,
            temporary=self.temporary,
            attached=self.attached,
            project=self.project,
        )


def compose(who: Who, text: str, files: Sequence[str]) -> Draft:
    """Checks a message; raises BadInput when it is empty or too long, NotFound for a file that is not there, StoreDown
    when the disk is too full to keep it."""
    disk.need_room(len(text))
    text, notices = clean(text)
    if not text.strip() and not files:
        raise BadInput("The message is empty.", hint="Write something or attach a file.")
    return Draft(text, context.attachments(who, files), notices)


def chosen_targets(
    who: Who, targets: Sequence[GivenTarget], conversation: Document | None, new: NewChat | None = None
) -> list[Target]:
    """The targets as given, else the conversation's model with its parameters, or what its agent begins with, else the
    person's default. Without a `conversation` a `new` one begins."""
    if len(targets) > MOST_TARGETS:
        raise BadInput(f"At most {MOST_TARGETS} models can be asked at once.")
    if targets:
        return [(model, rows.params(params)) for model, params in targets]
    stored = conversation or {}
    if stored.get("model"):
        return [(stored["model"], rows.params(stored.get("params")))]
    guide = hooks.guide(who, stored.get("attached", {}) if new is None else new.attached)
    model = catalogue.first_known(who, (guide.model, *guide.fallbacks)) or catalogue.default_model(who)
    if not model:
        raise BadInput("No model is chosen.", hint="Pick a model above the message field.")
    return [(model, rows.params(stored["params"]) if stored.get("params") else guide.params)]


def parent_of(who: Who, conversation: Document | None, parent: str | None) -> Document | None:
    """The message that a new one answers: the one named (or its living ancestor), else the open leaf."""
    if conversation is None:
        if parent is not None:
            raise BadInput("A parent needs its conversation.")
        return None
    if parent is None:
        return lineage.leaf_of(who, conversation)
    found = store.message(who, parent, deleted=True)
    if found["conversation"] != conversation["_id"]:
        raise BadInput("That message is in another conversation.")
    if "deleted_at" not in found:
        return found
    alive = lineage.living(who, found["_id"])
    return None if alive is None else store.message(who, alive)


def post(
    who: Who,
    conversation: Document | None,
    above: Document | None,
    draft: Draft,
    targets: Sequence[Target],
    *,
    new: NewChat | None = None,
    kept: bool = False,
) -> Sent:
    """Writes a turn and starts its run: two writes, and one more for the files, unless they are `kept` already. Without
    a `conversation` one begins as `new` says."""
    if above is not None and above["status"] == "waiting":
        waiting.withdraw(who, above)
    first_words = title.first_words(draft.text, draft.files)
    home = conversation or (new or NewChat()).document(targets[0], first_words)
    message = user_message(home["_id"], above, draft)
    run = str(ObjectId())
    asking = asks(who, home["_id"], message, targets, run)
    answers = [ask.answer for ask in asking]
    if draft.files and not kept:
        file_store.keep(who, [file.id for file in draft.files])
    store.insert_messages(who, [message, *answers])
    if conversation is None:
        store.insert_conversation(who, {**home, "head": answers[0]["_id"]})
    else:
        open_at(who, home["_id"], answers[0]["_id"], targets[0], title="" if home["title"] else first_words)
    resettle(who, above)
    start(who, home, asking, run, first=above is None)
    return Sent(str(home["_id"]), run, str(message["_id"]), tuple(str(one["_id"]) for one in answers))


def user_message(conversation: ObjectId, above: Document | None, draft: Draft, role: MessageRole = "user") -> Document:
    """A message of the person that is not stored yet."""
    document: Document = {
        "_id": ObjectId(),
        "conversation": conversation,
        "parent": above["_id"] if above else None,
        "depth": above["depth"] + 1 if above else 0,
        "role": role,
        "text": draft.text,
        "tokens": estimate.tokens(draft.text),
        "status": "done",
        "created_at": now(),
    }
    if draft.files:
        document["files"] = [rows.plain(file) for file in draft.files]
    if draft.notices:
        document["notices"] = list(draft.notices)
    return document


def open_at(who: Who, conversation: ObjectId, head: ObjectId, target: Target | None = None, *, title: str = "") -> None:
    """Makes a message the open leaf and, with a target, its model the one that is asked next. `title` names a
    conversation that has no name yet."""
    changes: dict[str, Any] = {"head": head, "updated_at": now()}
    if target is not None:
        changes |= {"model": target[0], "params": rows.plain(target[1])}
    if title:
        changes["title"] = title
    store.update_conversation(who, conversation, changes)


def resettle(who: Who, above: Document | None) -> None:
    """Moves a message just added, should another tab have deleted its parent meanwhile."""
    if above is not None and lineage.living(who, above["_id"]) != above["_id"]:
        lineage.settle(who, above["conversation"], above["_id"])
