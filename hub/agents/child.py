"""An agent at work on what it was asked: its prompt, with a context of its own, and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub import hooks, runs
from hub.agents import ask_store
from hub.agents.guide import ROOM, brought, part
from hub.agents.records import Agent, AskRecord
from hub.db.mongo import Document
from hub.db.who import Who
from hub.models import estimate
from hub.models.types import ChatMessage, ChatRequest, ModelInfo, TextPart, ToolUse
from hub.models.window import room
from hub.runs import told
from hub.tools import Belt, Reply
from hub.turns import Before, Citations, Source, Turn

SHARE = 0.6
"""Of the room that a prompt has beside instructions and task: what all blocks together may take."""
TOLD = (
    "Another agent asks you to do the task below. Only your last message goes back to it, nobody reads anything else: "
    "put all that matters there."
)


class Child:
    """Belongs to one run of an ask, whose `row` is stored; answers the tool calls of its model."""

    def __init__(
        self, who: Who, row: Document, agent: Agent, info: ModelInfo, citations: Citations,
        replies: Mapping[str, Reply], before: Before | None = None,
    ) -> None:  # fmt: skip
        self._who, self._row, self._agent, self._info = who, row, agent, info
        self._citations, self._replies, self._before = citations, replies, before
        self._belt: Belt | None = None

    def prepare(self) -> ChatRequest:
        """The prompt: instructions, what the rooms give, the task, and what the agent has said and called so far."""
        row, spec, can = self._row, self._agent.spec, self._info.abilities
        own = "\n\n".join(text for text in (spec.instructions, TOLD if row["depth"] else "") if text)
        turn = self._turn(room(self._info, spec.params), estimate.tokens(own) + estimate.tokens(row["task"]))
        blocks, notices = hooks.chat_context(turn)
        belt = self._belt = Belt(turn, replies=self._replies, rules_in=row["conversation"])
        blocks += belt.blocks()
        self._note(
            [source for block in blocks for source in block.sources],
            [*notices, *(notice for block in blocks for notice in block.notices), *belt.notices],
        )
        system = [own, *(block.text for block in blocks if block.place == "system")]
        asked = [*(block.text for block in blocks if block.place == "turn"), row["task"]]
        head = _message("system", system), _message("user", asked)
        end = told.tail(_so_far(ask_store.record(row)), pending=frozenset(self._replies))
        return ChatRequest(
            (*(one for one in head if one.text), *end),
            spec.params,
            belt.specs,
            in_words=not turn.takes_tools and bool(belt.specs or row.get("tool_calls")),
            sees=can is None or "vision" in can,
            schema=spec.schema,
            takes_json=can is not None and "json" in can,
        )

    def call(self, use: ToolUse) -> runs.ToolAnswer | runs.Waiting:
        """What a call of the agent gives."""
        return self._tools.call(use)

    def seconds(self, use: ToolUse) -> float:
        """How long the call may take."""
        return self._tools.seconds(use)

    @property
    def _tools(self) -> Belt:
        if self._belt is None:
            raise RuntimeError("tools are called before the prompt was made")
        return self._belt

    def _turn(self, left: int | None, taken: int) -> Turn:
        row = self._row
        names = ("agent", "draft", "path", "limits", "answer", "conversation")
        standing = {**{name: row[name] for name in names}, "ask": str(row["_id"])}
        attached = brought(self._agent, _own(row["attached"]), standing)
        return Turn(
            who=self._who,
            conversation=str(row["_id"]),
            answer=str(row["_id"]),
            question=row["task"],
            model=self._info,
            scope=row["scope"],
            temporary=row["temporary"],
            budget=None if left is None else max(0, int((left - taken) * SHARE)),
            attached={**attached, ROOM: {**attached[ROOM], "base": row["attached"]}},
            citations=self._citations,
            attended=row["attended"],
            only=None if row.get("only") is None else frozenset(row["only"]),
            before=self._before,
        )

    def _note(self, sources: list[Source], notices: list[str]) -> None:
        """Keeps what the agent was given and may cite, and what is to be said, where there is anything to keep."""
        changes: Document = {}
        if numbered := [one for one in sources if one.number]:
            every = [*map(ask_store.plain, numbered), *self._row.get("sources", ())]
            changes["sources"] = list({one["number"]: one for one in every}.values())
        if notices:
            changes["notices"] = list(dict.fromkeys([*self._row.get("notices", ()), *notices]))
        if changes:
            ask_store.change(self._who, self._row["_id"], changes)


def _own(chat: Mapping[str, Any]) -> dict[str, Any]:
    """What of a chat holds for an agent that is asked in it: what is switched off, not what was chosen for the chat.
    Nobody has said what stands in its task, so nothing of it is learned."""
    documents = part(chat, "documents")
    return {
        **chat,
        "skills": {"off": part(chat, "skills").get("off") or []},
        "documents": {name: documents[name] for name in ("project", "mode") if name in documents},
        "memory": {**part(chat, "memory"), "learn": False},
    }


def _message(role: Any, texts: list[str]) -> ChatMessage:
    return ChatMessage(role, (TextPart("\n\n".join(text for text in texts if text)),))


def _so_far(record: AskRecord) -> Document:
    """What was said and called, in the form in which answers are kept."""
    return {
        "text": record.text,
        "tool_calls": [ask_store.plain(call) for call in record.tool_calls],
        "tool_results": [{"call": one.id, "text": one.text} for one in record.tool_results],
    }
