"""What agents do when they are asked by the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub import hooks
from hub.agents import ask_store, store
from hub.agents import guide as guiding
from hub.db.who import Who
from hub.runs.records import RunRecord


@hooks.implementation
def guide(who: Who, attached: Mapping[str, Any]) -> hooks.Guide | None:
    """How an answer is made where an agent is attached to the chat."""
    return guiding.guide(who, attached)


@hooks.implementation
def run_finished(run: RunRecord) -> None:
    """Counts the agents that have answered."""
    for target in run.targets:
        if target.status == "done" and (agent := target.context.get("agent")):
            store.count_use(agent)


@hooks.implementation
def conversation_purged(who: Who, conversation: str) -> None:
    """Nothing is kept of what agents were asked in it."""
    ask_store.forget_conversation(who, conversation)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every agent of the person, and what they were asked."""
    store.remove_person(who)
    ask_store.forget_person(who)
