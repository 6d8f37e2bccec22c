"""latency, cost, similarity, python; reading checks; what they cost."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from hub.errors import BadInput
from hub.evals.checks import KINDS, Subject, judge_cell, parse, parse_all, questions
from tests.evals.checks.judged import nobody, passes, verdict


@pytest.mark.parametrize(
    ("check", "more", "wanted"),
    [
        ({"kind": "latency", "max_ms": 1000}, {"ms": 900.0}, True),
        ({"kind": "latency", "max_ms": 1000}, {"ms": 1100.0}, False),
        ({"kind": "latency", "max_ms": 1000}, {}, None),
        ({"kind": "latency", "max_ms": 100, "of": "first_token"}, {"ms": 900.0, "first_ms": 90.0}, True),
        ({"kind": "latency", "max_ms": 100, "of": "first_token"}, {"ms": 900.0}, None),
        ({"kind": "cost", "max_cost": 0.01}, {"cost": 0.01}, True),
        ({"kind": "cost", "max_cost": 0.01}, {"cost": 0.02}, False),
        ({"kind": "cost", "max_cost": 0.01}, {}, None),
        ({"kind": "cost", "max_cost": 0}, {"cost": 0.0}, True),
        ({"kind": "python", "value": "True"}, {}, None),
    ],
)
def test_limits(check: dict[str, Any], more: dict[str, Any], wanted: bool | None) -> None:
    assert passes(check, "text", **more) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The cat sits on the mat.", True),
        ("A cat is sitting on a mat.", True),
        ("Quarterly revenue rose by nine per cent.", False),
        ("", False),
    ],
)
def test_similarity(text: str, wanted: bool) -> None:
    assert passes({"kind": "similarity"}, text, "The cat sits on the mat.") is wanted


def test_similarity_has_a_score() -> None:
    said = verdict({"kind": "similarity"}, "Hello there", "Hello there")
    assert said.score == pytest.approx(1.0, abs=1e-3) and said.reason == "Similarity 1.00."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Check 3: kind is missing."),
        ({"kind": "magic"}, "Check 3: “magic” is no kind of check."),
        ({"kind": "regex"}, "Check 3 (regex): value is missing."),
        ({"kind": "regex", "value": "("}, "Check 3 (regex): This is no regular expression: missing ) at position 1."),
        ({"kind": "equals", "vlaue": "x"}, "Check 3 (equals): there is no field “vlaue”; it has value, ignore_case,"),
        ({"kind": "number", "absolute": "much"}, "Check 3 (number): absolute should be a valid number"),
        ({"kind": "number", "absolute": -1}, "Check 3 (number): absolute should be greater than or equal to 0"),
        ({"kind": "contains", "match": "some"}, "Check 3 (contains): match should be 'all', 'any' or 'none'"),
        ({"kind": "contains", "value": []}, "Check 3 (contains): value "),
        ({"kind": "length"}, "Check 3 (length): At least one of min and max is needed."),
        ({"kind": "length", "min": 5, "max": 2}, "Check 3 (length): min is 5, which is more than max, 2."),
        ({"kind": "equals", "not": "maybe"}, "Check 3 (equals): not should be a valid boolean"),
        ({"kind": "rubric"}, "Check 3 (rubric): value is missing."),
        ({"kind": "latency", "max_ms": 0}, "Check 3 (latency): max_ms should be greater than 0"),
    ],
)
def test_sentences_for_what_is_wrong(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(data, 3)
    assert caught.value.message.startswith(sentence)


def test_names_are_made_different() -> None:
    given = [{"kind": "regex", "value": "a"}, {"kind": "regex", "value": "b", "name": "regex 2"}]
    more = [
        {"kind": "regex", "value": "c"},
        {"kind": "equals", "name": "same"},
        {"kind": "cost", "max_cost": 1, "name": "same"},
    ]
    assert [check.label for check in parse_all([*given, *more])] == ["regex", "regex 2", "regex 3", "same", "same 2"]


def test_every_kind_can_be_drawn_and_read() -> None:
    least: dict[str, Any] = {"number": 1.0, "whole": 1, "text": "en", "pattern": "$", "long": "x", "code": "x"}
    for kind in KINDS.values():
        filled = {field.name: least[field.type] for field in kind.fields if field.required}
        more = {"min": 1} if kind.kind == "length" else {}
        check = parse({"kind": kind.kind, **filled, **more})
        assert check.label == kind.kind and kind.title and kind.says
        assert all(field.choices for field in kind.fields if field.type == "choice")


def test_how_many_questions_a_cell_asks() -> None:
    checks = parse_all(
        [
            {"kind": "equals"},
            {"kind": "rubric", "value": "Is it kind?"},
            {"kind": "pairwise"},
            {"kind": "pairwise", "against": "every"},
            {"kind": "pairwise", "against": "GPT"},
        ]
    )
    assert questions(checks, 4) == 0 + 1 + 2 + 3 + 1.5


def test_a_plain_check_takes_less_than_a_tenth_of_a_millisecond() -> None:
    checks = parse_all(
        [
            {"kind": "equals"},
            {"kind": "contains", "value": ["Paris", "{{expected}}"], "ignore_case": True},
            {"kind": "regex", "value": r"(?i)answer:\s*{{expected}}"},
            {"kind": "number", "after": "####"},
            {"kind": "json_path", "path": "$.items[0].name", "equals": "a"},
            {"kind": "json_schema", "value": {"required": ["items"]}},
            {"kind": "length", "max": 300},
            {"kind": "refusal", "not": True},
            {"kind": "latency", "max_ms": 1000},
            {"kind": "cost", "max_cost": 1},
        ]
    )
    text = "The quick brown fox jumps over the lazy dog. " * 30 + '{"items": [{"name": "a"}]}\n#### 1,234'
    subject = Subject(text, (text,), expected="1234", ms=5.0, cost=0.1)

    async def cells(count: int) -> float:
        began = time.process_time()
        for _ in range(count):
            assert len(await judge_cell(checks, subject, nobody)) == len(checks)
        return (time.process_time() - began) / count / len(checks)

    asyncio.run(cells(5))
    assert asyncio.run(cells(100)) < 0.0002  # twice the goal, for a busy machine


def test_the_documentation_has_every_kind_with_its_fields() -> None:
    page = (Path(__file__).parents[3] / "docs" / "checks.md").read_text(encoding="utf-8")
    lines = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert list(lines) == list(KINDS)
    for kind in KINDS.values():
        names = {field.name for field in kind.fields} - {"name", "not"}
        missing = [name for name in names if f"`{name}`" not in lines[kind.kind]]
        unsaid = [choice for field in kind.fields for choice in field.choices if f"`{choice}`" not in lines[kind.kind]]
        assert not missing and not unsaid, (kind.kind, missing, unsaid)
