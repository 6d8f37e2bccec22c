"""What agents do when they are asked by the house."""

from __future__ import annotations

from hub import hooks
from hub.agents import store
from hub.db.who import Who


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every agent of the person."""
    store.remove_person(who)
