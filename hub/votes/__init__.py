"""Votes on answers to the same prompt, and the leaderboard that they make. Who asks comes first in every call."""

from hub.votes.leaderboard import leaderboard
from hub.votes.records import Contender, Leaderboard, Standing, Vote
from hub.votes.store import INDEXES, cast, undo, votes

__all__ = ["INDEXES", "Contender", "Leaderboard", "Standing", "Vote", "cast", "leaderboard", "undo", "votes"]
