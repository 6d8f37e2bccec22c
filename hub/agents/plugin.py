"""What agents do when they are asked by the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub import hooks, runs
from hub.agents import ask, ask_store, served, store, tools_of
from hub.agents import guide as guiding
from hub.db.who import Who
from hub.errors import StoreDown
from hub.runs.records import Limits, RunRecord
from hub.served import ServedTool
from hub.turns import Tool, Turn


@hooks.implementation
def guide(who: Who, attached: Mapping[str, Any], limits: Limits) -> hooks.Guide | None:
    """How an answer is made where an agent is attached to the chat."""
    return guiding.guide(who, attached, limits)


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """Asking other agents and the person, handing over."""
    return tools_of.tools(turn)


@hooks.implementation
def served_tools(who: Who) -> Sequence[ServedTool]:
    """Running an agent, where the person has one."""
    return served.tools(who)


@hooks.implementation
def run_finished(run: RunRecord) -> None:
    """Counts the agents that have answered; nothing waits below an answer that has ended."""
    for target in run.targets:
        agent = target.context.get("agent")
        if agent and target.status == "done":
            store.count_use(Who(run.owner, ""), agent)
        if agent and run.kind != ask.KIND and target.status != "waiting":
            ask_store.withdraw(Who(run.owner, ""), target.context["message"])


@hooks.implementation
def answer_withdrawn(who: Who, answer: str) -> None:
    """Agents that wait below it will not go on."""
    ask_store.withdraw(who, answer)


@hooks.implementation
def conversation_purged(who: Who, conversation: str) -> None:
    """Nothing is kept of what agents were asked in it; for the other rooms each ask was a conversation of its own."""
    for row in ask_store.of_conversation(who, conversation):
        if left := hooks.conversation_purged(who, str(row["_id"])):
            raise StoreDown(f"Something is left in {', '.join(left)}.")
        runs.forget(who, row["runs"])
    ask_store.forget_conversation(who, conversation)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every agent of the person, and what they were asked."""
    store.remove_person(who)
    ask_store.forget_person(who)
