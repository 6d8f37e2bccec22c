"""Everything that a person may see: their own skills, those for everybody, and the mounted ones. Where it is on.

Of two with one name the person's own stands, then the one of the mounted directory, then the one of somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from bson import ObjectId

from hub import hooks
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.skills import mounted, store, validate
from hub.skills.mounted import PREFIX
from hub.skills.package import as_text
from hub.skills.parse import parse
from hub.skills.records import Mode, Offered, Shown, Skill, Version
from hub.skills.take import ME
from hub.turns import Turn

MODES: tuple[Mode, ...] = ("on", "off", "always")
AGENT = "agent:"
PROJECT = "project:"


def visible(who: Who) -> list[Skill]:
    """Every skill that the person may use, by name, each name once."""
    found: dict[str, Skill] = {}
    mine = store.own(who)
    for one in (*mine, *mounted.directory().skills.values(), *store.shared()):
        found.setdefault(one.name, one)
    return sorted(found.values(), key=lambda one: one.name)


def skills(who: Who) -> list[Shown]:
    """Every skill that the person may use, with how it stands for them."""
    places, uses = store.places(who), store.uses(who)
    return [_shown(who, one, places.get(one.id, {}), uses.get(one.id, {})) for one in visible(who)]


def get(who: Who, skill: str) -> Shown:
    """One skill; raises NotFound."""
    one = find(who, skill)
    return _shown(who, one, store.places(who).get(one.id, {}), store.uses(who).get(one.id, {}))


def find(who: Who, skill: str) -> Skill:
    """The skill with that id, if the person may see it; raises NotFound."""
    if not skill.startswith(PREFIX):
        return store.record(store.row(who, skill))
    found = mounted.directory().skills.get(skill)
    if found is None:
        raise NotFound("There is no such skill.", hint="It may have been taken out of the mounted directory.")
    return found


def by_name(who: Who, name: str) -> Skill:
    """The skill that stands under a name or an id; raises NotFound."""
    for one in visible(who):
        if name in {one.name, one.id}:
            return one
    raise NotFound(f"There is no skill “{name[:80]}”.", hint="`hub skills list` shows what there is.")


def _shown(who: Who, one: Skill, places: Mapping[str, Mode], use: Document) -> Shown:
    mode = places.get(ME, one.everybody)
    return Shown(one, mode, dict(places), use.get("uses", 0), use.get("last"), one.owner == who.id)


def versions(who: Who, skill: str) -> list[Version]:
    """The versions of a skill, the newest first; raises NotFound."""
    if skill.startswith(PREFIX):
        return mounted.versions(find(who, skill).id)
    return store.versions(store.row(who, skill))


def version(who: Who, skill: str, number: int | None = None) -> Version:
    """One version, by default the newest; raises NotFound."""
    if skill.startswith(PREFIX):
        return mounted.versions(find(who, skill).id)[0]
    row = store.row(who, skill)
    found = store.versions(row, number or row["version"])
    if not found:
        raise NotFound(f"The skill has no version {number}.")
    return found[0]


def body(who: Who, skill: Skill) -> str:
    """What a model reads of a skill: its SKILL.md without the fields."""
    return parse(version(who, skill.id).text).body


def files(who: Who, skill: str, number: int | None = None, *, only: Sequence[str] | None = None) -> dict[str, bytes]:
    """The files of a version beside SKILL.md, by path; with `only` those. Raises NotFound."""
    kept = version(who, skill, number)
    wanted = [one for one in kept.files if only is None or one.path in only]
    if skill.startswith(PREFIX):
        package = mounted.directory().packages[skill]
        return {one.path: package.files[one.path] for one in wanted}
    data = store.contents(ObjectId(skill), (one.digest for one in wanted))
    return {one.path: data[one.digest] for one in wanted}


def file_text(who: Who, skill: str, path: str) -> str | None:
    """The text of a file; None where it is none. Raises NotFound."""
    found = files(who, skill, only=[path])
    if path not in found:
        raise NotFound("There is no such file in the skill.")
    return as_text(found[path])


def switch(who: Who, skill: str, mode: Mode | None, *, where: str = ME) -> Shown:
    """Switches a skill for the person: everywhere ("me"), in a project ("project:ID") or for an agent ("agent:ID");
    None leaves it to what holds otherwise. Raises NotFound and BadInput."""
    one = find(who, skill)
    if mode is not None and mode not in MODES:
        raise BadInput("A skill is on, off or always on.")
    if where.startswith(PROJECT) and hooks.project_name(who, where.removeprefix(PROJECT)) is None:
        raise NotFound("There is no such project.", hint="Nothing was changed.")
    if where != ME and not (where.startswith((PROJECT, AGENT)) and where.partition(":")[2]):
        raise BadInput("A skill is switched for me, a project or an agent.")
    store.place(who, one.id, where, mode)
    return get(who, skill)


def share(who: Who, skill: str, mode: Mode) -> Shown:
    """Puts a skill of an administrator there for everybody, or takes it back ("off"). It must keep every rule of the
    format. Raises BadInput and NotFound."""
    if who.role != "admin":
        raise BadInput("Only an administrator puts a skill there for everybody.", hint="Nothing was changed.")
    row = store.row(who, skill) if not skill.startswith(PREFIX) else {}
    if row.get("owner") != who.id:
        raise BadInput("Only your own skills can be put there for everybody.", hint="Nothing was changed.")
    if mode != "off" and (wrong := strict(version(who, skill).text, row["name"])):
        raise BadInput(f"{wrong[0].said} What everybody gets must keep the format.", hint="Edit the skill first.")
    store.change(who, row["_id"], {"everybody": mode, "shared": mode != "off"})
    return get(who, skill)


def strict(text: str, name: str | None) -> list[Any]:
    """What is wrong with a SKILL.md by the strict rules, also what could be mended. Raises BadInput for what cannot be
    read."""
    parsed = parse(text)
    return [*parsed.problems, *validate.problems(parsed.fields, name)]


def offered(turn: Turn) -> list[Offered]:
    """The skills that a turn may use. What is set for the conversation holds over its agent, that over its project,
    that over the person, that over everybody."""
    return on(turn.who, turn.attached, turn.scope)


def on(who: Who, attached: Mapping[str, Any], scope: str = "") -> list[Offered]:
    """The skills that are on in a conversation with what is `attached` to it, in a project's scope or in none."""
    places, scopes = store.places(who), _scopes(attached, scope)
    chosen, only, pinned = _chosen(attached.get("skills")), _named(attached, "only"), _named(attached, "pinned")
    out: list[Offered] = []
    for one in visible(who):
        here, names = places.get(one.id, {}), {one.id, one.name}
        mode = chosen.get(one.id) or chosen.get(one.name) or _usual(one, here, scopes)
        kept = only is None or names & only or names & chosen.keys() or scopes[0] in here
        if mode != "off" and kept:
            out.append(Offered(one, "always" if names & (pinned or set()) else mode))
    return out


def _named(attached: Mapping[str, Any], key: str) -> set[str] | None:
    """The skills that the agent of a conversation has alone ("only"), or always in its prompt ("pinned")."""
    given = attached.get("skills")
    found = cast("dict[str, Any]", given).get(key) if isinstance(given, dict) else None
    return None if found is None else set(map(str, found))


def _usual(skill: Skill, here: Mapping[str, Mode], scopes: Sequence[str]) -> Mode:
    for scope in scopes:
        if scope in here:
            return here[scope]
    return skill.everybody


def _scopes(attached: Mapping[str, Any], scope: str) -> list[str]:
    agent: Any = attached.get("agents")
    named = str(cast("dict[str, Any]", agent).get("agent", "")) if isinstance(agent, dict) else ""
    return [*([AGENT + named] if named else []), *([scope] if scope else []), ME]


def _chosen(given: Any) -> dict[str, Mode]:
    """What a conversation has set: {"on": [...], "off": [...], "always": [...]} with ids or names."""
    if not isinstance(given, dict):
        return {}
    about = cast("dict[str, Any]", given)
    return {str(one): mode for mode in MODES for one in about.get(mode) or ()}
