"""Agents at work outside of any chat: for programs with a person's API key, for schedules, on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from threading import BoundedSemaphore
from typing import Any

from hub.agents import ask, manage
from hub.agents.records import Agent, AskRecord
from hub.db.who import Who
from hub.errors import BadInput, HubError, NotFound
from hub.served import ServedTool
from hub.tools import Reply
from hub.turns import EVERYWHERE

AT_ONCE = 3
"""Agents that programs have at work at once in a process: their calls hold threads that others wait for."""
MOST_LISTED = 50
_places = BoundedSemaphore(AT_ONCE)


def run(who: Who, agent: str, task: str, *, attended: bool = False) -> AskRecord:
    """Has an agent do a task and returns when it has ended. What would need the person is refused; where somebody is
    there to be asked (`attended`) it ends as "waiting", and `go_on` takes what they said.

    `agents.asks(who, record.id)` has it with everything that it asked other agents. Raises NotFound for an agent that
    is not theirs to use, and BadInput for an empty task or when too many are at work.
    """
    found = manage.find(who, agent)
    if not task.strip():
        raise BadInput("The task is empty.", hint="Say what should be done.")
    about: dict[str, Any] = {
        "conversation": "",
        "parent": "",
        "call": "",
        "depth": 0,
        "path": [found.id],
        "limits": asdict(found.spec.limits),
        "draft": False,
        "attended": attended,
        "only": None,
        "attached": {},
        "temporary": False,
        "scope": EVERYWHERE,
    }
    row = ask.new_row(found, task, about)
    with ask.Place():
        return ask.wait(who, ask.begin(who, found, {**row, "answer": str(row["_id"])}))


def go_on(who: Who, ask_id: str, reply: Reply) -> AskRecord:
    """Goes on with an agent that `run` left waiting. Raises BadInput when it does not wait for this."""
    with ask.Place():
        before = ask.ask_store.row(who, ask_id)
        row = ask.go_on(who, before, reply)
        return ask.ask_store.record(row) if row["run"] == before["run"] else ask.wait(who, row)


def tools(who: Who) -> Sequence[ServedTool]:
    """One tool that runs any of the person's agents; none where they have no agent."""
    found = manage.visible(who)
    if not found:
        return ()
    listed = "\n".join(f"- {one.spec.name}: {one.spec.description or 'no description'}" for one in found[:MOST_LISTED])
    more = f"\n- and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
    about = (
        "Have an agent of this person do a task and get its answer. Nobody is there to be asked: what would need the "
        f"person's leave is not done. There are:\n{listed}{more}"
    )
    shape = {
        "type": "object",
        "properties": {
            "agent": {"type": "string", "description": "The agent's name, or its id."},
            "task": {"type": "string", "description": "What it should do, whole.", "minLength": 1},
        },
        "required": ["agent", "task"],
        "additionalProperties": False,
    }
    return (ServedTool("run_agent", about, shape, partial(_served, who), reads=False),)


def named(who: Who, text: str) -> Agent:
    """The agent of the person that `text` means, by its id or its name; raises NotFound and, where several have that
    name, BadInput."""
    found = manage.visible(who)
    wanted = text.strip().casefold()
    fitting = [one for one in found if one.id == wanted] or [one for one in found if one.spec.name.casefold() == wanted]
    if len(fitting) > 1:
        said = ", ".join(one.id for one in fitting)
        raise BadInput(f"There are {len(fitting)} agents named “{text[:80]}”.", hint=f"Name one by its id: {said}.")
    if not fitting:
        names = ", ".join(one.spec.name for one in found[:MOST_LISTED]) or "none"
        raise NotFound(f"There is no agent “{text[:80]}”.", hint=f"There are: {names}.")
    return fitting[0]


def _served(who: Who, given: dict[str, Any]) -> str:
    agent = named(who, given["agent"])
    if not _places.acquire(blocking=False):
        raise BadInput(f"{AT_ONCE} agents are at work for programs already.", hint="Ask again later.")
    try:
        record = run(who, agent.id, given["task"])
    finally:
        _places.release()
    if record.status != "done":
        raise HubError(f"{record.name} did not finish: {ask.why(record)}", hint=record.text[:2_000])
    return record.text.strip() or f"{record.name} gave no answer."
