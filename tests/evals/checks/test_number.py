"""Numbers as people and models write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.evals.checks.numerals import numbers
from tests.evals.checks.judged import passes, verdict

# ruff: noqa: RUF001 signs that look alike are what this is about

GSM8K = {"kind": "number", "after": "####"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("42", [42]),
        ("1,234.00", [1234]),
        ("$1,234", [1234]),
        ("$ 1,234.5.", [1234.5]),
        ("US$1,000,000", [1_000_000]),
        ("€1.234,50", [1234.5]),
        ("1.234.567", [1_234_567]),
        ("1,5", [1.5]),
        ("3,141", [3141]),
        ("0,125", [0.125]),
        ("1'234'567.8 CHF", [1_234_567.8]),
        ("12\u00a0345,6", [12345.6]),
        ("12\u202f345", [12345]),
        ("12,34,567", [1_234_567]),
        ("-5", [-5]),
        ("−5 °C", [-5]),
        ("–5", [-5]),
        ("-$5", [-5]),
        ("$-5", [-5]),
        ("+7", [7]),
        ("5-3", [5, 3]),
        ("(2)-3", [2, 3]),
        ("x = -3.5", [-3.5]),
        ("pages 10–15", [10, 15]),
        ("- 5 apples", [5]),
        ("5kg", [5]),
        ("45%", [45]),
        ("the 3rd", [3]),
        ("H2O, GPT-4, v1.5, B12", [4]),
        ("**1,234**", [1234]),
        (r"\boxed{1{,}234}", [1234]),
        (r"\$18", [18]),
        (r"\frac{3}{4}", [0.75]),
        ("3/4", [0.75]),
        ("3/4/2024", [3, 4, 2024]),
        ("12.03.2024", []),
        ("1.2.3", []),
        ("1,2,3", [1, 2, 3]),
        (".5", [0.5]),
        ("1.5e3", [1500]),
        ("2.5 × 10^3", [2500]),
        ("2 * 10**-2", [0.02]),
        ("١٢٣", [123]),
        ("１，２３４．５", [1234.5]),
        ("答案是42。", [42]),
        ("USD 20 or EUR30", [20, 30]),
        ("", []),
        ("none", []),
        ("10 / 0", [10, 0]),
        ("72.", [72]),
        ("It costs 5.Then", [5]),
        ("7, 2 × 10^999, 1e999, " + "9" * 400 + ", 1/" + "9" * 5000, [7, 0]),
    ],
)
def test_numbers(text: str, found: list[float]) -> None:
    assert numbers(text) == pytest.approx(found)


@pytest.mark.parametrize(
    ("text", "decimal", "found"),
    [
        ("1.234", ",", [1234]),
        ("1,234", ",", [1.234]),
        ("1,234", ".", [1234]),
        ("12 345,6 in 2020 300", ",", [12345.6, 2020, 300]),
        ("12 345.6", ".", [12, 345.6]),
        ("1.234", ".", [1.234]),
        ("3,5", ".", [3, 5]),
    ],
)
def test_the_decimal_mark_can_be_said(text: str, decimal: Any, found: list[float]) -> None:
    assert numbers(text, decimal) == pytest.approx(found)


@pytest.mark.parametrize(
    ("text", "expected", "wanted"),
    [
        ("So 70 + 2.\n#### 72", "72", True),
        ("#### 1,234.00", "1234", True),
        ("#### $1,234", "1,234", True),
        ("####1234 dollars", "some steps 5\n#### 1234", True),
        ("#### -5", "-5", True),
        ("#### −5", "-5", True),
        ("#### 5", "-5", False),
        ("#### 4\nWait, that is wrong.\n#### 5", "5", True),
        ("The answer is 72", "72", False),
        ("#### none", "72", False),
        ("", "72", False),
        ("#### 72", "no number", None),
        ("#### 72", None, None),
        ("#### 72.0000000001", "72", True),
        ("#### 72.001", "72", False),
    ],
)
def test_gsm8k(text: str, expected: str | None, wanted: bool | None) -> None:
    assert passes(GSM8K, text, expected) is wanted


@pytest.mark.parametrize(
    ("check", "text", "wanted"),
    [
        ({"value": 72}, "It is 70, no, 72.", True),
        ({"value": 70, "take": "first"}, "It is 70, no, 72.", True),
        ({"value": "100", "absolute": 2}, "About 98", True),
        ({"value": "100", "absolute": 1}, "About 98", False),
        ({"value": "100", "relative": 0.02}, "98", True),
        ({"value": "-100", "relative": 0.02}, "-98", True),
        ({"value": "{{price}} €"}, "1.234,50 €", True),
        ({"value": 5, "not": True}, "6", True),
        ({"value": 5, "not": True}, "nothing", True),
    ],
)
def test_tolerance_and_which(check: dict[str, Any], text: str, wanted: bool) -> None:
    assert passes({"kind": "number", **check}, text, vars={"price": "1234.5"}) is wanted


def test_the_reason_says_both_numbers() -> None:
    assert verdict(GSM8K, "#### 5", "6").reason == "It says 5, expected is 6."


@given(st.integers(-(10**12), 10**12))
@example(-0)
def test_thousands_signs_and_currencies_do_not_matter(number: int) -> None:
    for written in (f"{number}", f"{number:,}", f"{number:,}.00", f"{number:,}".replace(",", "\u202f")):
        assert numbers(f"The answer is {written}.") == [number]
        assert passes(GSM8K, f"#### {written} apples", str(number)) is True


@given(st.floats(-1e9, 1e9).map(lambda one: round(one, 2)))
def test_both_ways_to_write_decimals(number: float) -> None:
    english = f"{number:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    assert numbers(english) == pytest.approx([number]) == numbers(continental, ",")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(one, float) for one in numbers(text))
