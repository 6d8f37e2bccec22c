"""Deleting a project, for a day with a way back; then it goes for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from hub import hooks
from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import HubError
from hub.projects import store
from hub.projects.projects import forget, put
from hub.projects.records import Project

DELETED_FOR = timedelta(days=1)


def delete(who: Who, project: str, *, chats: Literal["keep", "delete"]) -> Project:
    """Hides a project; within a day `restore` brings it and its chats back, afterwards it is gone.

    Its chats are kept outside of any project, or deleted with it. Raises HubError when a room could not follow; then
    the project stands as it was, and it can be tried again.
    """
    found = store.project(who, project)
    time = now()
    gone = put(who, found, {"deleted_at": time})  # first, so that no chat enters any more
    if failed := hooks.project_deleted(who, gone.id, keep_chats=chats == "keep"):
        put(who, found, {}, unset=("deleted_at",))
        raise HubError(
            f"The project “{gone.name}” is not deleted: {_rooms(failed)} could not follow.",
            hint="Some of its chats may have left it already. Try again; the hub's log says what failed.",
        )
    return gone


def restore(who: Who, project: str) -> Project:
    """Undoes `delete`: the project is back with the chats that left it or went with it. Raises NotFound, HubError."""
    found = store.project(who, project, deleted=True)
    if "deleted_at" not in found:
        return put(who, found, {"updated_at": now()})
    back = put(who, found, {}, unset=("deleted_at",))
    if failed := hooks.project_restored(who, back.id):
        put(who, found, {"deleted_at": found["deleted_at"]})
        raise HubError(
            f"The project “{back.name}” did not come back whole: {_rooms(failed)} could not follow.",
            hint="Nothing is lost for a day. Try again; the hub's log says what failed.",
        )
    return back


def purge() -> int:
    """Removes projects whose day is over, with what rooms keep of them; returns how many. A timer calls it.

    One that a room could not clear stays for the next call.
    """
    count = 0
    for found in store.deleted_before(now() - DELETED_FOR):
        who = Who(found["owner"], "")
        if not hooks.project_purged(who, str(found["_id"])):
            store.remove(who, found["_id"])
            forget(who)
            count += 1
    return count


def _rooms(failed: list[str]) -> str:
    return " and ".join(name.split(".")[1] if name.startswith("hub.") else name for name in failed)
