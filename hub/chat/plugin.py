"""What the chat room does when it is asked by the house, and what it tells the other rooms."""

from __future__ import annotations

from hub import hooks
from hub.chat import exchange as exchanges
from hub.chat import preferences, store
from hub.db.who import Who
from hub.turns import Exchange


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every conversation, message, prompt, preset and preference of the person."""
    store.purge_person(who)
    preferences.forget(who)


@hooks.implementation
def exchange(who: Who, answer: str) -> Exchange | None:
    """The exchange that ended with this answer."""
    return exchanges.read(who, answer)
