"""What the index does when it is asked by the house."""

from __future__ import annotations

from hub import hooks
from hub.db.who import Who
from hub.search import index


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Takes everything of the person out of the index. Raises StoreDown: then it is asked again."""
    index.drop_owner(who.id)
