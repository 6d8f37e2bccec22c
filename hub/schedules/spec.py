"""The stored and exchanged form of a schedule, and what may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import regex
from pydantic import TypeAdapter, ValidationError

from hub.chat.unattended import Wanted
from hub.db.mongo import Document
from hub.errors import BadInput
from hub.models.types import Usage
from hub.schedules import prompt, when
from hub.schedules.records import LONGEST_NAME, LONGEST_PROMPT, Occurrence, Schedule, Spec

_WITHIN = {
    "max_age": (1, 60 * 24 * 366, "minutes"),
    "timeout": (1, 60 * 12, "minutes"),
    "retries": (0, 10, ""),
    "backoff": (1, 86_400, "seconds"),
    "pause_after": (0, 1_000, ""),
}


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def plain(record: Any) -> Any:
    """The stored form of a record: fields that have their default value are left out."""
    return _adapter(record.__class__).dump_python(record, mode="json", exclude_defaults=True)


def row_of(spec: Spec) -> dict[str, Any]:
    """What a row keeps of a spec: the times and triggers stand beside the rest, where the store looks for them."""
    kept = plain(spec)
    made: dict[str, Any] = {"spec": {name: value for name, value in kept.items() if name not in ("when", "triggers")}}
    made["when"] = when.plain(spec.when) if spec.when else None
    made["triggers"] = plain(spec.triggers)
    return made


def read(row: Document) -> Spec:
    """The spec in a stored row."""
    return given({**row["spec"], "when": row.get("when"), "triggers": row.get("triggers") or {}})


def given(value: Mapping[str, Any]) -> Spec:
    """A spec from untrusted JSON. Raises BadInput that says what is wrong."""
    rest = {name: one for name, one in value.items() if name != "when"}
    strange = sorted(set(rest) - set(Spec.__dataclass_fields__))
    if strange:
        raise BadInput(f"A schedule has no field {strange[0][:60]!r}.")
    try:
        made: Spec = _adapter(Spec).validate_python(rest)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the schedule"
        raise BadInput(f"{field} cannot be taken: {first['msg']}.") from error
    moments = value.get("when")
    return made if not moments else replace_when(made, when.read(moments))


def replace_when(spec: Spec, moments: when.When | None) -> Spec:
    """The spec with other times."""
    return replace(spec, when=moments)


def problems(spec: Spec) -> list[str]:
    """What must be mended before a schedule can be saved, a sentence each."""
    found: list[str] = []
    if not spec.name.strip() or len(spec.name) > LONGEST_NAME:
        found.append(f"A name has 1 to {LONGEST_NAME} characters.")
    if not spec.prompt.strip():
        found.append("The prompt is empty: say what should be done.")
    if len(spec.prompt) > LONGEST_PROMPT:
        found.append(f"A prompt can have at most {LONGEST_PROMPT:,} characters.")
    if wrong := prompt.problems(spec.prompt):
        found.append(wrong)
    for name, (low, high, unit) in _WITHIN.items():
        if not low <= getattr(spec.policy, name) <= high:
            found.append(f"{name.replace('_', ' ').capitalize()} is {low} to {high:,} {unit}".rstrip() + ".")
    for name in ("run_cap", "month_cap"):
        cap = getattr(spec.policy, name)
        if cap is not None and not 0 < cap <= 100_000:
            found.append("A cap is more than 0 and at most 100,000 US dollars; leave it out for none.")
    if spec.only_if.kind and not spec.only_if.text.strip():
        found.append("Say when a result is worth telling, or tell every one.")
    if spec.only_if.kind == "pattern":
        try:
            regex.compile(spec.only_if.text)
        except regex.error as error:
            found.append(f"The pattern cannot be used: {error}.")
    if prompt.names(spec.prompt, "new_documents") and not spec.triggers.collection:
        found.append("{{new_documents}} needs a collection: choose the one whose new documents start the schedule.")
    if spec.output.place == "document" and spec.output.target == spec.triggers.collection != "":
        found.append("It would write into the collection that starts it: let its result go into another one.")
    if spec.output.place != "new" and not spec.output.target:
        found.append("Choose the chat that it goes on." if spec.output.place == "chat" else "Choose a collection.")
    return found


def wanted(spec: Spec, text: str) -> Wanted:
    """What an occurrence asks of the chat room."""
    chat = spec.output.place == "chat"
    return Wanted(
        text,
        model=spec.model,
        params=spec.params,
        attached={"agents": {"agent": spec.agent}} if spec.agent else None,
        begins=not chat,
        name=spec.name,
        project=spec.output.project or None,
    )


def schedule(row: Document, last: Document | None = None) -> Schedule:
    """A schedule as its owner sees it."""
    return Schedule(
        id=str(row["_id"]),
        owner=row["owner"],
        spec=read(row),
        state="on" if row["state"] == "on" else "paused",
        why=row.get("why", "") or ("All schedules are paused." if row["state"] == "held" else ""),
        next_at=row.get("next_at") if row["state"] == "on" else None,
        tools=tuple(row["tools"]),
        failures=row.get("failures", 0),
        has_secret="secret" in row,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        last=occurrence(last) if last else None,
    )


def occurrence(row: Document) -> Occurrence:
    """What became of a schedule at one time."""
    began = row.get("began_at") is not None
    return Occurrence(
        id=str(row["_id"]),
        schedule=str(row["schedule"]),
        name=row["name"],
        slot=row["slot"],
        cause=row["cause"],
        due_at=row["due_at"],
        status=row["status"],
        attempts=row["attempts"],
        began_at=row.get("began_at"),
        ended_at=row.get("ended_at"),
        conversation=row["ids"]["conversation"] if began and "prompt" in row else "",
        answer=row["ids"]["answer"] if began and "prompt" in row else "",
        run=row["ids"]["run"] if began else "",
        said=row.get("said", ""),
        error=row.get("error", ""),
        hint=row.get("hint", ""),
        needs=tuple(row.get("needs", ())),
        usage=Usage(**row["usage"]) if row.get("usage") else None,
        cost=row.get("cost", 0.0),
        quiet=row.get("quiet", False),
        more=row.get("more", 0),
        shelf=row["shelf"],
    )
