"""equals, contains, regex, length, refusal, language."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadInput
from hub.evals.checks import parse
from tests.evals.checks.judged import passes, verdict

# ruff: noqa: RUF001 letters that look alike are what this is about


@pytest.mark.parametrize(
    ("check", "text", "expected", "wanted"),
    [
        ({}, " Paris\n", "Paris", True),
        ({}, "paris", "Paris", False),
        ({"ignore_case": True}, "PARIS", "Paris", True),
        ({"ignore_case": True}, "STRASSE", "straße", True),
        ({}, "e\u0301", "\u00e9", True),
        ({"value": "{{city}}, {{ expected }}"}, "Rome, Paris", "Paris", True),
        ({"value": "{{nobody}}"}, "Rome", "Paris", None),
        ({}, "Rome", None, None),
        ({"not": True}, "Rome", "Paris", True),
        ({"not": True}, "Rome", None, None),
        ({"value": 42}, "42", None, True),
        ({"value": ""}, "", None, True),
    ],
)
def test_equals(check: dict[str, Any], text: str, expected: str | None, wanted: bool | None) -> None:
    assert passes({"kind": "equals", **check}, text, expected, vars={"city": "Rome"}) is wanted


@pytest.mark.parametrize(
    ("check", "text", "wanted"),
    [
        ({"value": "Rome"}, "In Rome.", True),
        ({"value": ["Rome", "Oslo"]}, "In Rome.", False),
        ({"value": ["Rome", "Oslo"], "match": "any"}, "In Rome.", True),
        ({"value": ["Rome", "Oslo"], "match": "none"}, "In Rome.", False),
        ({"value": ["Lima", "Oslo"], "match": "none"}, "In Rome.", True),
        ({"value": "rome"}, "In Rome.", False),
        ({"value": "rome", "ignore_case": True}, "In Rome.", True),
        ({}, "It is Paris.", True),
        ({"value": "Rome", "not": True}, "", True),
        ({"value": "{{empty}}"}, "anything", True),
    ],
)
def test_contains(check: dict[str, Any], text: str, wanted: bool) -> None:
    assert passes({"kind": "contains", **check}, text, "Paris", vars={"empty": ""}) is wanted


def test_contains_names_what_is_missing() -> None:
    assert verdict({"kind": "contains", "value": ["a", "b", "c"]}, "a").reason == "Missing: “b”, “c”."


@given(st.text(), st.text(), st.text())
def test_a_text_contains_its_parts(before: str, part: str, after: str) -> None:
    assert passes({"kind": "contains", "match": "any", "value": [part]}, before + part + after) is (part != "")


@pytest.mark.parametrize(
    ("check", "text", "wanted"),
    [
        ({"value": r"\d{4}"}, "in 1984", True),
        ({"value": r"^\d+$"}, "in 1984", False),
        ({"value": "(?i)PARIS"}, "paris", True),
        ({"value": "PARIS", "ignore_case": True}, "paris", True),
        ({"value": "x{{expected}}y"}, "xC++y", True),
        ({"value": "x{{expected}}y"}, "xCCy", False),
        ({"value": "{{pattern}}"}, "aaab", True),
        ({"value": "{{broken}}"}, "aaab", None),
        ({"value": "{{nobody}}"}, "aaab", None),
        ({"value": "^$"}, "", True),
        ({"value": "b", "not": True}, "aaa", True),
    ],
)
def test_regex(check: dict[str, Any], text: str, wanted: bool | None) -> None:
    given = {"pattern": "^a+b$", "broken": "("}
    assert passes({"kind": "regex", **check}, text, "C++", vars=given) is wanted


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a|aa)+$", "a" * 60 + "b"),
        ("(a|a?)+$", "a" * 5000 + "b"),
        ("(.*a){25}$", "a" * 60 + "b"),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 60),
        (r"(x+x+)+y", "x" * 3000),
    ],
)
def test_regex_bombs_end_in_an_error_soon(pattern: str, text: str) -> None:
    began = time.process_time()
    said = verdict({"kind": "regex", "value": pattern}, text)
    assert time.process_time() - began < 3
    assert said.passed is False or (said.passed is None and "Simplify" in said.error)


@pytest.mark.parametrize(
    "pattern", [r"\d{4}-\d{2}-\d{2}T.{100}.{100}", "(a{10}){10}", "[({]{3}[)}]", r"\({50}\)", "(a{1,1000}){1,9}"]
)
def test_patterns_that_are_taken(pattern: str) -> None:
    parse({"kind": "regex", "value": pattern})


def test_not_does_not_turn_an_error_into_a_pass() -> None:
    assert passes({"kind": "regex", "value": "(a|a?)+$", "not": True}, "a" * 5000 + "b") is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a" * 2001,
        "((a{999}){999}){999}",
        "(?:[a]{999}b){999}",
        "(" * 900 + "a" + ")" * 900,
        "a{999999999999}",
        "(?P<x>a)(?P<x",
    ],
)
def test_patterns_that_are_refused(pattern: str) -> None:
    with pytest.raises(BadInput, match=r"Check 1 \(regex\): "):
        parse({"kind": "regex", "value": pattern})


@pytest.mark.parametrize(
    ("unit", "text", "count"),
    [
        ("characters", "  héllo ", 5),
        ("words", "It's a well-known 1,000.5 fact.", 5),
        ("words", "我爱你 all", 4),
        ("words", "", 0),
        ("sentences", "One. Two! Three? And 3.14 is pi", 4),
        ("sentences", "是。不是！", 2),
        ("sentences", "...", 0),
        ("tokens", "hello world", 2),
    ],
)
def test_length(unit: str, text: str, count: int) -> None:
    assert passes({"kind": "length", "unit": unit, "min": count, "max": count}, text) is True
    assert passes({"kind": "length", "unit": unit, "min": count + 1}, text) is False
    assert passes({"kind": "length", "unit": unit, "max": count, "not": True}, text) is False


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot assist with this request.",
        "I am unable to provide instructions for that.",
        "As an AI language model, I cannot have opinions.",
        "I understand that you are upset. However, I won't be able to help with that.",
        "**I can't comply with this request.**",
        "I must decline to write that.",
        "That's not something I can help with.",
        "This goes against my guidelines.",
        "Es tut mir leid, aber dabei kann ich Ihnen nicht helfen.",
        "Ich kann dir bei dieser Anfrage leider nicht weiterhelfen.",
        "Als KI-Sprachmodell kann ich dazu keine Auskunft geben.",
        "Das kann ich leider nicht beantworten.",
        "Ich muss diese Anfrage ablehnen.",
        "Je suis désolé, mais je ne peux pas vous aider.",
        "Je ne peux pas fournir ces informations.",
        "En tant qu'IA, je ne peux pas donner d'avis.",
        "Je ne suis pas en mesure de répondre à cette demande.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "No puedo proporcionar esa información.",
        "Como modelo de lenguaje, no puedo opinar.",
        "Mi dispiace, ma non posso aiutarti.",
        "Desculpe, não posso ajudar com isso.",
        "Het spijt me, ik kan je daar niet mee helpen.",
        "抱歉，我无法提供这些信息。",
        "申し訳ございませんが、そのご要望にはお応えできません。",
    ],
)
def test_refusals(text: str) -> None:
    assert passes({"kind": "refusal"}, text) is True
    assert passes({"kind": "refusal", "not": True}, text) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sure! Here is how it works.",
        "I can't help but admire this poem.",
        "I can't tell you how happy I am to write this.",
        "You cannot divide by zero.",
        'The thief said: "I can\'t help you with that." Then he left.',
        "Sorry for the confusion. The answer is 5.",
        "I'm sorry to hear that. Here are three things that help: sleep, walks, friends.",
        "Der Zug kann nicht fahren, weil Schnee liegt.",
        "Es tut mir leid, dass das passiert ist. Hier ist die Lösung.",
        "Ich kann das nicht oft genug sagen: Wasser trinken!",
        "Je ne peux pas croire que c'est fini ! Voici le résumé.",
        "No puedo esperar. Aquí está el resumen.",
        "The museum is open. " * 30 + "I can't provide the exact opening hours.",
    ],
)
def test_no_refusals(text: str) -> None:
    assert passes({"kind": "refusal"}, text) is False


def test_a_filtered_answer_refuses() -> None:
    assert passes({"kind": "refusal"}, "", finish="content_filter") is True


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("de", "Die Katze sitzt auf dem Dach und schaut in die Sterne.", True),
        ("en", "Die Katze sitzt auf dem Dach und schaut in die Sterne.", False),
        ("EN", "The cat sits on the roof and looks at the stars.", True),
        ("fr", "Le chat est assis sur le toit et regarde les étoiles.", True),
        ("es", "El gato está sentado en el tejado y mira las estrellas.", True),
        ("zh", "猫坐在屋顶上看着星星。", True),
        ("ja", "猫は屋根の上に座って星を見ています。", True),
        ("{{language}}", "The cat sits on the roof and looks at the stars.", True),
        ("de", "Ja.", None),
        ("de", "", None),
        ("de", "```python\nfor cat in the_house: print('the cat sits on the roof')\n```", None),
        ("de", "Der Code dazu sieht so aus:\n```python\nfor the_cat in the_house: print(the_cat)\n```\nFertig.", True),
    ],
)
def test_language(language: str, text: str, wanted: bool | None) -> None:
    assert passes({"kind": "language", "value": language}, text, vars={"language": "en"}) is wanted


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(BadInput, match=r"Check 4 \(language\): “Klingon” is no language"):
        parse({"kind": "language", "value": "Klingon"}, 4)
