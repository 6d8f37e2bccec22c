"""What the house is told about tools."""

from __future__ import annotations

from hub import hooks
from hub.db.who import Who
from hub.tools import store


@hooks.implementation
def conversation_purged(who: Who, conversation: str) -> None:
    """Nothing is kept of what tools did in it."""
    store.forget_conversation(who, conversation)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes everything about tools of the person."""
    store.forget_person(who)
