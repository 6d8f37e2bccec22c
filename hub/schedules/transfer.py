"""Schedules as YAML: taking them away, and bringing them in, here or into another hub.

{"llm_hub_schedules": 1, "schedules": [{"id", …the fields of a spec}]}. Secrets, tools and what became of a schedule
stay where they are. What is brought in is paused, and asks for its own things: what a file names and this person does
not have is said, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import yaml

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.schedules import manage, spec, when
from hub.schedules.records import Schedule, Spec

SIGN, VERSION = "llm_hub_schedules", 1
LARGEST = 2_000_000
MOST = 100
WHY = "It was imported: resume it when it is as you want it."


def export(who: Who, ids: Sequence[str]) -> str:
    """YAML of the schedules with these ids, none for all. Raises NotFound."""
    found = [manage.find(who, id_) for id_ in ids] if ids else manage.schedules(who)
    whole = {SIGN: VERSION, "schedules": [_written(one) for one in found]}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)


def import_(who: Who, text: str) -> list[Schedule]:
    """Creates the schedules of a file, all or none, each paused. One that is started by the end of another of the file
    is started by the new one. Raises BadInput that says what is wrong, and with which."""
    given = _read(text)
    specs = [_spec(one, place) for place, one in enumerate(given, 1)]
    made: dict[str, Schedule] = {}
    try:
        for place, (old, wanted) in enumerate(_in_order(given, specs), 1):
            after = made.get(wanted.triggers.after)
            if after:
                wanted = replace(wanted, triggers=replace(wanted.triggers, after=after.id))
            one = _create(who, wanted)
            made[old or f"#{place}"] = one
            manage.pause(who, one.id, WHY)
    except HubError:
        for one in made.values():
            manage.delete(who, one.id)
        raise
    return [manage.find(who, one.id) for one in made.values()]


def _written(one: Schedule) -> dict[str, Any]:
    kept = spec.plain(one.spec)
    if one.spec.when:
        kept["when"] = when.plain(one.spec.when)
    return {"id": one.id, **kept}


def _read(text: str) -> list[Mapping[str, Any]]:
    if len(text) > LARGEST:
        raise BadInput("This file is too large.", hint=f"It may have {LARGEST:,} characters.")
    try:
        whole: object = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" It breaks in line {mark.line + 1}." if mark else ""
        raise BadInput(f"This is no YAML that can be read.{where}", hint="Nothing was imported.") from error
    if not isinstance(whole, dict) or cast("dict[str, Any]", whole).get(SIGN) != VERSION:
        raise BadInput("These are no schedules of LLM Hub.", hint=f"The file begins with {SIGN}: {VERSION}.")
    given: object = cast("dict[str, Any]", whole).get("schedules")
    listed = cast("list[object]", given) if isinstance(given, list) else []
    found = [cast("Mapping[str, Any]", one) for one in listed if isinstance(one, dict)]
    if not found or len(found) != len(listed):
        raise BadInput("There are no schedules in this file.", hint="They stand in a list under “schedules”.")
    if len(found) > MOST:
        raise BadInput(f"A file has at most {MOST} schedules.", hint="Split it.")
    return found


def _spec(one: Mapping[str, Any], place: int) -> Spec:
    value = {str(name): part for name, part in one.items() if name != "id"}
    if value.get("when") is not None and not isinstance(value["when"], dict):
        raise BadInput(f"Schedule {place}: “when” is no time.", hint="Export a schedule to see its form.")
    try:
        return spec.given(value)
    except BadInput as error:
        raise BadInput(f"Schedule {place}: {error.message}", hint=error.hint) from error


def _in_order(given: Sequence[Mapping[str, Any]], specs: Sequence[Spec]) -> list[tuple[str, Spec]]:
    """Those that others wait for first."""
    waiting = [(str(one.get("id") or ""), wanted) for one, wanted in zip(given, specs, strict=True)]
    ordered: list[tuple[str, Spec]] = []
    while waiting:
        left = {id_ for id_, _ in waiting if id_}
        free = [pair for pair in waiting if pair[1].triggers.after not in left]
        if not free:
            raise BadInput("The schedules of this file wait for each other.", hint="Let one of them begin by itself.")
        ordered += free
        waiting = [pair for pair in waiting if pair not in free]
    return ordered


def _create(who: Who, wanted: Spec) -> Schedule:
    try:
        return manage.create(who, wanted)
    except BadInput as error:
        raise BadInput(f"“{wanted.name[:60]}”: {error.message}", hint=error.hint) from error
