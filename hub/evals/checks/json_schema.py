"""Whether the answer is JSON of a given shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, ClassVar, cast

import orjson
from pydantic import Field, field_validator

from hub.evals.checks.base import CannotTell, Found, Plain, Subject
from hub.evals.checks.patterns import LONGEST, Slow, compiled, search
from hub.evals.json_text import NOTHING, found

_UNSUPPORTED = "unevaluatedProperties beside patternProperties is not supported."


class JsonSchema(Plain):
    """The answer as a whole, a JSON block in it, or the longest JSON between its words."""

    TITLE: ClassVar[str] = "JSON schema"
    SAYS: ClassVar[str] = "The answer is JSON that fits a schema; an empty schema takes any JSON."

    kind: ClassVar[str] = "json_schema"
    value: Mapping[str, Any] = Field(
        default_factory=dict[str, Any],
        title="Schema",
        description="A JSON schema. References may point into the schema itself.",
        json_schema_extra={"form": "json"},
    )
    alone: bool = Field(False, title="Nothing but JSON", description="Words or a code fence around it fail.")

    @field_validator("value", mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        try:
            return orjson.loads(given or "{}")
        except orjson.JSONDecodeError as error:
            raise ValueError(f"This is no JSON: {error}.") from None

    @field_validator("value")
    @classmethod
    def _is_schema(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        _validator(orjson.dumps(given))
        return given

    @property
    def slow(self) -> bool:
        """Patterns may be."""
        return bool({"pattern", "patternProperties"} & set(_keywords(self.value)))

    def look(self, subject: Subject) -> Found:
        """The first thing that does not fit is the reason."""
        value = found(subject.text, alone=self.alone)
        if value is NOTHING:
            return Found(False, "It is not JSON and nothing else." if self.alone else "There is no JSON in it.")
        if not self.value:
            return Found(True)
        return fits(_validator(self._source), value)

    @property
    def _source(self) -> bytes:
        return orjson.dumps(self.value)


def fits(validator: Any, value: object) -> Found:
    """Raises CannotTell for a schema that cannot be followed."""
    from referencing.exceptions import Unresolvable

    try:
        wrong = next(validator.iter_errors(value), None)
    except Slow:
        raise CannotTell(f"A pattern of the schema was not done after {LONGEST:g} s. Simplify it.") from None
    except Unresolvable as error:
        raise CannotTell(f"The schema refers to {error.ref}, which is not in it; nothing is fetched.") from None
    except RecursionError:
        raise CannotTell("The schema or the answer is nested too deeply.") from None
    if wrong is None:
        return Found(True)
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in wrong.absolute_path)
    return Found(False, f"${place}: {str(wrong.message)[:200]}.")


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Any:
    """Raises ValueError with a sentence."""
    library: Any = import_module("jsonschema")
    registry: Any = import_module("referencing").Registry()
    read: Any = orjson.loads(schema)
    base = library.validators.validator_for(read, default=library.Draft202012Validator)
    try:
        base.check_schema(read)
    except library.SchemaError as error:
        raise ValueError(f"This is no JSON schema: {error.message}.") from None
    if {"unevaluatedProperties", "patternProperties"} <= set(_keywords(read)):
        raise ValueError(_UNSUPPORTED)
    return library.validators.extend(base, _limited())(read, registry=registry)


def _limited() -> dict[str, Any]:
    """The keywords with patterns, so that these are looked for within a limit of time."""
    from jsonschema import ValidationError

    def pattern(validator: Any, wanted: str, value: Any, _: Any) -> Iterator[Any]:
        if isinstance(value, str) and not _matches(wanted, value):
            yield ValidationError(f"{value!r} does not match {wanted!r}")

    def pattern_properties(validator: Any, patterns: Mapping[str, Any], value: Any, _: Any) -> Iterator[Any]:
        for wanted, schema in patterns.items() if isinstance(value, dict) else ():
            for name, inner in cast(dict[str, Any], value).items():
                if _matches(wanted, name):
                    yield from validator.descend(inner, schema, path=name, schema_path=wanted)

    def additional_properties(validator: Any, allowed: Any, value: Any, schema: Any) -> Iterator[Any]:
        if not isinstance(value, dict):
            return
        patterns = schema.get("patternProperties", {})
        for name, inner in cast(dict[str, Any], value).items():
            if name in schema.get("properties", {}) or any(_matches(one, name) for one in patterns):
                continue
            if allowed is False:
                yield ValidationError(f"{name!r} is not among its properties")
            elif isinstance(allowed, dict):
                yield from validator.descend(inner, allowed, path=name)

    return {
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
    }


def _matches(wanted: str, text: str) -> bool:
    return search(compiled(wanted), text, LONGEST, concurrent=True) is not None


def _keywords(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, inner in cast(dict[str, Any], schema).items():
            yield name
            yield from _keywords(inner)
    elif isinstance(schema, list):
        for inner in cast(list[Any], schema):
            yield from _keywords(inner)
