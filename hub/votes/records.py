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


@dataclass(frozen=True, slots=True)
class Standing:
    """A model's place on the leaderboard, with what separates it from the next one.

    `score` is 1000 for a model of average ability among those it was compared with, and 400 points are odds of ten to
    one. The true score lies between `low` and `high`, the true rank between `rank_low` (the best) and `rank_high`, at
    95 %. `votes` is how many it stood in. Standings of different `group` cannot be compared. `next` is a sentence on
    how many votes would tell it from the one below, empty when they are told apart.
    """

    model: str
    score: float
    low: float
    high: float
    rank_low: int
    rank_high: int
    votes: int
    group: int = 0
    next: str = ""


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The models from the best to the worst, group by group. `votes` and `prompts` are what it is made from.

    `tags` are all there are on a person's votes, with how many have them. `said` are sentences that go with it.
    """

    standings: tuple[Standing, ...]
    votes: int
    prompts: int
    tags: tuple[tuple[str, int], ...] = ()
    said: tuple[str, ...] = ()
