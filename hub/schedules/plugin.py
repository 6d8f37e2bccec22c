"""What schedules do when they are asked by the house."""

from __future__ import annotations

from collections.abc import Sequence

from hub import hooks, notify
from hub.db.figures import Sample
from hub.db.who import Who
from hub.schedules import arrivals, store
from hub.schedules.records import MADE_BY


@hooks.implementation
def document_ready(who: Who, collection: str, document: str, by: str) -> None:
    """Notes it for the schedules that it starts. What a schedule has written starts none."""
    from hub.schedules import gather  # workers alone need it

    if by != MADE_BY:
        gather.arrived(who, collection, document)


@hooks.implementation
def metrics() -> Sequence[Sample]:
    """How far schedules are behind, and how many there are."""
    from hub.schedules import figures  # web processes alone need it

    return figures.samples()


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every schedule of the person, what became of them, and the channels."""
    arrivals.remove_person(who)
    store.remove_person(who)
    notify.remove_person(who)
