"""The agents of a person: make, look, change, share, and go back to an earlier version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bson import ObjectId

from hub.agents import spec as specs
from hub.agents import store
from hub.agents.records import Agent, AgentSpec, AgentVersion
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, NotFound

UNDO = timedelta(days=1)
MOST_PEOPLE = 200


def visible(who: Who) -> list[Agent]:
    """The agents that the person may use, by name: their own first."""
    found = (store.record(who, one) for one in store.rows(who))
    return sorted(found, key=lambda one: (not one.mine, one.spec.name.casefold(), one.id))


def find(who: Who, agent: str, *, draft: bool = False) -> Agent:
    """One agent that the person may use; with `draft` as its owner is trying it, where they are. Raises NotFound."""
    row = store.row(who, agent)
    found = store.record(who, row)
    return replace(found, spec=specs.read(row["draft"])) if draft and found.draft else found


def create(who: Who, spec: AgentSpec, *, why: str = "made here") -> Agent:
    """Makes an agent; raises BadInput with everything that is wrong with it."""
    made, id_, time = specs.plain(specs.checked(spec)), ObjectId(), now()
    row: Document = {
        "_id": id_,
        "spec": made,
        "version": 1,
        "everybody": False,
        "people": [],
        "created_at": time,
        "updated_at": time,
    }
    store.insert(who, row, store.version_row(id_, 1, made, why))
    return find(who, str(id_))


def save(who: Who, agent: str, spec: AgentSpec, *, base: int | None = None, why: str = "edited") -> Agent:
    """Stores a new version, unless nothing changed. `base` is the version that the change was made on: raises BadInput
    when there is a newer one, and with everything that is wrong with it; NotFound for an agent that is not theirs."""
    row, made = store.own(who, agent), specs.checked(spec)
    if base is not None and base != row["version"]:
        said = f"The agent was changed elsewhere: there is a version {row['version']} now."
        raise BadInput(said, hint="Nothing was saved. Open it again and repeat the change.")
    if made == specs.read(row["spec"]):
        drop_draft(who, agent)
    else:
        store.add_version(who, row["_id"], store.version_row(row["_id"], row["version"] + 1, specs.plain(made), why))
    return find(who, agent)


def try_(who: Who, agent: str, spec: AgentSpec) -> Agent:
    """Keeps changes to be tried: only chats that ask for the draft see them. Raises as `save`."""
    row = store.own(who, agent)
    store.change(who, row["_id"], {"draft": specs.plain(specs.checked(spec))})
    return find(who, agent, draft=True)


def drop_draft(who: Who, agent: str) -> None:
    """Forgets changes that were tried and not saved."""
    store.change(who, store.own(who, agent)["_id"], {}, unset=["draft"])


def versions(who: Who, agent: str) -> list[AgentVersion]:
    """The versions of an agent of the person, the newest first; raises NotFound."""
    return store.versions(store.own(who, agent))


def rollback(who: Who, agent: str, number: int) -> Agent:
    """Makes what an older version was the newest one. Raises NotFound, and BadInput when it is the newest already."""
    found = {one.number: one for one in versions(who, agent)}
    if number not in found:
        raise NotFound(f"The agent has no version {number}.")
    if number == max(found):
        raise BadInput(f"Version {number} is the one that is used.", hint="Nothing was changed.")
    return save(who, agent, found[number].spec, why=f"version {number} brought back")


def duplicate(who: Who, agent: str) -> Agent:
    """Makes an agent of the person's own from one that they may use; raises NotFound."""
    found = find(who, agent)
    name = f"{found.spec.name[: specs.LONGEST_NAME - 7]} (copy)"
    return create(who, replace(found.spec, name=name), why=f"copied from {found.spec.name}")


def share(who: Who, agent: str, *, everybody: bool = False, people: Sequence[str] = ()) -> Agent:
    """Lets others use an agent: the `people` with these ids, or, when an administrator wants it, everybody. Nobody
    else than its owner can change it, and what it may do with their data is decided by who uses it. Raises BadInput and
    NotFound."""
    row = store.own(who, agent)
    if everybody and not row["everybody"] and who.role != "admin":
        raise BadInput("Only an administrator puts an agent there for everybody.", hint="Share it with some people.")
    if len(people) > MOST_PEOPLE:
        raise BadInput(f"An agent can be shared with at most {MOST_PEOPLE} people by name.")
    granted = [one for one in dict.fromkeys(people) if one != who.id]
    store.change(who, row["_id"], {"everybody": everybody, "people": granted})
    return find(who, agent)


def delete(who: Who, agent: str) -> None:
    """Deletes an agent of the person, which `restore` undoes; those that were deleted a day ago go for good. Raises
    NotFound."""
    store.change(who, store.own(who, agent)["_id"], {"deleted_at": now()})
    for one in store.deleted(who):
        if one["deleted_at"] < now() - UNDO:
            store.remove(who, one["_id"])


def restore(who: Who, agent: str) -> Agent:
    """Brings a deleted agent back; raises NotFound when it is gone for good."""
    store.change(who, store.own(who, agent, deleted=True)["_id"], {}, unset=["deleted_at"])
    return find(who, agent)
