"""JSON schemas of strangers, as they are checked here: nothing is fetched, and no pattern of theirs is run."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import orjson
from jsonschema import Draft202012Validator
from jsonschema import exceptions as schema_errors
from jsonschema.protocols import Validator
from referencing.exceptions import Unresolvable
from referencing.jsonschema import EMPTY_REGISTRY

_COSTLY = frozenset({"pattern", "patternProperties", "format"})
"""Words of a schema that are not checked: a pattern of a stranger can take for ever."""


class Unchecked(Exception):
    """The schema cannot be used to check anything."""


def misfit(value: Any, schema: bytes) -> str:
    """Where and how `value` does not fit a schema (JSON); empty when it does. Raises Unchecked."""
    best: Any = schema_errors.best_match  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    try:
        found: Any = best(_validator(schema).iter_errors(value))
    except (schema_errors.SchemaError, Unresolvable, RecursionError) as error:
        raise Unchecked from error
    if found is None:
        return ""
    place = ".".join(str(part) for part in found.absolute_path)
    return f"{place}: {found.message[:300]}" if place else str(found.message[:300])


@lru_cache(maxsize=1024)
def _validator(schema: bytes) -> Validator:
    plain = _plain(orjson.loads(schema))
    Draft202012Validator.check_schema(plain)
    return Draft202012Validator(plain, registry=EMPTY_REGISTRY)  # the usual one fetches what "$ref" names


def _plain(schema: Any) -> Any:
    if isinstance(schema, dict):
        pairs = cast("dict[str, Any]", schema).items()
        return {name: _plain(value) for name, value in pairs if name not in _COSTLY or isinstance(value, dict)}
    return [_plain(one) for one in cast("list[Any]", schema)] if isinstance(schema, list) else schema
