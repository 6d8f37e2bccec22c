"""Taking skills in: each by itself, so that one that fails stops no other.

What is there already under the same name becomes a new version of it. A skill with findings is off until a person has
looked at them and switched it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bson import ObjectId

from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput
from hub.skills import store
from hub.skills.package import Package, Refused, understand
from hub.skills.read import Found
from hub.skills.records import Imported, Origin, Problem, Skill, State
from hub.skills.rows import Made, file_rows, make, same, skill_row, version_row

ME = "me"
MOST = 1_000
"""Skills of one person."""


@dataclass
class _Fresh:
    """Rows of new skills, stored together."""

    skills: list[Document] = field(default_factory=list[Document])
    versions: list[Document] = field(default_factory=list[Document])
    files: list[Document] = field(default_factory=list[Document])
    on: list[str] = field(default_factory=list[str])
    off: list[str] = field(default_factory=list[str])


def look(who: Who, found: Found, origin: Origin) -> list[Imported]:
    """What taking `found` in would do; nothing is stored."""
    made = _made(found, origin)
    there = _there(who, [one for one in made if isinstance(one, Made)])
    return [one if isinstance(one, Imported) else _seen(who, one, there) for one in made]


def take(
    who: Who, found: Found, origin: Origin, *, only: Sequence[str] | None = None, switch: bool = True
) -> list[Imported]:
    """Stores the skills of `found`, with `only` those of these names; new ones without findings are switched on for the
    person where that is wanted (`switch`)."""
    made = [one for one in _made(found, origin) if only is None or _name(one) in only]
    ready = [one for one in made if isinstance(one, Made)]
    there = _there(who, ready)
    if len(store.own(who)) + len(ready) - len(there) > MOST:
        raise BadInput(f"One person keeps at most {MOST:,} skills.", hint="Nothing was imported.")
    fresh = _Fresh()
    done = [one if isinstance(one, Imported) else _taken(who, one, there, fresh, switch) for one in made]
    store.insert(who, fresh.skills, fresh.versions, fresh.files)
    store.place_many(who, fresh.on, ME, "on")
    store.place_many(who, fresh.off, ME, "off")
    return done


def _made(found: Found, origin: Origin) -> list[Made | Imported]:
    """What each comes to, in order; of two with one name the second is refused."""
    out: list[Made | Imported] = []
    names: set[str] = set()
    for one in found:
        made = _one(one, origin)
        if isinstance(made, Made):
            name = made.package.name
            if name in names:
                made = Imported(name, "refused", f"There is another skill “{name}” in it.", path=_path(one))
            names.add(name)
        out.append(made)
    return out


def _one(one: Package | Refused, origin: Origin) -> Made | Imported:
    if isinstance(one, Refused):
        return Imported(one.name, "refused", one.said, path=one.path)
    try:
        return make(understand(one), replace(origin, path=one.path or origin.path))
    except BadInput as error:
        problem = Problem("refused", "", error.message)
        name = one.folder or one.path or "SKILL.md"
        return Imported(name, "refused", error.message, warnings=(problem,), path=one.path)


def _there(who: Who, made: Sequence[Made]) -> dict[str, Skill]:
    return store.named(who, (one.package.name for one in made))


def _name(one: Made | Imported) -> str:
    return one.name if isinstance(one, Imported) else one.package.name


def _path(one: Package | Refused) -> str:
    return one.path


def _state(made: Made) -> State:
    return "imported with warnings" if made.warnings or made.findings else "imported"


def _seen(who: Who, made: Made, there: dict[str, Skill]) -> Imported:
    known = there.get(made.package.name)
    new = Imported(made.package.name, _state(made), "New.", made.warnings, made.findings, path=_at(made))
    if known is None:
        return new
    if _unchanged(who, known, made):
        return replace(new, id=known.id, said="Is there already, the same.", new=False, same=True)
    return replace(new, id=known.id, said=f"Changes the one that is there (version {known.version}).", new=False)


def _at(made: Made) -> str:
    return made.package.package.path


def _unchanged(who: Who, known: Skill, made: Made) -> bool:
    [version] = store.versions(store.row(who, known.id), known.version)
    return same(known, version.text, made)


def _taken(who: Who, made: Made, there: dict[str, Skill], fresh: _Fresh, switch: bool) -> Imported:
    seen = _seen(who, made, there)
    if seen.same:
        return seen
    if not seen.new:
        return _changed(who, there[seen.name], made, seen)
    id_ = ObjectId()
    fresh.skills.append(skill_row(who, made, id_))
    fresh.versions.append(version_row(who, made, id_, 1, _why(made)))
    fresh.files += file_rows(who, made, id_)
    on = switch and not made.findings
    if on:
        fresh.on.append(str(id_))
    elif made.findings:
        fresh.off.append(str(id_))
    said = "Imported." if on else f"Imported; it is off{_look(made)}."
    return replace(seen, id=str(id_), said=said, on=on)


def _changed(who: Who, known: Skill, made: Made, seen: Imported) -> Imported:
    """A new version of a skill that is there. One with findings that the old one did not have is switched off."""
    renew(who, known, made, _why(made))
    worse = worsened(known, made)
    said = f"Imported as version {known.version + 1}; version {known.version} can be brought back."
    return replace(seen, said=f"{said} It was switched off{_look(made)}." if worse else said)


def renew(who: Who, known: Skill, made: Made, why: str) -> None:
    """Stores `made` as the next version of the person's skill, and switches it off where it has new findings."""
    id_ = ObjectId(known.id)
    version = version_row(who, made, id_, known.version + 1, why)
    changes: Document = dict(made.fields)
    if worse := worsened(known, made):
        changes |= {"everybody": "off", "shared": False}
    store.add_version(who, id_, version, file_rows(who, made, id_, store.known_files(id_)), changes)
    if worse:
        for where in {ME, *store.places(who).get(known.id, {})}:
            store.place(who, known.id, where, "off")


def worsened(known: Skill, made: Made) -> bool:
    """Whether what is new has findings that a person has not seen."""
    seen = {(one.code, one.file, one.excerpt) for one in known.findings}
    return any((one.code, one.file, one.excerpt) not in seen for one in made.findings)


def _look(made: Made) -> str:
    return " until you have looked at what was found" if made.findings else ""


def _why(made: Made) -> str:
    origin = made.fields["origin"]
    named = {"git": "from a repository", "zip": "from an archive", "folder": "from a folder", "file": "from a file"}
    said = named.get(origin["kind"], "written here")
    return f"{said}: {origin['place']}" + (f" at {origin['commit'][:12]}" if origin["commit"] else "")
