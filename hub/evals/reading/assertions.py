"""promptfoo's assertions as checks of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import orjson

from hub.errors import BadInput
from hub.evals.checks import parse
from hub.evals.records import CheckData

Assertion = dict[str, Any]
_PLACE = re.compile(r"(\{\{[^{}]*\}\})")


class NotTaken(Exception):
    """Why an assertion has no check of ours."""


def known(kind: str) -> bool:
    """Whether promptfoo has this assertion, as far as we know."""
    return kind.removeprefix("not-") in _TAKEN.keys() | _CODE | _OTHERS


def bare(kind: str) -> bool:
    """Whether it may stand without a value."""
    return kind.removeprefix("not-") in {"is-json", "contains-json", "is-refusal", "cost", "latency", "similar"}


def takes_many(kind: str) -> bool:
    """Whether its value is a list."""
    return kind.endswith(("-any", "-all"))


def check(assertion: Assertion) -> CheckData | str:
    """Our check, or a sentence why there is none. The sentence says nothing of where."""
    kind = str(assertion.get("type", ""))
    plain = kind.removeprefix("not-")
    make = _TAKEN.get(plain)
    if make is None:
        if plain in _CODE:
            return f"{kind}: code of others is not run"
        return f"there is no check here like {kind}" if plain in _OTHERS else f"{kind or 'no type'} is not known"
    try:
        made = make(assertion)
    except (NotTaken, ValueError) as error:
        return f"{kind}: {error}"
    if kind.startswith("not-"):
        made["not"] = True
    if assertion.get("metric"):
        made["name"] = str(assertion["metric"])[:80]
    try:
        parse(made)
    except BadInput as error:
        return f"{kind}: {error.message.partition(': ')[2].removesuffix('.')}"
    return made


def left_out(assertion: Assertion) -> list[str]:
    """Parts of an assertion that have no counterpart."""
    known_parts = {"type", "value", "threshold", "metric"}
    weightless = {"weight"} if assertion.get("weight", 1) == 1 else set[str]()
    return sorted(assertion.keys() - known_parts - weightless)


def _text(assertion: Assertion) -> str:
    value = assertion.get("value")
    if value is None:
        raise NotTaken("it has no value")
    if isinstance(value, str):
        if value.startswith("file://"):
            raise NotTaken(f"its value is in another file, {value}")
        return value
    return orjson.dumps(value).decode()


def _texts(assertion: Assertion) -> list[str]:
    value = assertion.get("value")
    if isinstance(value, list):
        return [str(one) for one in cast(list[object], value)]
    return [one.strip() for one in _text(assertion).split(",")]


def _threshold(assertion: Assertion) -> float:
    try:
        return float(assertion["threshold"])
    except (KeyError, TypeError, ValueError):
        raise NotTaken("it has no threshold") from None


def _equals(assertion: Assertion) -> Assertion:
    if isinstance(assertion.get("value"), dict | list):
        return {"kind": "json_path", "path": "$", "equals": assertion["value"]}
    return {"kind": "equals", "value": _text(assertion)}


def _contains(match: str, *, ignore_case: bool = False, many: bool = True) -> Callable[[Assertion], Assertion]:
    def make(assertion: Assertion) -> Assertion:
        made: Assertion = {"kind": "contains", "value": _texts(assertion) if many else [_text(assertion)]}
        return made | ({"match": match} if many else {}) | ({"ignore_case": True} if ignore_case else {})

    return make


def _starts(assertion: Assertion) -> Assertion:
    parts = _PLACE.split(_text(assertion))
    return {"kind": "regex", "value": r"\A" + "".join(one if "{{" in one else re.escape(one) for one in parts)}


def _json(alone: bool) -> Callable[[Assertion], Assertion]:
    def make(assertion: Assertion) -> Assertion:
        schema = assertion.get("value")
        if isinstance(schema, str):
            if schema.startswith("file://"):
                raise NotTaken(f"its schema is in another file, {schema}")
            try:
                schema = orjson.loads(schema)
            except orjson.JSONDecodeError as error:
                raise NotTaken(f"its schema is no JSON: {error}") from error
        made: Assertion = {"kind": "json_schema"} | ({"alone": True} if alone else {})
        return made | ({"value": schema} if schema else {})

    return make


def _rubric(assertion: Assertion) -> Assertion:
    made: Assertion = {"kind": "rubric", "value": _text(assertion)}
    return made | ({"threshold": float(assertion["threshold"])} if "threshold" in assertion else {})


def _similar(assertion: Assertion) -> Assertion:
    value = assertion.get("value")
    if isinstance(value, list):
        raise NotTaken("several values are not taken")
    return {"kind": "similarity", "value": _text(assertion), "threshold": float(assertion.get("threshold", 0.75))}


def _words(assertion: Assertion) -> Assertion:
    value = assertion.get("value")
    if isinstance(value, dict):
        bounds = cast(Assertion, value)
        return {"kind": "length", "unit": "words"} | {name: bounds[name] for name in ("min", "max") if name in bounds}
    count = int(_text(assertion))  # ValueError is said
    return {"kind": "length", "unit": "words", "min": count, "max": count}


_TAKEN: dict[str, Callable[[Assertion], Assertion]] = {
    "equals": _equals,
    "contains": _contains("all", many=False),
    "icontains": _contains("all", many=False, ignore_case=True),
    "contains-any": _contains("any"),
    "contains-all": _contains("all"),
    "icontains-any": _contains("any", ignore_case=True),
    "icontains-all": _contains("all", ignore_case=True),
    "regex": lambda assertion: {"kind": "regex", "value": _text(assertion)},
    "starts-with": _starts,
    "is-json": _json(alone=True),
    "contains-json": _json(alone=False),
    "cost": lambda assertion: {"kind": "cost", "max_cost": _threshold(assertion)},
    "latency": lambda assertion: {"kind": "latency", "max_ms": _threshold(assertion)},
    "similar": _similar,
    "llm-rubric": _rubric,
    "g-eval": _rubric,
    "model-graded-closedqa": _rubric,
    "word-count": _words,
    "is-refusal": lambda _: {"kind": "refusal"},
}
_CODE = {"javascript", "python", "ruby", "webhook"}
_OTHERS = frozenset(
    """answer-relevance bleu classifier contains-html contains-sql contains-xml context-faithfulness context-recall
    context-relevance conversation-relevance factuality finish-reason gleu guardrails human is-html is-sql is-xml
    is-valid-function-call is-valid-openai-function-call is-valid-openai-tools-call levenshtein max-score meteor
    model-graded-factuality moderation perplexity perplexity-score pi rouge-n search-rubric select-best""".split()  # noqa: SIM905
)
"""Assertions of promptfoo that have no check here."""
