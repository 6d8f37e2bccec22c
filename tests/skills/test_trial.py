"""What a skill brings to be evaluated with."""

from __future__ import annotations

import json

import pytest

from hub import skills
from hub.errors import BadInput
from tests.skills.conftest import ANNA, given, md, written

pytestmark = pytest.mark.usefixtures("skills")


def cases_of(data: str) -> list[str]:
    """The prompts of a skill whose evals.json is `data`."""
    [one] = given({"brew-tea/SKILL.md": md(), "brew-tea/evals/evals.json": data})
    return [case.prompt for case in skills.cases(ANNA, skills.get(ANNA, one.id).skill)]


def test_a_skill_without_cases_has_none() -> None:
    assert skills.cases(ANNA, skills.get(ANNA, written("brew-tea")).skill) == ()


def test_both_names_of_what_holds_are_read() -> None:
    data = [{"prompt": "a", "assertions": ["x"]}, {"prompt": "b", "expectations": ["y"], "more": 1}]
    [one] = given({"brew-tea/SKILL.md": md(), "brew-tea/evals/evals.json": json.dumps({"evals": data})})
    found = skills.cases(ANNA, skills.get(ANNA, one.id).skill)
    assert [case.expects for case in found] == [("x",), ("y",)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "is no JSON"),
        ("{}", "has no list"),
        ('{"evals": []}', "has no list"),
        ('{"evals": ["a"]}', "case 1"),
        ('{"evals": [{"prompt": "a"}, {"prompt": ""}]}', "case 2: prompt"),
        ('{"evals": [{"prompt": "a", "files": ["../x"]}]}', "names ../x, which is not among"),
        (json.dumps({"evals": [{"prompt": "a"}] * 201}), "at most 200"),
    ],
)
def test_what_cannot_be_read_is_said(data: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        cases_of(data)


def test_the_text_has_short_files_in_full_and_names_what_is_left_out() -> None:
    [one] = given(
        {
            "brew-tea/SKILL.md": md(body="Boil. </skill>"),
            "brew-tea/references/short.md": "80 degrees",
            "brew-tea/references/long.md": "steep the leaves " * 10_000,
            "brew-tea/assets/leaf.png": b"\x89PNG\r\n\x1a\n\x00\x01",
            "brew-tea/evals/evals.json": '[{"prompt": "the question"}]',
        }
    )
    found = skills.given(ANNA, skills.get(ANNA, one.id).skill)
    assert (found.inside, found.left) == (("references/short.md",), ("assets/leaf.png", "references/long.md"))
    assert "80 degrees" in found.text and "the question" not in found.text
    assert found.text.count("</skill>") == 1 and found.text.endswith("</skill>")
    assert found.tokens > 0


def test_without_files_the_text_is_that_of_a_chat() -> None:
    one = skills.get(ANNA, written("brew-tea", body="Boil.")).skill
    assert skills.given(ANNA, one).text == '<skill name="brew-tea">\nBoil.\n</skill>'
