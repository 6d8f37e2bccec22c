"""What is over goes for good: temporary chats after their day, deleted things a day after they were deleted."""

from __future__ import annotations

from hub import files as file_store
from hub import hooks, runs
from hub.chat import store
from hub.chat.conversations import DELETED_FOR
from hub.db.mongo import Document, now
from hub.db.who import Who


def sweep() -> int:
    """Removes conversations and messages whose time is over, with their files; returns how many of either.

    A timer calls it, in any process; two at once do no harm. What broke off half-way is taken up by the next.
    """
    count = 0
    for conversation in store.expired_conversations():
        who = Who(conversation["owner"], "")
        if hooks.conversation_purged(who, str(conversation["_id"])):
            continue
        rows = store.all_messages(who, conversation["_id"])
        _release(who, rows)
        runs.forget(who, {one["run"] for one in rows if one.get("run")})
        store.purge_conversation(who, conversation["_id"])
        count += 1
    for message in store.expired_messages(now() - DELETED_FOR):
        who = Who(message["owner"], "")
        _release(who, [message])
        store.purge_messages(who, [message["_id"]])
        count += 1
    return count + file_store.sweep()


def _release(who: Who, messages: list[Document]) -> None:
    used = [file["id"] for one in messages for file in [*one.get("files", ()), *one.get("images", ())]]
    file_store.release(who, used)
