"""Votes on the answers of a turn. A vote on the newest turn of a blind comparison shows the names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hub import votes
from hub.compare import panes
from hub.compare import store as comparisons
from hub.compare.records import TurnVote
from hub.compare.show import conversation_of, vote_of
from hub.compare.turns import Said, answers
from hub.compare.veil import settle
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.votes import Contender
from hub.votes.prompts import first_question

SOURCE = "compare"


def vote(
    who: Who,
    comparison: str,
    turn: int,
    *,
    ranks: Mapping[str, int] | None = None,
    all_bad: bool = False,
    reason: str = "",
    tags: Sequence[str] = (),
) -> TurnVote:
    """Keeps how the answers of a turn compare: a rank for every pane that has answered, 1 the best, equal ones tied; or
    that all are bad. It takes the place of an earlier vote on the turn. Raises BadInput."""
    found = comparisons.get(who, comparison)
    conversation_of(who, found)
    said = _voted_on(who, found, turn)
    places = [1 for _ in said] if all_bad else _places(said, ranks or {})
    hidden = panes.veiled(found)
    before = found["votes"].get(str(turn))
    cast = votes.cast(
        who,
        source=SOURCE,
        prompt=_prompt(found, turn, said[0].question),
        contenders=[Contender(name, str(one.answer["_id"])) for name, one in zip(_names(said), said, strict=True)],
        ranks=places,
        outcome="all_bad" if all_bad else "ranked",
        reason=reason,
        tags=tags,
        blind=hidden or bool(before and before["blind"]),
    )
    if before and before["vote"] != cast.id:
        _take_back(who, before["vote"])
    kept = {
        "vote": cast.id,
        "ranks": {one.pane.id: place for one, place in zip(said, cast.ranks, strict=True)},
        "all_bad": all_bad,
        "reason": cast.reason,
        "tags": list(cast.tags),
        "blind": cast.blind,
    }
    shows = hidden and turn == found["turns"]
    changes: dict[str, Any] = {f"votes.{turn}": kept, **({"revealed": True, "revealed_by": turn} if shows else {})}
    comparisons.change(who, found["_id"], changes)
    if shows:
        settle(who, {**found, "revealed": True})
    return vote_of(turn, kept)


def undo_vote(who: Who, comparison: str, turn: int) -> None:
    """Takes the vote on a turn back; names that it has shown are hidden again. Raises NotFound, and BadInput once it is
    older than a day."""
    found = comparisons.get(who, comparison)
    kept = found["votes"].get(str(turn))
    if kept is None:
        raise NotFound("There is no vote on this turn.")
    votes.undo(who, kept["vote"])
    hides = found["blind"] and found.get("revealed_by") == turn
    changes = {"revealed": False} if hides else {}
    gone = [f"votes.{turn}", *(["revealed_by"] if hides else [])]
    comparisons.change(who, found["_id"], changes, unset=gone)
    if hides:
        settle(who, {**found, "revealed": False})


def _voted_on(who: Who, found: Document, turn: int) -> list[Said]:
    said = answers(who, found, turn)
    if any(one.answer["status"] == "streaming" for one in said):
        raise BadInput("Some answers are still being written. Nothing was saved.", hint="Stop them, or wait.")
    ended = [one for one in said if one.ended]
    if len(ended) < 2:
        raise BadInput("A vote needs two answers to the same question. Nothing was saved.")
    return ended


def _places(said: Sequence[Said], ranks: Mapping[str, int]) -> list[int]:
    missing = [one.pane.letter for one in said if one.pane.id not in ranks]
    if missing:
        raise BadInput(f"There is no rank for {', '.join(missing)}. Nothing was saved.", hint="Rank every answer.")
    return [ranks[one.pane.id] for one in said]


def _names(said: Sequence[Said]) -> list[str]:
    """What the leaderboard counts: the model, with its parameters where it stood there twice with different ones."""
    labels = [one.answer["model_label"] or one.answer["model"] for one in said]
    several = {label for label, count in Counter(labels).items() if count > 1}
    pairs = zip(labels, said, strict=True)
    return [f"{label}{_adjusted(one.answer)}" if label in several else label for label, one in pairs]


def _adjusted(answer: Document) -> str:
    params = sorted(answer.get("params", {}).items())
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in params)
    return f" ({said})" if said else ""


def _prompt(found: Document, turn: int, question: Document) -> str:
    """A first question is the same prompt wherever it is asked; a further one has its own story before it."""
    if turn > 1 or found["top"]:
        return f"{found['_id']}:{turn}"
    return first_question(question["text"])


def _take_back(who: Who, vote: str) -> None:
    try:
        votes.undo(who, vote)
    except (NotFound, BadInput):
        return  # it was taken back elsewhere, or is so old that it stays: it was on other answers
