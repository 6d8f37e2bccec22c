"""The leaderboard: Bradley-Terry over a person's votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from hub.db.who import Who
from hub.stats.duels import Duel
from hub.stats.ranking import Ranking, Unconnected, bradley_terry
from hub.votes import store
from hub.votes.records import Leaderboard, Standing, Vote

_MANY = 10_000


def leaderboard(
    who: Who, tags: Sequence[str] = (), *, sources: Sequence[str] = (), blind: bool | None = None
) -> Leaderboard:
    """What the votes of a person say of the models; only those with all of `tags`, from one of `sources`, and cast
    `blind` or not, where that is asked for."""
    every = store.votes(who)
    asked = {tag.strip().lower() for tag in tags}
    kept = [
        vote
        for vote in every
        if asked <= set(vote.tags)
        and (not sources or vote.source in sources)
        and (blind is None or vote.blind == blind)
    ]
    counted = Counter(tag for vote in every for tag in vote.tags)
    known = tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
    return replace(made_of(kept), tags=known)


def made_of(votes: Sequence[Vote]) -> Leaderboard:
    """The leaderboard of these votes."""
    kept = [(vote, found) for vote in votes if (found := pairs(vote))]
    stood = Counter(model for vote, _ in kept for model in {one.model for one in vote.contenders})
    rankings = ranked_apart([duel for _, found in kept for duel in found])
    standings = tuple(
        replace(one, votes=stood[one.model])
        for group, ranking in enumerate(rankings)
        for one in standings_of(ranking, group)
    )
    return Leaderboard(standings, len(kept), len({vote.prompt for vote, _ in kept}), (), _said(rankings))


def pairs(vote: Vote) -> list[Duel]:
    """A vote as duels. A ranking of k answers has k (k - 1) / 2 pairs but decides no more than k - 1 times: they weigh
    as much as k - 1 together."""
    weight = 2 / len(vote.contenders)
    both = combinations(zip(vote.contenders, vote.ranks, strict=True), 2)
    return [
        Duel(vote.prompt, one.model, two.model, 0.5 if rank == other else float(rank < other), weight)
        for (one, rank), (two, other) in both
        if one.model != two.model
    ]


def ranked_apart(duels: Sequence[Duel]) -> list[Ranking]:
    """One ranking for each group of models that votes connect, the largest group first; none without votes."""
    if not duels:
        return []
    try:
        return [bradley_terry(duels)]
    except Unconnected as apart:
        return [bradley_terry(duel for duel in duels if duel.a in group) for group in apart.groups]


def standings_of(ranking: Ranking, group: int = 0) -> list[Standing]:
    """The places of a ranking, each with what is missing to tell it from the next."""
    below = [_next(ranking, one.model, two.model) for one, two in pairwise(ranking.entries)]
    return [
        Standing(one.model, one.score, one.low, one.high, one.rank_low, one.rank_high, one.votes, group, sentence)
        for one, sentence in zip(ranking.entries, [*below, ""], strict=True)
    ]


def _next(ranking: Ranking, better: str, worse: str) -> str:
    missing = ranking.missing(better, worse)
    if not missing:
        return ""
    if missing == float("inf"):
        return f"{better} and {worse} are level so far."
    if missing > _MANY:
        return f"{better} and {worse} are too close to be told apart by fewer than {_MANY:,} more votes."
    about = missing if missing < 10 else round(missing, -1 if missing < 1000 else -2)
    return f"Needs about {about:,.0f} more vote{'s' if about > 1 else ''} to separate {better} from {worse}."


def _said(rankings: Sequence[Ranking]) -> tuple[str, ...]:
    told: list[str] = []
    if len(rankings) > 1:
        named = "; ".join(", ".join(one.model for one in ranking.entries) for ranking in rankings)
        told.append(f"No vote connects these groups, so they are ranked apart: {named}.")
    if any(ranking.held for ranking in rankings):
        told.append("Some model has won or lost every vote so far: scores are held back a little until it has not.")
    return tuple(told)
