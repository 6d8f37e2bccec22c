"""What votes do when they are asked by the house."""

from __future__ import annotations

from hub import hooks
from hub.db.who import Who
from hub.votes import store


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every vote of the person."""
    store.remove_person(who)
