"""What the chat room does when a person's account is deleted."""

from __future__ import annotations

from hub import hooks
from hub.chat import preferences, store
from hub.db.who import Who


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every conversation, message, prompt, preset and preference of the person."""
    store.purge_person(who)
    preferences.forget(who)
