"""What schedules do when they are asked by the house."""

from __future__ import annotations

from hub import hooks, notify
from hub.db.who import Who
from hub.schedules import store


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every schedule of the person, what became of them, and the channels."""
    store.remove_person(who)
    notify.remove_person(who)
