"""Which kinds of checks there are, and the fields of each, for forms and documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args, get_origin

from hub.evals.checks.base import Check
from hub.evals.checks.json_path import JsonPath
from hub.evals.checks.json_schema import JsonSchema
from hub.evals.checks.language import Language
from hub.evals.checks.length import Length
from hub.evals.checks.limits import Cost, Latency
from hub.evals.checks.number import Number
from hub.evals.checks.pairwise import Pairwise
from hub.evals.checks.patterns import Regex
from hub.evals.checks.python import Python
from hub.evals.checks.refusal import Refusal
from hub.evals.checks.rubric import Rubric
from hub.evals.checks.similarity import Similarity
from hub.evals.checks.texts import Contains, Equals

Type = Literal["text", "long", "pattern", "code", "lines", "number", "whole", "flag", "choice", "json"]
MODELS: tuple[type[Check], ...] = (
    *(Equals, Contains, Regex, Number, JsonSchema, JsonPath, Length, Language, Refusal, Similarity, Latency, Cost),
    *(Rubric, Pairwise, Python),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a check. `type` is what a form draws; `choices` are those of a "choice". `default` is JSON."""

    name: str
    title: str
    type: Type
    required: bool
    help: str = ""
    choices: tuple[str, ...] = ()
    default: Any = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check. `asks` says that it needs the run's judge, `off` that it cannot run here."""

    kind: str
    title: str
    says: str
    fields: tuple[Field, ...]
    asks: bool = False
    off: bool = False


_LAST = {"negated": 1, "name": 2}
"""Fields that every kind has come after its own."""


def _kind(model: type[Check]) -> Kind:
    fields = tuple(_field(model, one) for one in sorted(model.model_fields, key=lambda one: _LAST.get(one, 0)))
    return Kind(model.kind, model.TITLE, model.SAYS, fields, model.ASKS, model is Python)


def _field(model: type[Check], name: str) -> Field:
    info = model.model_fields[name]
    more: Any = info.json_schema_extra or {}
    bounds = {type(one).__name__: one for one in info.metadata}
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return Field(
        name=info.alias or name,
        title=info.title or name,
        type=more.get("form") or _type(info.annotation),
        required=info.is_required(),
        help=info.description or "",
        choices=get_args(info.annotation) if get_origin(info.annotation) is Literal else (),
        default=list(cast(tuple[str, ...], default)) if isinstance(default, tuple) else default,
        least=getattr(bounds.get("Ge"), "ge", None),
        most=getattr(bounds.get("Le"), "le", None),
    )


def _type(annotation: Any) -> Type:
    if get_origin(annotation) is Literal:
        return "choice"
    if get_origin(annotation) is tuple:
        return "lines"
    plain = {one for one in get_args(annotation) if one is not type(None)} or {annotation}
    known: Mapping[Any, Type] = {bool: "flag", int: "whole", float: "number", str: "text"}
    return known.get(plain.pop(), "json")


KINDS: Mapping[str, Kind] = {one.kind: one for one in map(_kind, MODELS)}
"""By the word that stands in `kind`, in the order in which the editor offers them."""
