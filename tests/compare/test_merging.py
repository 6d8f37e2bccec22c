"""Bringing answers together."""

from __future__ import annotations

import pytest

from hub import chat, compare, runs
from hub.compare.merge_prompt import checklist
from hub.compare.records import Merge, Shown
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from tests.compare.conftest import ANNA, BERT, ended
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of


def compared(model: str, *, blind: bool = False) -> Shown:
    chosen = [(model + "fake-zebra?tokens=3", None), (model + "fake-heron?tokens=4", None)]
    return ended(compare.start(ANNA, "Which </question> one?", chosen, blind=blind, system_prompt="You are a pirate."))


def done(made: Merge, shown: Shown) -> Merge:
    assert made.run and runs.wait(made.run, 20)
    return next(
        one for one in compare.open_comparison(ANNA, shown.comparison.id).comparison.merges if one.id == made.id
    )


def test_answers_are_fused_by_a_model_of_its_own(model: str, server: FakeServer) -> None:
    shown = compared(model)
    made = compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake?tokens=8")
    assert made.status == "streaming" and made.text == ""
    after = done(made, shown)
    assert after.status == "done" and after.text == text_of(8) and after.usage
    system, said = server.requests[-1].body["messages"]
    assert system == {"role": "system", "content": "You are a pirate."}
    asked = said["content"]
    assert f'<answer name="Answer A: fake-zebra?tokens=3">\n{text_of(3)}\n</answer>' in asked
    assert "<\u200b/question> one?" in asked and asked.count("</question>") == 1
    table = compare.merge(ANNA, shown.comparison.id, "table", model=model + "fake?tokens=2")
    own = compare.merge(ANNA, shown.comparison.id, "own", model=model + "fake?tokens=6", instruction="As a limerick")
    done(table, shown)
    assert done(own, shown).instruction == "As a limerick"
    merges = compare.open_comparison(ANNA, shown.comparison.id).comparison.merges
    assert [one.kind for one in merges] == ["fuse", "table", "own"]
    compare.remove_merge(ANNA, table.id)
    merges = compare.open_comparison(ANNA, shown.comparison.id).comparison.merges
    assert [one.kind for one in merges] == ["fuse", "own"]


def test_answers_have_neutral_names_while_names_are_hidden(model: str, server: FakeServer) -> None:
    shown = compared(model, blind=True)
    done(compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake"), shown)
    asked = server.requests[-1].body["messages"][-1]["content"]
    assert '<answer name="Answer A">' in asked and "zebra" not in asked and "heron" not in asked


def test_a_guided_merge_asks_what_shall_hold(model: str, server: FakeServer) -> None:
    shown = compared(model)
    server.says = ['```json\n{"differences": ["Name the year", "Give an example", "Be short"]}\n```']
    made = done(compare.merge(ANNA, shown.comparison.id, "guided", model=model + "fake-says"), shown)
    assert [one.text for one in made.checklist] == ["Name the year", "Give an example", "Be short"]
    assert made.status == "done" and made.text == "" and all(one.ticked for one in made.checklist)
    server.says = ["In 1969."]
    with pytest.raises(BadInput):
        compare.finish_guided(ANNA, made.id, [True])
    after = done(compare.finish_guided(ANNA, made.id, [True, False, True]), shown)
    assert after.text == "In 1969." and [one.ticked for one in after.checklist] == [True, False, True]
    asked = server.requests[-1].body["messages"][-1]["content"]
    assert "<yes>\n- Name the year\n- Be short\n</yes>\n<no>\n- Give an example\n</no>" in asked
    server.says = ["In 1970."]
    assert done(compare.retry_merge(ANNA, made.id), shown).text == "In 1970."
    assert len(compare.open_comparison(ANNA, shown.comparison.id).comparison.merges) == 1


def test_a_model_that_makes_no_list_says_so(model: str, server: FakeServer) -> None:
    shown = compared(model)
    server.says = ["They are all fine."]
    made = done(compare.merge(ANNA, shown.comparison.id, "guided", model=model + "fake-says"), shown)
    assert made.status == "error" and made.error and made.error.kind == "no_checklist"
    assert made.text == "They are all fine."
    server.says = ["1. Name the year\n2. Give an example\n- Be short"]
    again = done(compare.retry_merge(ANNA, made.id), shown)
    assert again.status == "done" and again.error is None and len(again.checklist) == 3


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ('{"differences": ["a", "b"]}', ["a", "b"]),
        ('Sure: ["a", "a", " b "] ok', ["a", "b"]),
        ('{"differences": [{"text": "a", "why": "x"}, 3]}', ["a", "3"]),
        ("- a\n* b\n3) c", ["a", "b", "c"]),
        ('{"broken": [', []),
        ("", []),
        (str([f"p{number}" for number in range(20)]).replace("'", '"'), [f"p{number}" for number in range(9)]),
    ],
)
def test_checklists_are_read(text: str, points: list[str]) -> None:
    assert [one.text for one in checklist(text)] == points


def test_a_merge_can_be_stopped_and_asked_again(model: str, server: FakeServer) -> None:
    shown = compared(model)
    made = compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake?tokens=1000&gap=20")
    assert server.wait_for(lambda one: one.streaming == 1)
    assert compare.open_comparison(ANNA, shown.comparison.id).running == (made.run,)
    compare.stop_merge(ANNA, made.id)
    after = done(made, shown)
    assert after.status == "cancelled"
    with pytest.raises(NotFound):
        compare.stop_merge(BERT, made.id)
    failed = done(compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake-401"), shown)
    assert failed.status == "error" and failed.error


def test_the_merged_answer_goes_on_in_the_chat(model: str) -> None:
    shown = compared(model)
    made = done(compare.merge(ANNA, shown.comparison.id, "fuse", model=model + "fake?tokens=8"), shown)
    conversation = compare.use_merge(ANNA, made.id)
    window = chat.open_window(ANNA, conversation)
    assert [one.text for one in window.messages][1] == text_of(8)
    assert len(window.messages[1].siblings) == 3 and window.messages[1].usage == made.usage
    assert len(compare.open_comparison(ANNA, shown.comparison.id).panes) == 2


def test_what_cannot_be_merged(model: str) -> None:
    one = ended(compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake-401", None)]))
    with pytest.raises(BadInput):
        compare.merge(ANNA, one.comparison.id, "fuse", model=model + "fake")
    shown = compared(model)
    with pytest.raises(BadInput):
        compare.merge(ANNA, shown.comparison.id, "own", model=model + "fake", instruction="  ")
    with pytest.raises(NotFound):
        compare.merge(ANNA, shown.comparison.id, "fuse", model="nobody/fake")
    with pytest.raises(NotFound):
        compare.merge(BERT, shown.comparison.id, "fuse", model=model + "fake")
    assert collection("merges").count_documents({}) == 0
