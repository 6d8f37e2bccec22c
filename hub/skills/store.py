"""Every query on stored skills. All of them ask for the owner, or for what its owner shows to everybody.

The files of a skill are rows by content, so that versions share them; filters hold exactly the fields of an index or
`_id` (see `hub.memory.store`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bson import ObjectId
from pydantic import TypeAdapter
from pymongo import InsertOne
from pymongo.errors import DuplicateKeyError

from hub.db.indexes import Index
from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.skills.records import Activation, Mode, Skill, Version

SCHEMA = 1
AT_ONCE = 40
INDEXES: list[Index] = [
    ("skills", [("owner", 1), ("name", 1)], {"unique": True}),
    ("skills", [("shared", 1)], {}),
    ("skill_versions", [("skill", 1), ("number", 1)], {"unique": True}),
    ("skill_versions", [("owner", 1)], {}),
    ("skill_files", [("skill", 1), ("digest", 1)], {}),
    ("skill_files", [("owner", 1)], {}),
    ("skill_places", [("owner", 1)], {}),
    ("skill_places", [("skill", 1)], {}),
    ("skill_uses", [("owner", 1)], {}),
    ("skill_activations", [("owner", 1), ("conversation", 1)], {}),
    ("skill_drafts", [("owner", 1)], {}),
]
EVERYBODY = " everybody"
"""The owner under whom the process remembers what everybody sees."""

_skill = TypeAdapter(Skill)
_version = TypeAdapter(Version)
_activation = TypeAdapter(Activation)
_skills: Memo[tuple[Skill, ...]] = Memo()
_places: Memo[Mapping[str, Mapping[str, Mode]]] = Memo()


def forget(who: Who, *, everybody: bool = False) -> None:
    """Drops what this process remembers of a person's skills, and of those that everybody sees."""
    _skills.drop(who.id)
    _places.drop(who.id)
    if everybody:
        _skills.drop(EVERYBODY)


def own(who: Who) -> tuple[Skill, ...]:
    """The person's skills."""
    return _skills.get(who.id, "", lambda: _read({"owner": who.id}))


def shared() -> tuple[Skill, ...]:
    """The skills that an administrator has put there for everybody."""
    return _skills.get(EVERYBODY, "", lambda: _read({"shared": True}))


def _read(query: Document) -> tuple[Skill, ...]:
    with reachable():
        living = [one for one in collection("skills").find(query) if "deleted_at" not in one]
    return tuple(sorted(map(record, living), key=lambda one: one.name))


def record(document: Document) -> Skill:
    """The skill in a stored row."""
    return _skill.validate_python({**document, "id": str(document["_id"])})


def row(who: Who, skill: str) -> Document:
    """The stored row of a skill that the person may see; raises NotFound."""
    key = {"_id": object_id(skill, "skill")}
    skills = collection("skills")
    with reachable():
        found = skills.find_one({**key, "owner": who.id}) or skills.find_one({**key, "shared": True})
    if found is None or "deleted_at" in found:
        raise NotFound("There is no such skill.", hint="It may have been deleted.")
    return found


def named(who: Who, names: Iterable[str]) -> dict[str, Skill]:
    """Those of the person's own skills that have one of the names."""
    wanted = set(names)
    return {one.name: one for one in own(who) if one.name in wanted}


def insert(who: Who, skills: Sequence[Document], versions: Sequence[Document], files: Sequence[Document]) -> None:
    """Stores new skills: their files and versions first, the rows that show them last."""
    _put("skill_files", files)
    _put("skill_versions", versions)
    _put("skills", skills)
    forget(who)


def _put(name: str, rows: Sequence[Document]) -> None:
    if rows:
        with reachable():
            collection(name).bulk_write([InsertOne(one) for one in rows], ordered=False)


def add_version(who: Who, skill: ObjectId, version: Document, files: Sequence[Document], changes: Document) -> None:
    """A further version of a skill, which is what the skill is from now on. Raises BadInput when there is one of that
    number."""
    _put("skill_files", files)
    with reachable():
        try:
            collection("skill_versions").insert_one(version)
        except DuplicateKeyError as error:
            said = f"Somebody made a version {version['number']} of this skill at the same moment."
            raise BadInput(said, hint="Nothing was changed. Open the skill again and repeat it.") from error
    change(who, skill, {**changes, "version": version["number"], "updated_at": version["at"]})


def change(who: Who, skill: ObjectId, changes: Mapping[str, Any]) -> None:
    """Sets fields of a skill of the person."""
    with reachable():
        collection("skills").update_one({"_id": skill, "owner": who.id}, {"$set": dict(changes)})
    forget(who, everybody=True)


def versions(skill: Document, number: int | None = None) -> list[Version]:
    """The versions of a skill, the newest first, or the one with that number; `skill` is the row, which was asked for
    by `row` and so may be seen."""
    query: Document = {"skill": skill["_id"]} if number is None else {"skill": skill["_id"], "number": number}
    with reachable():
        found = [_version.validate_python(one) for one in collection("skill_versions").find(query)]
    return sorted(found, key=lambda one: -one.number)


def contents(skill: ObjectId, digests: Iterable[str]) -> dict[str, bytes]:
    """The bytes of files of a skill by their digest. Raises NotFound when one is missing."""
    wanted = sorted(set(digests))
    found: dict[str, bytes] = {}
    with reachable():
        for start in range(0, len(wanted), AT_ONCE):
            query = {"skill": skill, "digest": {"$in": wanted[start : start + AT_ONCE]}}
            found |= {one["digest"]: bytes(one["data"]) for one in collection("skill_files").find(query)}
    if len(found) < len(wanted):
        raise NotFound("A file of the skill is not there any more.", hint="Import the skill again.")
    return found


def known_files(skill: ObjectId) -> set[str]:
    """The digests of all files that are kept for a skill."""
    with reachable():
        return {one["digest"] for one in collection("skill_files").find({"skill": skill}, {"digest": 1})}


def hide(who: Who, skill: Skill) -> None:
    """Deletes a skill of the person, so that `bring_back` can undo it; its name is free at once."""
    gone = {"deleted_at": now(), "was": skill.name, "name": f"{skill.name} {skill.id}"}
    change(who, ObjectId(skill.id), gone)


def deleted(who: Who) -> list[Document]:
    """The person's skills that were deleted and are kept for undo."""
    with reachable():
        return [one for one in collection("skills").find({"owner": who.id}) if "deleted_at" in one]


def bring_back(who: Who, document: Document) -> None:
    """Undoes `hide`."""
    change_ = {"$set": {"name": document["was"]}, "$unset": {"deleted_at": "", "was": ""}}
    with reachable():
        collection("skills").update_one({"_id": document["_id"], "owner": who.id}, change_)
    forget(who, everybody=True)


def remove(who: Who, skill: ObjectId) -> None:
    """Removes a skill of the person for good, with its versions, its files and where it was on."""
    with reachable():
        collection("skills").delete_one({"_id": skill, "owner": who.id})
        for name in ("skill_versions", "skill_files"):
            collection(name).delete_many({"skill": skill})
        collection("skill_places").delete_many({"skill": str(skill)})
        collection("skill_drafts").delete_one({"_id": f"{who.id} {skill}"})
    forget(who, everybody=True)


def places(who: Who) -> Mapping[str, Mapping[str, Mode]]:
    """How the person has switched skills: by skill, then by place."""

    def read() -> Mapping[str, Mapping[str, Mode]]:
        found: dict[str, dict[str, Mode]] = {}
        with reachable():
            for one in collection("skill_places").find({"owner": who.id}):
                found.setdefault(one["skill"], {})[one["place"]] = one["mode"]
        return found

    return _places.get(who.id, "", read)


def place(who: Who, skill: str, where: str, mode: Mode | None) -> None:
    """Switches a skill for the person in one place; None leaves it to what holds elsewhere."""
    identity = f"{who.id} {where} {skill}"
    with reachable():
        if mode is None:
            collection("skill_places").delete_one({"_id": identity})
        else:
            new = {"_id": identity, "owner": who.id, "place": where, "skill": skill, "mode": mode}
            collection("skill_places").replace_one({"_id": identity}, new, upsert=True)
    _places.drop(who.id)


def place_many(who: Who, skills: Sequence[str], where: str, mode: Mode) -> None:
    """Switches new skills, which are switched nowhere yet."""
    _put(
        "skill_places",
        [
            {"_id": f"{who.id} {where} {one}", "owner": who.id, "place": where, "skill": one, "mode": mode}
            for one in skills
        ],
    )
    _places.drop(who.id)


def leave_place(who: Who, where: str) -> None:
    """Forgets what was switched in a place that is gone."""
    with reachable():
        for one in list(collection("skill_places").find({"owner": who.id})):
            if one["place"] == where:
                collection("skill_places").delete_one({"_id": one["_id"]})
    _places.drop(who.id)


def uses(who: Who) -> dict[str, Document]:
    """How often each skill was activated in the person's chats (`uses`), and when last (`last`)."""
    with reachable():
        return {one["skill"]: one for one in collection("skill_uses").find({"owner": who.id})}


def activate(who: Who, one: Activation) -> bool:
    """Keeps that a skill is active in a conversation; False when it was already."""
    new = {
        "owner": who.id,
        "conversation": one.conversation,
        "skill": one.skill,
        "name": one.name,
        "answer": one.answer,
        "why": one.why,
        "how": one.how,
        "tokens": one.tokens,
        "at": one.at,
    }
    identity = f"{who.id} {one.conversation} {one.skill}"
    with reachable():
        done = collection("skill_activations").update_one({"_id": identity}, {"$setOnInsert": new}, upsert=True)
        if done.upserted_id is None:
            return False
        counted = {"$inc": {"uses": 1}, "$set": {"owner": who.id, "skill": one.skill, "last": now()}}
        collection("skill_uses").update_one({"_id": f"{who.id} {one.skill}"}, counted, upsert=True)
    return True


def activations(who: Who, conversation: str) -> list[Activation]:
    """The skills that are active in a conversation, in the order in which they became so."""
    with reachable():
        found = list(collection("skill_activations").find({"owner": who.id, "conversation": conversation}))
    return [_activation.validate_python(one) for one in sorted(found, key=lambda one: one["at"])]


def deactivate(who: Who, conversation: str, skill: str | None = None) -> None:
    """A skill is not active in a conversation any more; without one, none is."""
    with reachable():
        if skill is None:
            collection("skill_activations").delete_many({"owner": who.id, "conversation": conversation})
        else:
            collection("skill_activations").delete_one({"_id": f"{who.id} {conversation} {skill}"})


def remove_person(who: Who) -> None:
    """Removes everything of a person."""
    with reachable():
        for one in list(collection("skills").find({"owner": who.id}, {"_id": 1})):
            collection("skill_places").delete_many({"skill": str(one["_id"])})
        for index in INDEXES:
            collection(index[0]).delete_many({"owner": who.id})
    forget(who, everybody=True)
