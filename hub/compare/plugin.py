"""What comparisons do when they are asked by the house."""

from __future__ import annotations

from hub import hooks, runs
from hub.chat import index
from hub.compare import merges_store, store
from hub.compare.ask import KIND
from hub.db.mongo import object_id
from hub.db.who import Who
from hub.runs import RunRecord


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every comparison of the person; their conversations are chat's."""
    store.purge_person(who)


@hooks.implementation
def conversation_purged(who: Who, conversation: str) -> None:
    """A comparison goes with its conversation."""
    home = object_id(conversation)
    runs.forget(who, merges_store.runs_of(who, [one["_id"] for one in store.of_conversation(who, home)]))
    store.purge_conversation(who, home)


@hooks.implementation
def run_finished(run: RunRecord) -> None:
    """Has what was said go into the search index."""
    if run.kind == KIND:
        index.soon()
