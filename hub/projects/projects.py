"""The projects of a person: make, look, change."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from pydantic import TypeAdapter

from hub.db.memo import Memo
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput
from hub.projects import store
from hub.projects.records import Project

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500
LONGEST_INSTRUCTIONS = 20_000

_adapter = TypeAdapter(Project)
_known: Memo[tuple[Project, ...]] = Memo()


def record(document: Document) -> Project:
    """The project in a stored document."""
    return _adapter.validate_python({**document, "id": str(document["_id"])})


def list_projects(who: Who, *, archived: bool = False) -> tuple[Project, ...]:
    """The person's projects by name: those in use, or those in the archive."""
    return tuple(one for one in _all(who) if one.archived == archived)


def names(who: Who) -> dict[str, str]:
    """The names of all living projects, archived ones too, by id; in the order of the names."""
    return {one.id: one.name for one in _all(who)}


def get(who: Who, project: str) -> Project:
    """One project; raises NotFound."""
    return record(store.project(who, project))


def create(who: Who, name: str, *, description: str = "", instructions: str = "") -> Project:
    """Makes a project; raises BadInput for a name that is taken."""
    time = now()
    document: Document = {
        "_id": ObjectId(),
        "name": _name(who, name),
        "description": _text(description, LONGEST_DESCRIPTION, "The description"),
        "instructions": _text(instructions, LONGEST_INSTRUCTIONS, "Instructions"),
        "created_at": time,
        "updated_at": time,
    }
    store.insert(who, document)
    _known.drop(who.id)
    return record(document)


def change(
    who: Who,
    project: str,
    *,
    name: str | None = None,
    description: str | None = None,
    instructions: str | None = None,
    archived: bool | None = None,
    reads_personal_memory: bool | None = None,
) -> Project:
    """Sets what is given; None leaves a thing as it is."""
    found = store.project(who, project)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _name(who, name, but=str(found["_id"]))
    if description is not None:
        changes["description"] = _text(description, LONGEST_DESCRIPTION, "The description")
    if instructions is not None:
        changes["instructions"] = _text(instructions, LONGEST_INSTRUCTIONS, "Instructions")
    if archived is not None:
        changes["archived"] = archived
    if reads_personal_memory is not None:
        changes["reads_personal_memory"] = reads_personal_memory
    return put(who, found, {**changes, "updated_at": now()})


def put(who: Who, found: Document, changes: Document, *, unset: tuple[str, ...] = ()) -> Project:
    """Stores changes of a project that was just read; what it is afterwards."""
    store.update(who, found["_id"], changes, unset=unset)
    _known.drop(who.id)
    return record({key: value for key, value in {**found, **changes}.items() if key not in unset})


def forget(who: Who) -> None:
    """Forgets what this process knows of a person's projects; after rows were removed."""
    _known.drop(who.id)


def _all(who: Who) -> tuple[Project, ...]:
    def read() -> tuple[Project, ...]:
        return tuple(sorted(map(record, store.projects(who)), key=lambda one: (one.name.casefold(), one.id)))

    return _known.get(who.id, "", read)


def _name(who: Who, name: str, *, but: str | None = None) -> str:
    name = " ".join(_text(name, LONGEST_NAME, "A project's name").split())
    if not name:
        raise BadInput("A project needs a name.")
    if any(record(one).name.casefold() == name.casefold() for one in store.projects(who) if str(one["_id"]) != but):
        raise BadInput(f"There is a project “{name}” already.", hint="Take another name, or open that one.")
    return name


def _text(text: str, most: int, what: str) -> str:
    """The text without what a store cannot keep (null bytes, halves of characters)."""
    text = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
    if len(text) > most:
        raise BadInput(f"{what} can have at most {most:,} characters; this has {len(text):,}.")
    return text
