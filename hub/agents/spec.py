"""What an agent may be: the limits of its fields, checked for what a page, a file or another program gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

import jsonschema
import orjson
from pydantic import TypeAdapter, ValidationError

from hub.agents.records import (
    LARGEST_NUMBER,
    LARGEST_SCHEMA,
    LONGEST_AVATAR,
    LONGEST_DESCRIPTION,
    LONGEST_ID,
    LONGEST_INSTRUCTIONS,
    LONGEST_NAME,
    LONGEST_STARTER,
    MOST,
    MOST_STEPS,
    AgentSpec,
)
from hub.db.mongo import Document
from hub.errors import BadInput

_spec = TypeAdapter(AgentSpec)


def read(document: Mapping[str, Any]) -> AgentSpec:
    """The agent in a stored document, or in JSON; raises BadInput that names the fields that are not as they must
    be. Unknown fields are left out."""
    given = dict(document)
    try:
        if isinstance(given.get("schema"), str):
            given["schema"] = orjson.loads(given["schema"])
        return _spec.validate_python(given)
    except orjson.JSONDecodeError as error:
        raise BadInput(
            f"This is no agent: its output schema is no JSON: {error}.", hint="Nothing was saved."
        ) from error
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
        given = cast("tuple[str, ...] | None", getattr(spec, name)) or ()
        if len(given) > most:
            found.append(f"At most {most} {name} can be chosen.")
        if name != "starters" and any(len(one) > LONGEST_ID for one in given):
            found.append(f"Something in {name} is longer than {LONGEST_ID} characters.")
    limits = spec.limits
    if not 1 <= limits.steps <= MOST_STEPS:
        found.append(f"An agent may take 1 to {MOST_STEPS} steps.")
    if (limits.tokens is not None and limits.tokens < 1) or (limits.cost is not None and limits.cost <= 0):
        found.append("A limit of tokens or dollars must be above nothing.")
    found += _numbers(spec)
    return found + ([] if spec.schema is None else _schema(spec.schema))


def _numbers(spec: AgentSpec) -> list[str]:
    params = spec.params
    whole = (params.seed, params.max_tokens, spec.limits.tokens)
    ranges = (("The temperature", params.temperature, 2.0), ("Top-p", params.top_p, 1.0))
    found = [
        f"{what} is between 0 and {most:g}." for what, one, most in ranges if one is not None and not 0 <= one <= most
    ]
    if any(one is not None and not 0 <= one <= LARGEST_NUMBER for one in whole):
        found.append("Seed, longest answer and the limit of tokens are whole numbers from 0, and not larger than 2^53.")
    return found


def _schema(schema: Mapping[str, Any]) -> list[str]:
    try:
        if len(orjson.dumps(schema)) > LARGEST_SCHEMA:
            return [f"The output schema can have at most {LARGEST_SCHEMA:,} characters."]
        jsonschema.Draft202012Validator.check_schema(dict(schema))
    except jsonschema.SchemaError as error:
        return [f"The output schema is no JSON schema: {error.message[:200]}."]
    except (RecursionError, orjson.JSONEncodeError):
        return ["The output schema is nested too deeply, or holds what JSON has no word for."]
    return []


def _sound(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
