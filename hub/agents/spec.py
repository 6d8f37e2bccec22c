"""What an agent may be: the limits of its fields, checked for what a page, a file or another program gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

import jsonschema
import orjson
from pydantic import TypeAdapter, ValidationError

from hub.agents.records import AgentSpec
from hub.db.mongo import Document
from hub.errors import BadInput

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500
LONGEST_INSTRUCTIONS = 40_000
LONGEST_STARTER = 300
LONGEST_AVATAR = 8
LARGEST_SCHEMA = 20_000
MOST = {"fallbacks": 5, "tools": 300, "skills": 300, "always": 20, "collections": 50, "helpers": 20, "successors": 20,
        "starters": 8}  # fmt: skip
MOST_STEPS = 100

_spec = TypeAdapter(AgentSpec)


def read(document: Mapping[str, Any]) -> AgentSpec:
    """The agent in a stored document, or in JSON; raises BadInput that names the fields that are not as they must
    be. Unknown fields are left out."""
    given = dict(document)
    if isinstance(given.get("schema"), str):
        given["schema"] = orjson.loads(given["schema"])
    try:
        return _spec.validate_python(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "It"
        raise BadInput(f"This is no agent: {where}: {first['msg']}.", hint="Nothing was saved.") from error


def plain(spec: AgentSpec) -> Document:
    """An agent as it is stored, which `read` reads; the schema as text, as its keys may be none for a store."""
    return {**asdict(spec), "schema": None if spec.schema is None else orjson.dumps(spec.schema).decode()}


def checked(spec: AgentSpec) -> AgentSpec:
    """The agent as it is kept: text trimmed and without what a store cannot keep. Raises BadInput with everything that
    is wrong with it."""
    made = replace(
        spec,
        name=" ".join(_sound(spec.name).split()),
        description=_sound(spec.description),
        instructions=_sound(spec.instructions),
        starters=tuple(one for one in map(_sound, spec.starters) if one),
        avatar=_sound(spec.avatar),
        hue=spec.hue % 360,
    )
    if wrong := problems(made):
        raise BadInput(" ".join(wrong), hint="Nothing was saved.")
    return made


def problems(spec: AgentSpec) -> list[str]:
    """Everything that is wrong with an agent, in sentences for the person."""
    found = [] if spec.name.strip() else ["An agent needs a name."]
    texts = (
        ("The name", spec.name, LONGEST_NAME),
        ("The description", spec.description, LONGEST_DESCRIPTION),
        ("The instructions", spec.instructions, LONGEST_INSTRUCTIONS),
        ("The avatar", spec.avatar, LONGEST_AVATAR),
        *((f"Starter {number}", text, LONGEST_STARTER) for number, text in enumerate(spec.starters, 1)),
    )
    found += [f"{what} can have at most {most:,} characters." for what, text, most in texts if len(text) > most]
    for name, most in MOST.items():
        if len(cast("tuple[str, ...] | None", getattr(spec, name)) or ()) > most:
            found.append(f"At most {most} {name} can be chosen.")
    limits = spec.limits
    if not 1 <= limits.steps <= MOST_STEPS:
        found.append(f"An agent may take 1 to {MOST_STEPS} steps.")
    if (limits.tokens is not None and limits.tokens < 1) or (limits.cost is not None and limits.cost <= 0):
        found.append("A limit of tokens or dollars must be above nothing.")
    return found + ([] if spec.schema is None else _schema(spec.schema))


def _schema(schema: Mapping[str, Any]) -> list[str]:
    if len(str(schema)) > LARGEST_SCHEMA:
        return [f"The output schema can have at most {LARGEST_SCHEMA:,} characters."]
    try:
        jsonschema.Draft202012Validator.check_schema(dict(schema))
    except jsonschema.SchemaError as error:
        return [f"The output schema is no JSON schema: {error.message[:200]}."]
    return []


def _sound(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
