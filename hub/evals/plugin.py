"""What the room of evaluations does for the house: it leaves with its person."""

from __future__ import annotations

from hub import hooks
from hub.db.who import Who
from hub.evals import runs_store, store_sets


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every prompt set and every run of the person."""
    store_sets.remove_person(who)
    runs_store.remove_person(who)
