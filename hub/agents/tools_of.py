"""The tools that an agent has as such: asking its helpers, handing over to its successors, asking the person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from hub.agents import ask, ask_store, manage
from hub.agents.guide import GROUP, ROOM, standing
from hub.agents.records import Agent
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models.types import ToolSpec
from hub.turns import Question, Reply, Tool, ToolResult, Turn, calling

DEEPEST = 3
"""How deep agents ask each other: the answer's own agent asks at depth 1."""
MOST_QUESTIONS = 5
LONGEST_QUESTION = 500
LONGEST_TASK = 40_000
_TASK = {"type": "string", "description": "What it should do, whole: it knows nothing of this chat.", "minLength": 1}
_CONTEXT = {"type": "string", "description": "What it must know for that, such as facts or text from this chat."}
_NOTE = {"type": "string", "description": "What the next one should know, in a few sentences."}
_QUESTION = {
    "type": "object",
    "properties": {
        "question": {"type": "string", "description": "One question, ending in a question mark.", "minLength": 1},
        "choices": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Answers to choose from, where there are only a few. Leave it out for free text.",
        },
    },
    "required": ["question"],
}


def tools(turn: Turn) -> list[Tool]:
    """The tools of the agent that answers a turn; none where no agent does."""
    at = standing(turn)
    if not at:
        return []
    try:
        agent = manage.find(turn.who, at["agent"], draft=at["draft"])
    except NotFound:
        return []
    made: list[Tool] = []
    if len(at["path"]) <= DEEPEST:
        helpers = [one for one in agent.spec.helpers if one not in at["path"]]
        made += [_asking(turn, at, one) for one in _living(turn.who, helpers)]
    if turn.alone:
        successors = [one for one in agent.spec.successors if one != agent.id]
        made += [_handing(turn.who, one) for one in _living(turn.who, successors)]
    if agent.spec.asks and turn.attended:
        made.append(_person())
    return made


def _living(who: Who, agents: Iterable[str]) -> Iterator[Agent]:
    for one in agents:
        try:
            yield manage.find(who, one)
        except NotFound:
            continue


def _slug(agent: Agent) -> str:
    return re.sub(r"[^a-z0-9]+", "_", agent.spec.name.lower()).strip("_")[:40] or "agent"


def _asking(turn: Turn, at: dict[str, Any], helper: Agent) -> Tool:
    about = f"Ask {helper.spec.name} to do a task and get what came of it. {helper.spec.description}".strip()
    return Tool(
        _spec(f"ask_{_slug(helper)}", about, {"task": _TASK, "context": _CONTEXT}, "task"),
        f"Ask {helper.spec.name}",
        "support_agent",
        partial(_ask, turn, at, helper.id),
        id=f"agent:{helper.id}",
        group=GROUP,
        resident=True,
        key="task",
        seconds=ask.SECONDS + 60,
        resume=partial(_go_on, turn, at),
    )


def _ask(turn: Turn, at: dict[str, Any], helper: str, given: dict[str, Any]) -> ToolResult:
    task = "\n\n".join(str(given[name]).strip() for name in ("task", "context") if given.get(name)).strip()
    if not task:
        raise BadInput("The task is empty.", hint="Say what should be done.")
    if len(task) > LONGEST_TASK:
        raise BadInput(f"A task can have at most {LONGEST_TASK:,} characters.")
    with ask.Place():
        agent = manage.find(turn.who, helper)
        about = {
            "answer": at.get("answer", turn.answer),
            "conversation": at.get("conversation", turn.conversation),
            "parent": at.get("ask", ""),
            "call": calling.get(),
            "depth": len(at["path"]),
            "path": [*at["path"], agent.id],
            "limits": at["limits"],
            "draft": False,
            "attended": turn.attended,
            "only": None if turn.only is None else sorted(turn.only),
            "attached": at["base"],
            "temporary": turn.temporary,
            "scope": turn.scope,
        }
        row = ask.begin(turn.who, agent, ask.new_row(agent, task, about), turn.citations, turn.before)
        return ask.result(turn.who, ask.wait(turn.who, row, turn.answer))


def _go_on(turn: Turn, at: dict[str, Any], given: dict[str, Any], reply: Reply) -> ToolResult:
    """Goes on with the agent whose call the person has replied to."""
    with ask.Place():
        found = ask_store.waiting(turn.who, at.get("answer", turn.answer), at.get("ask", ""), calling.get())
        row = ask.go_on(turn.who, found, reply, turn.citations)
        if row["run"] == found["run"]:
            return ask.result(turn.who, ask_store.record(row))
        return ask.result(turn.who, ask.wait(turn.who, row, turn.answer))


def _handing(who: Who, successor: Agent) -> Tool:
    about = f"Hand this chat over to {successor.spec.name}, who answers from here on. {successor.spec.description}"
    return Tool(
        _spec(f"hand_over_to_{_slug(successor)}", about.strip(), {"note": _NOTE}),
        f"Hand over to {successor.spec.name}",
        "move_down",
        partial(_hand_over, who, successor.id),
        id=f"agent-next:{successor.id}",
        group=GROUP,
        resident=True,
        key="note",
    )


def _hand_over(who: Who, successor: str, given: dict[str, Any]) -> ToolResult:
    agent = manage.find(who, successor)
    note = str(given.get("note") or "").strip()
    left = f"\nWhat was left for {agent.spec.name} to know:\n{note}" if note else ""
    text = f"From here on {agent.spec.name} answers the user, in the same message.{left}"
    return ToolResult(text, agent.spec.name, ours=True, attach={ROOM: {"agent": agent.id}}, about={"to": agent.id})


def _person() -> Tool:
    about = (
        "Ask the user what you must know to go on and cannot find out. Ask everything at once; they see a form. "
        f"At most {MOST_QUESTIONS} questions."
    )
    questions = {"type": "array", "items": _QUESTION, "minItems": 1, "maxItems": MOST_QUESTIONS}
    return Tool(
        _spec("ask_person", about, {"questions": questions}, "questions"),
        "Ask you",
        "contact_support",
        _ask_person,
        id="agent:person",
        group=GROUP,
        resident=True,
        key="questions",
    )


def _ask_person(given: dict[str, Any]) -> ToolResult:
    made: dict[str, Question] = {}
    for one in given["questions"]:
        text = str(one["question"]).strip()[:LONGEST_QUESTION]
        name = base = " ".join(re.sub(r"[^\w -]+", " ", text).split())[:60] or "question"
        while name in made:
            name = f"{base} {len(made) + 1}"
        choices = dict.fromkeys(str(choice).strip() for choice in one.get("choices") or ())
        made[name] = Question(name, text, tuple(choice for choice in choices if choice))
    return ToolResult("", asks=tuple(made.values()))


def _spec(name: str, about: str, fields: dict[str, Any], *needed: str) -> ToolSpec:
    return ToolSpec(name, about, {"type": "object", "properties": fields, "required": list(needed)})
