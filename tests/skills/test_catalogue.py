"""The catalogue: within its share of the window, shrinking evenly, hiding nothing without a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.models import estimate
from hub.skills.catalogue import allowed, catalogue
from hub.skills.records import Origin, Skill

WORDS = "reviews the code of a change before it is merged and says what is wrong with it "


def skill(name: str, description: str) -> Skill:
    return Skill(name, "anna", name, description, Origin("written"), 1)


def many(count: int, length: int = 320) -> list[Skill]:
    return [skill(f"review-code-{n:03}", (f"Skill {n} " + WORDS * 10)[:length]) for n in range(count)]


def test_a_few_stand_whole() -> None:
    made = catalogue(many(5), 128_000)
    assert (made.whole, made.shortened, made.named, made.left) == (5, 0, 0, 0)
    assert made.title == "Catalogue of 5 skills"


def test_descriptions_shrink_evenly() -> None:
    made = catalogue([*many(40), skill("short", "Does a thing.")], 128_000)
    assert (made.named, made.left) == (0, 0)
    assert made.tokens <= 1280
    lengths = {len(line) for line in made.text.splitlines()[1:] if "review" in line}
    assert max(lengths) - min(lengths) <= 1
    assert "- short: Does a thing." in made.text
    assert made.title == "Catalogue of 41 skills: 40 with shortened descriptions"


def test_then_names_stand_alone_and_the_rest_is_counted() -> None:
    made = catalogue(many(120), 32_000)
    assert (made.named + made.left, made.whole, made.shortened) == (120, 0, 0)
    assert made.left == int(re.findall(r"finds (\d+) more", made.text)[0])
    assert f"{made.left} left to search" in made.title
    assert catalogue(many(120), 1_000).text == (
        "120 skills (instructions for tasks): search_skills finds them, load_skill loads one."
    )


def test_an_unknown_window_has_eight_thousand_characters() -> None:
    assert allowed(None) == 2000
    assert len(catalogue(many(120), None).text) <= 8_400


@pytest.mark.parametrize("window", [8_000, 16_000, 32_000, 128_000, 200_000, 1_000_000])
def test_a_hundred_and_twenty_skills_cost_one_per_cent_at_most(window: int) -> None:
    assert catalogue(many(120), window).tokens <= window * 0.01


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(1, 400), st.integers(4_000, 60_000))
def test_nothing_is_hidden_without_a_word(count: int, length: int, window: int) -> None:
    made = catalogue(many(count, length), window)
    assert made.whole + made.shortened + made.named + made.left == count
    assert made.tokens <= max(window * 0.01, 60 if count else 0)
    assert made.tokens == estimate.tokens(made.text)
    shown = sum(f"review-code-{n:03}" in made.text for n in range(count))
    assert shown == count - made.left
    assert bool(made.left) <= ("search_skills" in made.text)
