"""Teams: models with their parameters, and how their answers are merged, kept under a name."""

from __future__ import annotations

from collections.abc import Sequence

from bson import ObjectId

from hub.chat import rows
from hub.chat.clean import clean
from hub.compare import panes
from hub.compare.panes import Member
from hub.compare.records import MergeKind, Team
from hub.db.mongo import Document, collection, object_id, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound

LONGEST_NAME = 80
MOST_TEAMS = 200


def teams(who: Who) -> tuple[Team, ...]:
    """The teams of a person by name."""
    with reachable():
        found = list(collection("teams").find({"owner": who.id}))
    return tuple(sorted(map(_team, found), key=lambda team: team.name.casefold()))


def save_team(
    who: Who,
    name: str,
    members: Sequence[Member],
    *,
    blind: bool = False,
    merge: MergeKind | None = None,
    merge_model: str = "",
) -> Team:
    """Keeps a team; one of the same name is replaced. Raises BadInput, and NotFound for a model that is not there."""
    name = " ".join(clean(name)[0].split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"A team has a name of at most {LONGEST_NAME} characters.")
    kept = teams(who)
    same = next((one for one in kept if one.name.casefold() == name.casefold()), None)
    if same is None and len(kept) >= MOST_TEAMS:
        raise BadInput(f"At most {MOST_TEAMS} teams can be kept.", hint="Delete one first.")
    chosen = panes.members(who, members)
    document: Document = {
        "_id": ObjectId(same.id) if same else ObjectId(),
        "owner": who.id,
        "name": name,
        "members": [[model, rows.plain(params)] for model, _, params in chosen],
        "blind": blind,
        "merge": merge,
        "merge_model": merge_model,
        "schema": 1,
    }
    with reachable():
        collection("teams").replace_one({"_id": document["_id"], "owner": who.id}, document, upsert=True)
    return _team(document)


def delete_team(who: Who, team: str) -> None:
    """Removes a team; comparisons that were made with it stay."""
    with reachable():
        result = collection("teams").delete_one({"_id": object_id(team, "team"), "owner": who.id})
    if not result.deleted_count:
        raise NotFound("There is no such team.", hint="It may have been deleted.")


def _team(found: Document) -> Team:
    members = tuple((model, rows.params(params)) for model, params in found["members"])
    return Team(str(found["_id"]), found["name"], members, found["blind"], found["merge"], found["merge_model"])
