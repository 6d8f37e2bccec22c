"""What the evaluate pages make of records, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from components.evaluate import bringing, check_editor, set_table, set_templates, set_versions, words
from components.state import EvaluateState, SetWork
from hub.evals.checks import KINDS
from hub.evals.records import Asked, Row, RunModel, SetDraft, Template
from hub.models.types import Params

ROWS = (
    Row("a", ("One?", "And two?"), expected="1", tags=("easy",)),
    Row("b", vars={"city": "Oslo"}, system="Be brief.", files=("f1",), checks=({"kind": "refusal"},)),
)


def test_the_table_has_a_column_for_each_turn_and_variable() -> None:
    ways = (Template("T", ("{{prompt}} in {{ season }}, {{expected}}",)),)
    names = set_table.names(ROWS, ways, ["more", "city"])
    assert names == ["season", "city", "more"]
    shown = set_table.columns(ROWS, names)
    assert list(shown) == ["turn:0", "turn:1", "var:season", "var:city", "var:more", "expected", "tags", "system"]
    assert shown["turn:1"] == "Turn 2"
    assert next(iter(set_table.columns(ROWS[1:], ["city"]))) == "var:city"
    assert set_table.columns((), []) == {
        "turn:0": "Prompt",
        "expected": "Expected",
        "tags": "Tags",
        "system": "System prompt",
    }
    frame = set_table.frame(ROWS, list(shown))
    assert frame["turn:1"].tolist() == ["And two?", ""] and frame["tags"].tolist() == [["easy"], []]


def test_what_is_done_in_the_table_changes_only_what_was_touched() -> None:
    edits: dict[str, Any] = {
        "edited_rows": {
            0: {"turn:1": None, "tags": ["easy", " new ", "new", ""]},
            "1": {"var:city": "", "expected": "x"},
        },
        "added_rows": [{"turn:0": "Three?", "var:city": "Rome"}, {}, {"turn:0": ""}],
        "deleted_rows": [],
    }
    one, two, three = set_table.changed(ROWS, edits)
    assert (one.id, one.turns, one.tags, one.expected) == ("a", ("One?",), ("easy", "new"), "1")
    assert two == Row("b", vars={}, system="Be brief.", expected="x", files=("f1",), checks=({"kind": "refusal"},))
    assert three == Row("", ("Three?",), {"city": "Rome"})
    assert set_table.changed(ROWS, {"deleted_rows": [0]}) == [ROWS[1]]
    assert set_table.changed(ROWS, {}) == list(ROWS)


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("One", ("One",)),
        ("One\n---\nTwo\nlines\n----\n\nThree", ("One", "Two\nlines", "Three")),
        ("a --- b\n- c", ("a --- b\n- c",)),
        ("", ("{{prompt}}",)),
        ("---\n---", ("{{prompt}}",)),
    ],
)
def test_a_line_of_dashes_begins_the_next_turn(text: str, turns: tuple[str, ...]) -> None:
    assert set_templates.turns(text) == turns
    assert set_templates.turns(set_templates.joined(turns)) == turns


def test_pasted_prompts() -> None:
    text = "Why? | because\r\n\nWho | what | 42\n  plain  \n|"
    rows = bringing.pasted(text, paragraphs=False)
    assert [(row.turns, row.expected) for row in rows] == [
        (("Why?",), "because"),
        (("Who | what",), "42"),
        (("plain",), None),
        (("|",), None),
    ]
    assert [row.turns[0] for row in bringing.pasted("One\nline\n\nTwo", paragraphs=True)] == ["One\nline", "Two"]


def test_what_changed_between_versions() -> None:
    old = SetDraft("Set", (Row("a", ("One",)), Row("b", ("Two",)), Row("c", ("Three",))))
    new = SetDraft(
        "Other", (Row("c", ("Three",)), Row("a", ("One!",)), Row("d", ("Four",))), checks=({"kind": "refusal"},)
    )
    found = set_versions.change(old, new)
    assert [row.id for row in found.added] == ["d"] and [row.id for row in found.removed] == ["b"]
    assert [(before.turns, after.turns) for before, after in found.edited] == [(("One",), ("One!",))]
    assert found.moved and found.said == (
        "1 row added, 1 row removed, 1 row changed, order changed, renamed from “Set”, checks changed"
    )
    assert set_versions.change(new, new).said == "nothing differs"


def test_columns_of_the_same_model_are_told_apart() -> None:
    models = [RunModel("c/m", "Model", Params(), "k"), RunModel("c/m", "Model", Params(), "k")]
    ways = (Template("Short"), Template("Long"))
    found = words.columns(models, ways)
    assert [(one.label, one.about) for one in found] == [
        ("Model", "Short"),
        ("Model", "Long"),
        ("Model (2)", "Short"),
        ("Model (2)", "Long"),
    ]
    warm = RunModel("c/m", "Model", Params(temperature=0.5, max_tokens=2000, stop=("a", "b"), json_mode=True), "k")
    assert words.columns([warm], (Template("T"),))[0].about == (
        "temperature 0.5, longest answer 2,000, stop texts “a” “b”, JSON mode"
    )


def test_fields_that_a_check_needs_are_named() -> None:
    assert check_editor.missing([{"kind": "rubric"}, {"kind": "refusal"}], KINDS) == ["Rubric needs “Rubric”."]
    assert check_editor.missing([{"kind": "rubric", "value": "It is kind."}], KINDS) == []


def test_work_on_another_version_begins_anew_and_on_the_same_goes_on() -> None:
    work = SetWork()
    work.begin(("s", 1), (Template("T"),), ())
    work.templates.append(Template("U"))
    work.begin(("s", 1), (Template("T"),), ())
    assert [one.name for one in work.templates] == ["T", "U"]
    before = work.round
    work.begin(("s", 2), (Template("T"),), ())
    assert [one.name for one in work.templates] == ["T"] and work.round > before


def test_a_new_run_takes_the_same_model_twice() -> None:
    page = EvaluateState()
    page.ask([Asked("c/m")])
    page.new.take("c/m")
    page.new.adjust(1, Asked("c/m", Params(temperature=1.0)))
    assert page.new.models == [Asked("c/m"), Asked("c/m", Params(temperature=1.0))]


def test_what_is_called_the_same_is_told_apart_in_a_list() -> None:
    assert words.told_apart({"a": "Set", "b": "Other", "c": "Set"}) == {"a": "Set", "b": "Other", "c": "Set (2)"}


def test_times_and_shares_as_people_say_them() -> None:
    assert [words.span(seconds) for seconds in (0.2, 45, 200, 8000)] == ["1 s", "45 s", "3 min", "2.2 h"]
    assert [words.percent(share) for share in (0, 0.0831, 0.9999, 1)] == ["0 %", "8.3 %", "100 %", "100 %"]
