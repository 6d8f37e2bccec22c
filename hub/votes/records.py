"""A vote: how a person or a judge ordered answers to the same prompt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["ranked", "tie", "all_bad"]


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the answers that were voted on. `model` is what the leaderboard counts (the label of the model, with its
    parameters where the same model stood twice); `answer` is the room's own name for the answer."""

    model: str
    answer: str


@dataclass(frozen=True, slots=True)
class Vote:
    """`ranks` has a place for each contender, 1 the best, equal places a tie; all are 1 for a tie of everybody.

    `all_bad` is a tie that also says that no answer was good enough. `prompt` names what was asked: votes with the same
    name are not independent, and intervals are made over prompts. `source` is the room that it comes from.
    """

    id: str
    source: str
    prompt: str
    contenders: tuple[Contender, ...]
    ranks: tuple[int, ...]
    outcome: Outcome
    reason: str
    tags: tuple[str, ...]
    blind: bool
    at: datetime
