"""What other rooms give to one answer: blocks for its prompt, tools, and the sources that it may cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal, cast

import orjson

from hub import hooks, runs
from hub.chat.exchange import scope_of
from hub.chat.records import BlockUse
from hub.chat.shared import Shared
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import HubError
from hub.models.types import ModelInfo, ToolSpec, ToolUse
from hub.turns import Block, Source, Tool, Turn

SHARE = 0.6
"""Of the room that a prompt has beside its system prompt and the question: what all blocks together may take."""
LONGEST_RESULT = 40_000
"""Characters of a tool's result that the model gets and that are kept."""


class Given:
    """Asks the rooms when the prompt is prepared, once for all answers of a run (`shared`), and answers the tool calls
    of the model afterwards."""

    def __init__(
        self, who: Who, conversation: Document, asked: Document, answer: Document, info: ModelInfo, shared: Shared
    ) -> None:
        self.shared = shared
        self._about: dict[str, Any] = {
            "who": who,
            "conversation": str(conversation["_id"]),
            "answer": str(answer["_id"]),
            "question": asked["text"],
            "asked": str(asked["_id"]),
            "model": info,
            "scope": scope_of(conversation),
            "temporary": conversation["temporary"],
            "attached": conversation.get("attached", {}),
        }
        self._tools: dict[str, Tool] = {}
        self._cited: set[int] = set()
        self.blocks: list[Block] = []
        self.notices: list[str] = []

    def ask(self, room: int | None) -> None:
        """Has every room say what it gives, for a prompt with `room` tokens left (None unknown)."""
        turn = Turn(**self._about, budget=None if room is None else max(0, int(room * SHARE)))
        self.blocks, self.notices, turn = self.shared.context(turn)
        self.notices += [notice for block in self.blocks for notice in block.notices]
        if turn.takes_tools:
            tools, failed = hooks.tools(turn)
            self._tools = {tool.spec.name: tool for tool in tools}
            self.notices += failed
        self._cited = {source.number for source in self.sources}

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """What the model may call."""
        return tuple(tool.spec for tool in self._tools.values())

    @property
    def sources(self) -> tuple[Source, ...]:
        """What the blocks were made of."""
        return tuple(source for block in self.blocks for source in block.sources)

    @property
    def uses(self) -> tuple[BlockUse, ...]:
        """The blocks as they are kept with the answer."""
        return tuple(BlockUse(one.room, one.title, one.text, one.tokens) for one in self.blocks if one.text)

    def text(self, place: Literal["system", "turn"]) -> str:
        """The text of the blocks that stand there."""
        return "\n\n".join(block.text for block in self.blocks if block.place == place and block.text)

    def tokens(self, place: Literal["system", "turn"]) -> int:
        """Their estimated tokens."""
        return sum(block.tokens for block in self.blocks if block.place == place)

    def call(self, use: ToolUse) -> runs.ToolAnswer:
        """What a tool gives; what is wrong with the call is told to the model in a sentence."""
        tool = self._tools.get(use.name)
        if tool is None:
            known = ", ".join(self._tools) or "none"
            return runs.ToolAnswer(
                use.id, use.name, f"There is no tool {use.name[:60]}. There are: {known}.", error=True
            )
        try:
            result = tool.call(_arguments(use.arguments))
        except HubError as error:
            sentence = f"{error.message} {error.hint}".strip()
            return runs.ToolAnswer(use.id, use.name, sentence, tool.title, tool.icon, error.message, error=True)
        fresh = [source for source in result.sources if not source.number or source.number not in self._cited]
        self._cited |= {source.number for source in fresh}
        return runs.ToolAnswer(
            use.id, use.name, cut(result.text), tool.title, tool.icon, result.said, result.error, sources=_plain(fresh)
        )


def cut(text: str) -> str:
    """`text` up to the length that is kept; the model is told what is missing."""
    if len(text) <= LONGEST_RESULT:
        return text
    return f"{text[:LONGEST_RESULT]}\n[{len(text) - LONGEST_RESULT:,} more characters are not shown]"


def _plain(sources: Sequence[Source]) -> tuple[dict[str, Any], ...]:
    return tuple({**asdict(source), "about": dict(source.about)} for source in sources)


def _arguments(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError as error:
        raise HubError("The arguments are not JSON.", hint="Call it again with one JSON object.") from error
    if not isinstance(found, dict):
        raise HubError("The arguments must be one JSON object.")
    return cast("dict[str, Any]", found)
