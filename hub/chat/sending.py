"""Sending: at once, after the running answer, or instead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from hub import runs
from hub.chat import lineage, queue, rows, store
from hub.chat.draft import Draft
from hub.chat.project import entered
from hub.chat.records import Sent, Target, When
from hub.chat.turn import GivenTarget, NewChat, chosen_targets, compose, parent_of, post
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import HubError, NotFound

CANCEL_SECONDS = 10.0


def send(
    who: Who,
    *,
    text: str,
    targets: Sequence[GivenTarget] = (),
    conversation: str | None = None,
    parent: str | None = None,
    files: Sequence[str] = (),
    when: When = "now",
    temporary: bool = False,
    system_prompt: str = "",
    attached: Mapping[str, Any] | None = None,
    project: str | None = None,
) -> Sent:
    """Stores a message and asks every target for an answer to it.

    Without `conversation` a new one begins (`temporary`: unlisted, gone after a day) in `project`, with `system_prompt`
    and what is `attached` for other rooms. `parent` is the message that it answers, by default the open leaf. If that
    is still being written, the message waits, or with "interrupt" the running answer is cancelled first. Without
    targets the conversation's model answers, or that of its agent, or the person's default.
    Raises BadInput, NotFound, StoreDown, and ModelError for a model that is not there; then nothing was stored.
    """
    draft = compose(who, text, files)
    found = store.conversation(who, conversation) if conversation else None
    new = None if found else NewChat(temporary, system_prompt, rows.attached(attached), entered(who, project))
    chosen = chosen_targets(who, targets, found, new)
    above = parent_of(who, found, parent)
    if found is None or above is None or above["status"] != "streaming":
        return post(who, found, above, draft, chosen, new=new)
    if when == "interrupt":
        return _interrupt(who, found, above, draft, chosen)
    return _wait(who, found, above, draft, chosen)


def _wait(who: Who, home: Document, above: Document, draft: Draft, targets: Sequence[Target]) -> Sent:
    waiting = queue.add(who, home["_id"], above["_id"], draft, targets)
    if not _streaming(who, above["_id"]):
        # It ended between the look and the write, so nobody else will send what waits.
        return advance(who, home["_id"], above["_id"]) or Sent(str(home["_id"]), queued=waiting)
    return Sent(str(home["_id"]), queued=waiting)


def _interrupt(who: Who, home: Document, above: Document, draft: Draft, targets: Sequence[Target]) -> Sent:
    parked = queue.park(who, home["_id"], above["_id"])
    runs.cancel(who, above["run"])
    runs.wait(above["run"], timeout=CANCEL_SECONDS)
    if _streaming(who, above["_id"]):
        queue.follow(who, parked, above["_id"])
        return _wait(who, home, above, draft, targets)
    sent = post(who, home, store.message(who, above["_id"]), draft, targets)
    queue.follow(who, parked, ObjectId(sent.answers[0]))
    return sent


def advance(who: Who, conversation: ObjectId, answer: ObjectId) -> Sent | None:
    """Sends the oldest message that waits for this answer; the others wait for the new one. None if none waits."""
    for waiting in queue.waiting_for(who, conversation, answer):
        if queue.take(who, waiting["_id"]):
            return send_waiting(who, waiting, store.message(who, answer))
    return None


def send_queued(who: Who, queued: str) -> Sent:
    """Sends a waiting message now: after the answer it waited for if that has ended, interrupting it if not."""
    waiting = queue.get(who, queued)
    above = store.message(who, lineage.living(who, waiting["after"]) or waiting["after"])
    home = store.conversation(who, waiting["conversation"])
    if not queue.take(who, waiting["_id"]):
        raise NotFound("That message was sent or dropped already.")
    if above["status"] == "streaming":
        return _interrupt(who, home, above, queue.draft(waiting), queue.targets(waiting))
    return send_waiting(who, waiting, above)


def send_waiting(who: Who, waiting: Document, above: Document) -> Sent:
    """Sends a message that was taken from the queue below `above`; the others there wait for its answer."""
    home = store.conversation(who, waiting["conversation"])
    try:
        sent = post(who, home, above, queue.draft(waiting), queue.targets(waiting), kept=True)
    except HubError as error:
        queue.put_back(who, waiting, error.message)
        raise
    others = [one["_id"] for one in queue.waiting_for(who, home["_id"], waiting["after"])]
    queue.follow(who, others, ObjectId(sent.answers[0]))
    return sent


def _streaming(who: Who, message: ObjectId) -> bool:
    return store.message(who, message, deleted=True)["status"] == "streaming"
