"""What happens to the chats of a project that is deleted, for a day with a way back."""

from __future__ import annotations

from hub.chat import conversations, store
from hub.db.who import Who


def leave(who: Who, project: str, *, keep: bool) -> None:
    """Has every chat of a deleted project leave it, or be deleted with it. `come_back` undoes either for a day."""
    for found in store.in_project(who, project):
        if "deleted_at" in found:
            continue
        if keep:
            store.update_conversation(who, found["_id"], {"left": project}, unset=["project"])
        else:
            store.update_conversation(who, found["_id"], {"left": project})
            conversations.delete(who, str(found["_id"]))


def come_back(who: Who, project: str) -> None:
    """Undoes `leave`. A chat that has gone into another project since stays there."""
    for found in store.left_project(who, project):
        if "deleted_at" in found and found.get("project") == project:
            conversations.restore(who, str(found["_id"]))
        if found.get("project") in (None, project):
            store.update_conversation(who, found["_id"], {"project": project}, unset=["left"])


def forget(who: Who, project: str) -> None:
    """Removes every trace of a project that is gone for good; chats that are still in it are kept outside of any."""
    for found in (*store.in_project(who, project), *store.left_project(who, project)):
        store.update_conversation(who, found["_id"], {}, unset=["project", "left"])
