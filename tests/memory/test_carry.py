"""Out of the hub and into it."""

from __future__ import annotations

import json

import pytest

from hub import memory
from hub.errors import BadInput
from tests.memory.conftest import ANNA, BEN, Teacher, add, texts

pytestmark = pytest.mark.usefixtures("rooms")


def test_what_goes_out_as_json_comes_in_equal() -> None:
    old = memory.add(ANNA, "The user likes tea.", kind="preference", event=memory.EventTime("2026-05-03"))  # pyright: ignore
    gone = memory.add(ANNA, "The user likes cake.")
    memory.delete(ANNA, gone.id)
    whole = memory.export(ANNA)
    done = memory.import_(BEN, whole)
    assert (done.added, done.known, done.refusals) == (2, 0, ())
    [fact] = memory.facts(BEN).facts
    assert (fact.text, fact.kind, fact.event, fact.recorded_at, fact.origin) == (
        old.text, old.kind, old.event, old.recorded_at, "import"
    )  # fmt: skip
    assert memory.import_(BEN, memory.export(BEN)).known >= 1
    assert memory.import_(ANNA, whole).added == 1  # the deleted one; the live one is known


def test_markdown_keeps_kinds_and_days() -> None:
    memory.add(ANNA, "The user likes tea.", kind="preference")
    memory.add(ANNA, "The user is a vet.", kind="profile")
    text = memory.export(ANNA, form="markdown")
    assert text.startswith("# Memory\n") and "## What you prefer" in text
    memory.import_(BEN, text)
    assert {(fact.text, fact.kind) for fact in memory.facts(BEN).facts} == {
        ("The user likes tea.", "preference"), ("The user is a vet.", "profile")
    }  # fmt: skip


def test_pasted_text_comes_in_line_by_line_and_goes_with_one_undo() -> None:
    done = memory.import_(
        ANNA, "- Likes tea\n* Has two cats\n3. Works as a vet\n\n- My password is hunter22\n- Likes tea"
    )
    assert (done.added, done.known, [one.code for one in done.refusals]) == (3, 1, ["secret"])
    [event] = [event for event in memory.events(ANNA) if event.after and event.after.text == "Has two cats"]
    memory.undo(ANNA, event.id)
    assert texts() == []


def test_pasted_text_is_read_by_a_model_where_there_is_one(teacher: Teacher) -> None:
    operations = [add("The user likes tea.", "tea lover", kind="preference"), add("The user owns a yacht.", "a yacht")]
    teacher.server.says = [json.dumps({"operations": operations})]
    done = memory.import_(ANNA, "What I know about you: a tea lover from Oslo.", model=teacher.model)
    assert (done.added, texts()) == (1, ["The user likes tea."])
    assert memory.spent(ANNA)[0].calls == 1


@pytest.mark.parametrize(
    ("data", "form"),
    [("", ""), ("{", "json"), ('{"facts": [{"text": "x", "kind": "nonsense"}]}', ""), ("x", "yaml")],
)
def test_what_cannot_be_read_is_refused_whole(data: str, form: str) -> None:
    with pytest.raises(BadInput):
        memory.import_(ANNA, data, form=form)
    assert texts() == []


def test_an_unknown_form_of_export_is_refused() -> None:
    with pytest.raises(BadInput):
        memory.export(ANNA, form="yaml")
