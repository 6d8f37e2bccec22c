"""What other rooms give to one answer: blocks for its prompt, tools, and the sources that it may cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hub import hooks, runs
from hub.chat.exchange import scope_of
from hub.chat.records import BlockUse
from hub.chat.shared import Shared
from hub.db.mongo import Document
from hub.db.who import Who
from hub.models import estimate
from hub.models.types import ModelInfo, ToolSpec, ToolUse
from hub.tools import Belt, Reply
from hub.turns import Block, Citations, Source, Turn

SHARE = 0.6
"""Of the room that a prompt has beside its system prompt and the question: what all blocks together may take."""

MOST_HANDED = 5
"""Times that one answer is handed over."""


@dataclass(frozen=True, slots=True)
class Making:
    """What the answers of one run have in common: how they are made, and what is read for them. `alone`: there is one,
    which may go on with another model."""

    guide: hooks.Guide
    shared: Shared
    alone: bool = True


class Given:
    """Asks the rooms when the prompt is prepared, once for all answers of a run (`shared`), and answers the tool calls
    of the model afterwards. `more` are fields of the turn that differ from those of other turns."""

    def __init__(
        self,
        who: Who,
        conversation: Document,
        asked: Document,
        answer: Document,
        info: ModelInfo,
        made: Making,
        replies: Mapping[str, Reply] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        self.guide, self.shared = made.guide, made.shared
        self._replies = dict(replies or {})
        self._about: dict[str, Any] = {
            "who": who,
            "conversation": str(conversation["_id"]),
            "answer": str(answer["_id"]),
            "question": asked["text"],
            "asked": str(asked["_id"]),
            "model": info,
            "scope": scope_of(conversation),
            "temporary": conversation["temporary"],
            "attached": made.guide.attached,
            "citations": Citations(Source(**one) for one in answer.get("sources", ())),
            "alone": made.alone,
            **(more or {}),
        }
        self._handed: int = answer.get("handed", 0)
        self._called = bool(answer.get("tool_calls"))
        self._belt: Belt | None = None
        self.in_words = False
        self._cited: set[int] = set()
        self.blocks: list[Block] = []
        self.notices: list[str] = []

    def ask(self, room: int | None, said: Sequence[str] = ()) -> None:
        """Has every room say what it gives, for a prompt with `room` tokens left (None unknown); `said` are the
        person's earlier messages."""
        budget = None if room is None else max(0, int(room * SHARE))
        turn = Turn(**self._about, budget=budget, said=tuple(said))
        self.blocks, self.notices, turn = self.shared.context(turn)
        self.notices += [notice for block in self.blocks for notice in block.notices]
        self._belt = Belt(turn, replies=self._replies)
        self.in_words = not turn.takes_tools and bool(self._belt.specs or self._called)
        self.blocks += self._belt.blocks()
        self.notices += self._belt.notices
        self._cited = {source.number for source in self.sources}

    @property
    def pending(self) -> frozenset[str]:
        """The calls that are made before the model is asked."""
        return frozenset(self._replies)

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """What the model may call."""
        return self._belt.specs if self._belt else ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """What the blocks were made of."""
        return tuple(source for block in self.blocks for source in block.sources)

    @property
    def uses(self) -> tuple[BlockUse, ...]:
        """The blocks as they are kept with the answer, the instructions of its agent first."""
        guide, used = (
            self.guide,
            [BlockUse(one.room, one.title, one.text, one.tokens) for one in self.blocks if one.text],
        )
        if guide.agent:
            title, told = f"{guide.name}, version {guide.version}", guide.instructions
            used.insert(
                0, BlockUse("agents", f"{title}{', as tried' if guide.draft else ''}", told, estimate.tokens(told))
            )
        return tuple(used)

    def text(self, place: Literal["system", "turn"]) -> str:
        """The text of the blocks that stand there."""
        return "\n\n".join(block.text for block in self.blocks if block.place == place and block.text)

    def tokens(self, place: Literal["system", "turn"]) -> int:
        """Their estimated tokens."""
        return sum(block.tokens for block in self.blocks if block.place == place)

    def call(self, use: ToolUse) -> runs.ToolAnswer | runs.Waiting:
        """What a call of the model gives, with those sources that the answer does not have yet."""
        found = self._tools.call(use)
        if isinstance(found, runs.Waiting):
            return found
        if found.attach is not None and self._handed >= MOST_HANDED:
            text = f"This answer was handed over {MOST_HANDED} times already. Answer the user yourself."
            return replace(found, text=text, said="handed over too often", error=True, attach=None)
        fresh = tuple(one for one in found.sources if not one["number"] or one["number"] not in self._cited)
        self._cited |= {one["number"] for one in fresh}
        return replace(found, sources=fresh)

    def seconds(self, use: ToolUse) -> float:
        """How long the call may take."""
        return self._tools.seconds(use)

    @property
    def _tools(self) -> Belt:
        if self._belt is None:
            raise RuntimeError("tools are called before the prompt was made")
        return self._belt
