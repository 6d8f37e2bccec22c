"""Writing skills here, by the strict rules; every change is a version, and an older one can be brought back."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import timedelta

from bson import ObjectId

from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.skills import shelf, store
from hub.skills.mounted import PREFIX
from hub.skills.package import Package, as_text, check_size, understand
from hub.skills.parse import FILE
from hub.skills.records import FileChange, Kind, Origin, Problem, Shown, Skill
from hub.skills.rows import Made, file_rows, make, same, skill_row, version_row
from hub.skills.take import ME, renew

UNDO = timedelta(days=1)
START = """---
name: {name}
description: {description}
---

# {title}

What to do, step by step.
"""


def template(name: str = "my-skill", description: str = "What it does, and when to use it.") -> str:
    """A SKILL.md to begin with."""
    return START.format(name=name, description=description, title=name.replace("-", " ").capitalize())


def problems(text: str, name: str | None = None) -> list[Problem]:
    """Every rule that a SKILL.md breaks, strictly; `name` is what it is called already. For showing while it is
    written, so what cannot be read is a problem as well."""
    try:
        return shelf.strict(text, name)
    except BadInput as error:
        return [Problem("unreadable", "", error.message)]


def create(who: Who, text: str, files: Mapping[str, bytes] | None = None, *, kind: Kind = "written") -> Shown:
    """Makes a skill and switches it on for the person. Raises BadInput with the rules that it breaks."""
    made = _strict(text, files or {}, None, Origin(kind))
    if made.package.name in {one.name for one in store.own(who)}:
        raise BadInput(f"You have a skill “{made.package.name}” already.", hint="Nothing was saved. Choose a new name.")
    id_ = ObjectId()
    why = "made from a chat" if kind == "chat" else "written here"
    store.insert(who, [skill_row(who, made, id_)], [version_row(who, made, id_, 1, why)], file_rows(who, made, id_))
    return shelf.switch(who, str(id_), "off" if made.findings else "on", where=ME)


def save(
    who: Who, skill: str, text: str, files: Mapping[str, bytes] | None = None, *, base: int | None = None
) -> Shown:
    """Stores a new version of a skill of the person; `files` None leaves them as they are. `base` is the version that
    the change was made on: raises BadInput when there is a newer one, and for rules that it breaks."""
    one = _mine(who, skill)
    if base is not None and base != one.version:
        said = f"The skill was changed elsewhere: there is a version {one.version} now."
        raise BadInput(said, hint="Nothing was saved. Copy your text, open the skill again and put it in.")
    kept = shelf.files(who, skill) if files is None else files
    made = _strict(text, kept, None, one.origin)
    other = store.named(who, [made.package.name]).get(made.package.name)
    if other is not None and other.id != skill:
        raise BadInput(f"You have another skill “{made.package.name}”.", hint="Nothing was saved. Choose a new name.")
    return _renewed(who, one, made, "edited here")


def rollback(who: Who, skill: str, number: int) -> Shown:
    """Makes what an older version was the newest one. Raises NotFound, and BadInput when it is the newest already."""
    one, old = _mine(who, skill), shelf.version(who, skill, number)
    if number == one.version:
        raise BadInput(f"Version {number} is the one that is used.", hint="Nothing was changed.")
    package = Package(old.text, shelf.files(who, skill, number), one.name)
    return _renewed(who, one, make(understand(package), old.origin), f"version {number} brought back")


def delete(who: Who, skill: str) -> None:
    """Deletes a skill of the person, which `restore` undoes; those that were deleted a day ago go for good. Raises
    NotFound, and BadInput for one that is not theirs."""
    store.hide(who, _mine(who, skill))
    for one in store.deleted(who):
        if one["deleted_at"] < now() - UNDO:
            store.remove(who, one["_id"])


def restore(who: Who, skill: str) -> None:
    """Brings a deleted skill back. Raises NotFound, and BadInput when its name was taken meanwhile."""
    found = next((one for one in store.deleted(who) if str(one["_id"]) == skill), None)
    if found is None:
        raise NotFound("That skill is gone for good.")
    if store.named(who, [found["was"]]):
        raise BadInput(f"There is another skill “{found['was']}” now.", hint="Rename or delete that one first.")
    store.bring_back(who, found)


def diff(who: Who, skill: str, before: int, after: int) -> tuple[FileChange, ...]:
    """What changed between two versions, SKILL.md first."""
    old, new = shelf.version(who, skill, before), shelf.version(who, skill, after)
    return changes(
        {FILE: old.text.encode(), **shelf.files(who, skill, before)},
        {FILE: new.text.encode(), **shelf.files(who, skill, after)},
    )


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    """What changed between two sets of files."""
    out: list[FileChange] = []
    for path in sorted(before.keys() | after.keys(), key=lambda one: (one != FILE, one)):
        old, new = before.get(path), after.get(path)
        if old != new:
            kind = "added" if old is None else "removed" if new is None else "changed"
            out.append(FileChange(path, kind, _unified(path, old, new)))
    return tuple(out)


def _unified(path: str, old: bytes | None, new: bytes | None) -> str:
    one, other = as_text(old or b""), as_text(new or b"")
    if one is None or other is None:
        return ""
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    return "\n".join(lines)


def _strict(text: str, files: Mapping[str, bytes], folder: str | None, origin: Origin) -> Made:
    if wrong := shelf.strict(text, folder):
        raise BadInput(" ".join(one.said for one in wrong), hint="Nothing was saved.")
    check_size(files)
    return make(understand(Package(text, dict(files), folder)), origin)


def _renewed(who: Who, one: Skill, made: Made, why: str) -> Shown:
    if not same(one, shelf.version(who, one.id).text, made):
        renew(who, one, made, why)
    return shelf.get(who, one.id)


def _mine(who: Who, skill: str) -> Skill:
    if skill.startswith(PREFIX):
        shelf.find(who, skill)
        raise BadInput("A skill of the mounted directory is changed there.", hint="Nothing was changed here.")
    row = store.row(who, skill)
    if row["owner"] != who.id:
        raise BadInput("Somebody else's skill can be used, not changed.", hint="Export it and import it as your own.")
    return store.record(row)
