"""Every query on stored agents. All of them ask for the owner, or for what its owner shares with who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from hub.agents import spec
from hub.agents.records import Agent, AgentVersion
from hub.db.indexes import Index
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound

SCHEMA = 1
INDEXES: list[Index] = [
    ("agents", [("owner", 1)], {}),
    ("agents", [("everybody", 1)], {}),
    ("agents", [("people", 1)], {}),
    ("agent_versions", [("agent", 1), ("number", 1)], {"unique": True}),
    ("agent_versions", [("owner", 1)], {}),
]


def record(who: Who, row: Document) -> Agent:
    """The agent in a stored row, as `who` may see it."""
    mine = row["owner"] == who.id
    return Agent(
        id=str(row["_id"]),
        owner=row["owner"],
        spec=spec.read(row["spec"]),
        version=row["version"],
        mine=mine,
        everybody=row["everybody"],
        people=tuple(row["people"]) if mine else (),
        draft=mine and "draft" in row,
        uses=row.get("uses", 0),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def rows(who: Who) -> list[Document]:
    """The living agents that the person may use: their own, those for everybody, those that are shared with them."""
    found: dict[ObjectId, Document] = {}
    with reachable():
        for grant in ({"owner": who.id}, {"everybody": True}, {"people": who.id}):
            found |= {one["_id"]: one for one in collection("agents").find(grant) if "deleted_at" not in one}
    return list(found.values())


def row(who: Who, agent: str) -> Document:
    """The row of an agent that the person may use; raises NotFound."""
    key = {"_id": object_id(agent, "agent")}
    agents = collection("agents")
    with reachable():
        found = (
            agents.find_one({**key, "owner": who.id})
            or agents.find_one({**key, "everybody": True})
            or agents.find_one({**key, "people": who.id})
        )
    if found is None or "deleted_at" in found:
        raise NotFound("There is no such agent.", hint="It may have been deleted, or is not shared any more.")
    return found


def own(who: Who, agent: str, *, deleted: bool = False) -> Document:
    """The row of an agent of the person; raises NotFound for any other, and for one that is not `deleted` as asked."""
    with reachable():
        found = collection("agents").find_one({"_id": object_id(agent, "agent"), "owner": who.id})
    if found is None or ("deleted_at" in found) != deleted:
        raise NotFound("There is no such agent of yours.", hint="Somebody else's can be duplicated, not changed.")
    return found


def insert(who: Who, row: Document, version: Document) -> None:
    """Stores a new agent: its version first, the row that shows it last."""
    with reachable():
        collection("agent_versions").insert_one({**version, "owner": who.id, "schema": SCHEMA})
        collection("agents").insert_one({**row, "owner": who.id, "schema": SCHEMA})


def add_version(who: Who, agent: ObjectId, version: Document) -> None:
    """A further version of an agent, which is what it is from now on; a draft is over. Raises BadInput when somebody
    made one of that number meanwhile."""
    with reachable():
        try:
            collection("agent_versions").insert_one({**version, "owner": who.id, "schema": SCHEMA})
        except DuplicateKeyError as error:
            said = f"The agent was saved elsewhere at the same moment, as version {version['number']}."
            raise BadInput(said, hint="Nothing was saved. Open it again and repeat the change.") from error
    changes = {"spec": version["spec"], "version": version["number"], "updated_at": version["at"]}
    change(who, agent, changes, unset=["draft"])


def change(who: Who, agent: ObjectId, changes: Mapping[str, Any], *, unset: Iterable[str] = ()) -> None:
    """Sets and removes fields of an agent of the person."""
    update: Document = {"$set": dict(changes)} if changes else {}
    if gone := dict.fromkeys(unset, ""):
        update["$unset"] = gone
    with reachable():
        collection("agents").update_one({"_id": agent, "owner": who.id}, update)


def count_use(who: Who, agent: str) -> None:
    """One more answer was made by an agent that the person may use; nothing is counted for any other."""
    key = {"_id": object_id(agent, "agent")}
    with reachable():
        for grant in ({"owner": who.id}, {"everybody": True}, {"people": who.id}):
            if collection("agents").update_one({**key, **grant}, {"$inc": {"uses": 1}}).matched_count:
                return


def versions(agent: Document) -> list[AgentVersion]:
    """The versions of an agent of the person, the newest first; `agent` is the row that `own` gave."""
    with reachable():
        found = list(collection("agent_versions").find({"agent": agent["_id"]}))
    made = [AgentVersion(one["number"], spec.read(one["spec"]), one["at"], one["why"]) for one in found]
    return sorted(made, key=lambda one: -one.number)


def deleted(who: Who) -> list[Document]:
    """The deleted agents of a person that can still be brought back."""
    with reachable():
        return [one for one in collection("agents").find({"owner": who.id}) if "deleted_at" in one]


def remove(who: Who, agent: ObjectId) -> None:
    """Removes an agent of the person for good."""
    with reachable():
        collection("agents").delete_one({"_id": agent, "owner": who.id})
        collection("agent_versions").delete_many({"agent": agent, "owner": who.id})


def remove_person(who: Who) -> None:
    """Removes every agent of a person, and them from whatever is shared with them."""
    with reachable():
        for name in ("agents", "agent_versions"):
            collection(name).delete_many({"owner": who.id})
        collection("agents").update_many({"people": who.id}, {"$pull": {"people": who.id}})


def version_row(agent: ObjectId, number: int, made: Document, why: str) -> Document:
    """A version that is not stored yet."""
    return {"_id": ObjectId(), "agent": agent, "number": number, "spec": made, "at": now(), "why": why}
