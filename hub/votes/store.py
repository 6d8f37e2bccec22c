"""Every query on votes. All of them ask for the owner."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from hub.db.indexes import Index
from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.votes.records import Contender, Outcome, Vote

SCHEMA = 1
INDEXES: list[Index] = [
    ("votes", [("owner", 1)], {}),
    ("votes", [("owner", 1), ("prompt", 1)], {}),
]
MOST = 24
"""Answers that can be voted on at once."""
LONGEST = 2000
"""Characters of a reason."""
MOST_TAGS = 12
UNDO = timedelta(days=1)
"""How long a vote can be taken back."""

_vote = TypeAdapter(Vote)
_remembered: Memo[tuple[Vote, ...]] = Memo()


def cast(
    who: Who,
    *,
    source: str,
    prompt: str,
    contenders: Sequence[Contender],
    ranks: Sequence[int] = (),
    outcome: Outcome = "ranked",
    reason: str = "",
    tags: Sequence[str] = (),
    blind: bool = False,
) -> Vote:
    """Stores a vote. One on the same answers from the same source takes the place of the earlier one.

    `ranks` has a place for each contender, lower is better, equal is a tie; "tie" and "all_bad" need none. Raises
    BadInput.
    """
    places = _places(contenders, ranks, outcome)
    if outcome == "ranked" and max(places) == 1:
        outcome = "tie"
    vote = Vote(
        _name(who, source, contenders),
        source,
        prompt,
        tuple(contenders),
        places,
        outcome,
        reason.strip()[:LONGEST],
        _tags(tags),
        blind,
        now(),
    )
    fields: dict[str, Any] = {**asdict(vote), "owner": who.id, "schema": SCHEMA}
    del fields["id"]
    with reachable():
        collection("votes").replace_one({"_id": vote.id, "owner": who.id}, {"_id": vote.id, **fields}, upsert=True)
    _remembered.drop(who.id)
    return vote


def undo(who: Who, vote: str) -> None:
    """Takes a vote back, within a day of casting it. Raises NotFound, and BadInput after that."""
    with reachable():
        found = collection("votes").find_one({"_id": vote, "owner": who.id})
    if found is None:
        raise NotFound("There is no such vote.", hint="It may have been taken back.")
    if found["at"] < now() - UNDO:
        raise BadInput("This vote is more than a day old and stays.", hint="You can vote anew on the same answers.")
    with reachable():
        collection("votes").delete_one({"_id": vote, "owner": who.id})
    _remembered.drop(who.id)


def votes(who: Who, *, prompt: str | None = None) -> tuple[Vote, ...]:
    """The votes of a person, the newest first; with `prompt` only those on it."""
    if prompt is not None:
        return _read({"owner": who.id, "prompt": prompt})
    return _remembered.get(who.id, "all", lambda: _read({"owner": who.id}))


def remove_person(who: Who) -> None:
    """Removes every vote of a person for good."""
    with reachable():
        collection("votes").delete_many({"owner": who.id})
    _remembered.drop(who.id)


def _read(where: Document) -> tuple[Vote, ...]:
    with reachable():
        found = list(collection("votes").find(where))
    read = [_vote.validate_python({**one, "id": one["_id"]}) for one in found]
    return tuple(sorted(read, key=lambda vote: (vote.at, vote.id), reverse=True))


def _name(who: Who, source: str, contenders: Sequence[Contender]) -> str:
    """The id of the vote on these answers, in whichever order they stood."""
    answers = "\n".join(sorted(one.answer for one in contenders))
    return hashlib.sha256(f"{who.id}\n{source}\n{answers}".encode()).hexdigest()[:32]


def _places(contenders: Sequence[Contender], ranks: Sequence[int], outcome: Outcome) -> tuple[int, ...]:
    """The ranks without gaps, 1 the best."""
    if not 2 <= len(contenders) <= MOST:
        raise BadInput(f"A vote is on 2 to {MOST} answers.", hint="Nothing was saved.")
    if len({one.answer for one in contenders}) < len(contenders):
        raise BadInput("The same answer stands twice in this vote.", hint="Nothing was saved.")
    if outcome != "ranked":
        return (1,) * len(contenders)
    if len(ranks) != len(contenders):
        raise BadInput("A vote needs a rank for every answer.", hint="Nothing was saved.")
    order = sorted(set(ranks))
    return tuple(order.index(rank) + 1 for rank in ranks)


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    """The tags in small letters, each once."""
    known = dict.fromkeys(tag.strip().lower()[:40] for tag in tags)
    known.pop("", None)
    return tuple(known)[:MOST_TAGS]
