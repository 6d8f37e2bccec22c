"""JSON schema and JSON path."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadInput
from hub.evals.checks import parse
from hub.evals.json_text import found
from tests.evals.checks.judged import passes, verdict

PERSON = {
    "type": "object",
    "required": ["name", "age"],
    "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
    "additionalProperties": False,
}
KIM = '{"name": "Kim", "age": 5}'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (KIM, True),
        (f"  {KIM}\n", True),
        (f"```json\n{KIM}\n```", True),
        (f"Here you are:\n```\n{KIM}\n```\nEnjoy!", True),
        (f"~~~json\n{KIM}\n~~~", True),
        (f"```json\n[1]\n```\nBetter:\n```json\n{KIM}\n```", True),
        (f"Sure! {KIM} is it.", True),
        ('{"name": "Kim"}', False),
        ('{"name": "Kim", "age": -1}', False),
        ('{"name": "Kim", "age": 5, "x": 1}', False),
        ('{"name": "Kim", "age": 5', False),
        ("{'name': 'Kim', 'age': 5}", False),
        ("no JSON", False),
        ("", False),
        ("[" * 100_000, False),
        ("{" * 3000, False),
    ],
)
def test_schema(text: str, wanted: bool) -> None:
    assert passes({"kind": "json_schema", "value": PERSON}, text) is wanted
    assert passes({"kind": "json_schema", "value": json.dumps(PERSON)}, text) is wanted


def test_nothing_but_json() -> None:
    alone = {"kind": "json_schema", "value": PERSON, "alone": True}
    assert passes(alone, KIM) is True
    assert passes(alone, f"```json\n{KIM}\n```") is False
    assert passes({"kind": "json_schema"}, "null") is True


def test_the_reason_names_the_place() -> None:
    schema = {"properties": {"list": {"items": {"type": "integer"}}}}
    said = verdict({"kind": "json_schema", "value": schema}, '{"list": [1, "b"]}')
    assert said.reason == "$.list[1]: 'b' is not of type 'integer'."


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:9/schema.json"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#/nowhere"},
        {"$ref": "#"},
    ],
)
def test_references_lead_nowhere_else(schema: dict[str, Any]) -> None:
    assert passes({"kind": "json_schema", "value": schema}, "{}") is None


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"pattern": "^(a|a?)+$"}}},
        {"patternProperties": {"^(a|a?)+$": {}}},
        {"patternProperties": {"^(a|a?)+$": {}}, "additionalProperties": False},
    ],
)
def test_bombs_in_schemas(schema: dict[str, Any]) -> None:
    bomb = "a" * 5000 + "b"
    began = time.process_time()
    assert passes({"kind": "json_schema", "value": schema}, json.dumps({"a": bomb, bomb: 1})) is None
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("schema", "text", "wanted"),
    [
        ({"patternProperties": {"^n": {"type": "integer"}}, "additionalProperties": False}, '{"n1": 1}', True),
        ({"patternProperties": {"^n": {"type": "integer"}}, "additionalProperties": False}, '{"n1": "a"}', False),
        ({"patternProperties": {"^n": {"type": "integer"}}, "additionalProperties": False}, '{"m": 1}', False),
        ({"additionalProperties": {"type": "integer"}}, '{"m": "a"}', False),
        ({"properties": {"m": {"pattern": "^a"}}}, '{"m": "ba"}', False),
        ({"$defs": {"n": {"type": "integer"}}, "items": {"$ref": "#/$defs/n"}}, "[1, 2]", True),
    ],
)
def test_our_own_keywords_mean_what_they_should(schema: dict[str, Any], text: str, wanted: bool) -> None:
    assert passes({"kind": "json_schema", "value": schema}, text) is wanted


@pytest.mark.parametrize("schema", [{"type": "person"}, "{", '"text"', {"required": "name"}, 5])
def test_what_is_no_schema_is_refused(schema: object) -> None:
    with pytest.raises(BadInput, match=r"Check 2 \(json_schema\): "):
        parse({"kind": "json_schema", "value": schema}, 2)


NESTED = '{"items": [{"name": "a", "n": 1, "ok": true}, {"name": "b", "n": 2.0, "tags": ["x", "y"]}], "none": null}'


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ({"path": "$.items[0].name", "equals": "a"}, True),
        ({"path": "$.items[*].name", "equals": "b"}, True),
        ({"path": "$.items[*].name", "equals": "c"}, False),
        ({"path": "$..n", "equals": 2}, True),
        ({"path": "$.items[0].n", "equals": "1"}, True),
        ({"path": "$.items[0].n", "equals": True}, False),
        ({"path": "$.items[0].ok", "equals": True}, True),
        ({"path": "$.items[0].ok", "equals": 1}, False),
        ({"path": "$.items[1].tags", "equals": ["x", "y"]}, True),
        ({"path": "$.items[1].tags", "equals": '["x", "y"]'}, True),
        ({"path": "$.items[1].tags", "contains": "y"}, True),
        ({"path": "$.items[?@.n > 1].name", "contains": "b"}, True),
        ({"path": "$.items[0].name", "equals": "{{expected}}"}, True),
        ({"path": "$.items[0].name", "equals": "{{nobody}}"}, None),
        ({"path": "$.none", "equals": None}, True),
        ({"path": "$.none"}, True),
        ({"path": "$.other"}, False),
        ({"path": "$.other", "exists": False}, True),
        ({"path": "$.none", "exists": False}, False),
        ({"path": "$.other", "equals": "a", "not": True}, True),
    ],
)
def test_path(check: dict[str, Any], wanted: bool | None) -> None:
    assert passes({"kind": "json_path", **check}, f"Here:\n```json\n{NESTED}\n```", "a") is wanted


@pytest.mark.parametrize(
    "check",
    [
        {"path": "$.["},
        {"path": "$[?match(@.a, '(a|a?)+$')]"},
        {"path": "$.a", "equals": 1, "exists": False},
        {"path": "$.a", "equals": 1, "contains": "a"},
        {},
    ],
)
def test_what_is_no_path_is_refused(check: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"Check 1 \(json_path\): "):
        parse({"kind": "json_path", **check})


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_json_is_found_alone_and_in_a_fence(value: object) -> None:
    assert found(json.dumps(value)) == value
    assert found(f"So:\n```json\n{json.dumps(value, indent=1)}\n```\nDone.") == value
