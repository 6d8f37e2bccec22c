"""Whatever a model writes, every check has a verdict on it."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.evals.checks import Subject, judge_cell, parse_all
from tests.evals.checks.judged import nobody

CHECKS = parse_all(
    [
        {"kind": "equals"},
        {"kind": "contains", "value": ["{{expected}}", "a"], "ignore_case": True},
        {"kind": "regex", "value": "{{expected}}"},
        {"kind": "regex", "value": "a{{expected}}b"},
        {"kind": "number"},
        {"kind": "number", "after": "#", "decimal": ","},
        {"kind": "json_schema", "value": {"properties": {"a": {"pattern": "^b"}}}},
        {"kind": "json_path", "path": "$..a", "equals": "{{expected}}"},
        {"kind": "json_path", "path": "$[0]", "contains": "{{expected}}"},
        {"kind": "length", "unit": "sentences", "max": 3},
        {"kind": "length", "unit": "tokens", "max": 3},
        {"kind": "refusal"},
        {"kind": "language", "value": "en"},
    ]
)
pieces = st.sampled_from(
    [
        '{"a":',
        "}",
        "[",
        "]",
        '"',
        "1,234.5",
        "-",
        "/",
        "\u00d710^",
        "$",
        "#",
        "```json\n",
        "\n```",
        "\\frac{1}{2}",
        "I can't help",
        "\0",
    ]
)
texts = st.lists(pieces | st.text(max_size=8), max_size=30).map("".join)


@settings(deadline=None)  # the first one loads the model of languages
@given(texts, st.none() | texts)
def test_every_check_has_a_verdict(text: str, expected: str | None) -> None:
    said = asyncio.run(judge_cell(CHECKS, Subject(text, (text,), expected=expected), nobody))
    assert [one.name for one in said] == [check.label for check in CHECKS]
    assert all((one.passed is None) == bool(one.error) for one in said)
