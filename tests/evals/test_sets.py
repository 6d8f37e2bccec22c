"""Prompt sets: versions that stay, saving that never overwrites, rows that know themselves again, leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import evals, files, hooks
from hub.db.mongo import collection, now
from hub.errors import BadInput, HubError, NotFound
from hub.evals import set_content, store_sets
from hub.evals.records import AS_WRITTEN, Row, SetDraft, Template
from tests.evals.conftest import ANNA, BERT

pytestmark = pytest.mark.usefixtures("stored")

CITIES = SetDraft(
    "Cities",
    (Row("a", ("Capital of France?",), expected="Paris"), Row("b", ("Capital of Peru?",), expected="Lima")),
    checks=({"kind": "json_schema", "value": {"$ref": "#/$defs/a.b", "$defs": {"a.b": {"type": "string"}}}},),
    description="Two capitals",
)


def test_a_set_is_kept_as_it_was_written() -> None:
    made = evals.create_set(ANNA, CITIES)
    assert (made.version, made.rows, made.templates) == (1, 2, (AS_WRITTEN,))
    assert evals.get_set(ANNA, made.id) == made
    assert evals.draft_of(ANNA, made.id) == CITIES
    assert evals.sets(ANNA) == (made,)
    assert evals.set_rows(ANNA, made.id, first=1) == CITIES.rows[1:]


def test_every_version_stays_as_it_was() -> None:
    made = evals.create_set(ANNA, CITIES)
    second = replace(CITIES, rows=(CITIES.rows[1], replace(CITIES.rows[0], expected="Paris!")), name="Towns")
    saved = evals.save_set(ANNA, made.id, second, expect=1)
    third = evals.save_set(ANNA, made.id, replace(second, rows=second.rows[:1]), expect=2)
    assert [one.version for one in evals.versions(ANNA, made.id)] == [3, 2, 1]
    assert [one.name for one in evals.versions(ANNA, made.id)] == ["Towns", "Towns", "Cities"]
    assert evals.draft_of(ANNA, made.id, 1) == CITIES
    assert evals.draft_of(ANNA, made.id, 2) == second
    assert evals.get_set(ANNA, made.id, 2) == saved
    assert third.rows == 1
    assert collection("prompt_set_rows").count_documents({}) == 3, "a row is stored once for all its versions"
    with pytest.raises(NotFound, match="version 4"):
        evals.get_set(ANNA, made.id, 4)


def test_what_changes_nothing_makes_no_version() -> None:
    made = evals.create_set(ANNA, CITIES)
    assert evals.save_set(ANNA, made.id, evals.draft_of(ANNA, made.id), expect=1) == made
    assert evals.put_set(ANNA, CITIES) == made
    assert evals.put_set(ANNA, replace(CITIES, description="")).version == 2
    assert evals.put_set(ANNA, replace(CITIES, name="Others")).version == 1


def test_two_tabs_never_overwrite_each_other() -> None:
    made = evals.create_set(ANNA, CITIES)
    evals.save_set(ANNA, made.id, replace(CITIES, description="from one tab"), expect=1)
    with pytest.raises(HubError, match="nothing of yours is saved") as caught:
        evals.save_set(ANNA, made.id, replace(CITIES, description="from the other"), expect=1)
    assert caught.value.kind == "conflict"
    assert evals.get_set(ANNA, made.id).description == "from one tab"


def test_two_that_read_the_same_head_do_not_both_move_it_on() -> None:
    made = evals.create_set(ANNA, CITIES)
    head = store_sets.head(ANNA, made.id)
    assert store_sets.move_on(ANNA, head, {"description": "one"})
    assert not store_sets.move_on(ANNA, head, {"description": "other"})
    assert evals.get_set(ANNA, made.id).description == "one"
    assert evals.get_set(ANNA, made.id, 1) == replace(made, updated_at=evals.get_set(ANNA, made.id, 1).updated_at)


def test_rows_are_appended_and_keep_ids_apart() -> None:
    made = evals.create_set(ANNA, SetDraft("Empty"))
    assert evals.set_rows(ANNA, made.id) == ()
    question = Row("", ("Why?",))
    for _ in range(2):
        evals.add_rows(ANNA, made.id, [question, question])
    found = evals.set_rows(ANNA, made.id)
    assert [one.turns for one in found] == [("Why?",)] * 4
    assert len({one.id for one in found}) == 4
    assert found[0].id == set_content.row_id(question), "the same case has the same id in every set"
    assert evals.get_set(ANNA, made.id).version == 3
    assert [one.id for one in evals.every_row(ANNA, made.id, ids=[found[2].id, "gone"])] == [found[2].id]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (SetDraft(" "), "needs a name"),
        (SetDraft("x" * 121), "120"),
        (SetDraft("s", (Row("a"),)), "Row 1 has neither"),
        (SetDraft("s", (Row("a", ("q",)), Row("b", ("q" * 1_000_001,)))), "Row 2 has 1.0 MB"),
        (SetDraft("s", (Row("a", ("q",), checks=({"value": 3},)),)), "Row 1: Check 1: kind is missing"),
        (SetDraft("s", (Row("a", ("q",)),) * 20_001), "20,000"),
        (SetDraft("s", templates=(Template("a", ()),)), "template"),
        (SetDraft("s", templates=(AS_WRITTEN, AS_WRITTEN)), "same name"),
        (SetDraft("s", checks=({"kind": "json_path", "path": "$", "equals": object()},)), "cannot be stored"),
    ],
)
def test_what_cannot_be_taken_is_named(draft: SetDraft, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        evals.create_set(ANNA, draft)
    assert evals.sets(ANNA) == ()


def test_another_person_sees_and_changes_nothing() -> None:
    made = evals.create_set(ANNA, CITIES)
    assert evals.sets(BERT) == ()
    for act in (
        lambda: evals.get_set(BERT, made.id),
        lambda: evals.set_rows(BERT, made.id),
        lambda: evals.versions(BERT, made.id),
        lambda: evals.save_set(BERT, made.id, CITIES, expect=1),
        lambda: evals.add_rows(BERT, made.id, [Row("", ("q",))]),
        lambda: evals.delete_set(BERT, made.id),
        lambda: evals.get_set(ANNA, "nonsense"),
    ):
        with pytest.raises(NotFound):
            act()
    kept = files.add(ANNA, "a.txt", b"Anna's")
    with pytest.raises(NotFound, match="files"):
        evals.create_set(BERT, SetDraft("Theirs", (Row("", ("q",), files=(kept.id,)),)))


def test_a_set_stays_for_a_day_and_its_files_with_it() -> None:
    kept = files.add(ANNA, "a.txt", b"content")
    made = evals.create_set(ANNA, SetDraft("Files", (Row("a", ("Read it",), files=(kept.id,)),)))
    evals.save_set(ANNA, made.id, SetDraft("Files", (Row("a", ("Read it well",), files=(kept.id,)),)), expect=1)
    assert _uses(kept.id) == 2
    evals.delete_set(ANNA, made.id)
    with pytest.raises(NotFound):
        evals.get_set(ANNA, made.id)
    assert evals.purge_sets() == 0
    assert evals.restore_set(ANNA, made.id).version == 2
    evals.delete_set(ANNA, made.id)
    collection("prompt_sets").update_one({}, {"$set": {"deleted_at": now() - timedelta(days=2)}})
    assert evals.purge_sets() == 1
    assert _uses(kept.id) == 0
    for name in ("prompt_sets", "prompt_set_versions", "prompt_set_rows"):
        assert collection(name).count_documents({}) == 0


def test_a_person_who_goes_takes_their_sets_along() -> None:
    for who in (ANNA, BERT):
        made = evals.create_set(who, CITIES)
        evals.add_rows(who, made.id, [Row("", ("More?",))])
    assert "hub.evals.plugin" not in hooks.person_deleted(ANNA)
    assert evals.sets(ANNA) == ()
    assert [one.rows for one in evals.sets(BERT)] == [3]
    assert collection("prompt_set_rows").count_documents({"owner": "anna"}) == 0


text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
cases = st.builds(
    Row,
    id=st.just(""),
    turns=st.lists(text.filter(lambda one: bool(one.strip())), min_size=1, max_size=3).map(tuple),
    vars=st.dictionaries(text.map(str.strip), text, max_size=2),
    expected=st.none() | text,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=st.lists(st.lists(cases, max_size=6), min_size=1, max_size=5))
def test_any_history_reads_back(drafts: list[list[Row]]) -> None:
    made = evals.create_set(ANNA, SetDraft("History", tuple(drafts[0])))
    known = {1: evals.draft_of(ANNA, made.id)}
    for rows in drafts[1:]:
        last = evals.get_set(ANNA, made.id)
        old = evals.set_rows(ANNA, made.id, count=None)
        saved = evals.save_set(ANNA, made.id, SetDraft("History", (*rows, *old[::2])), expect=last.version)
        known[saved.version] = evals.draft_of(ANNA, made.id)
    for version, draft in known.items():
        assert evals.draft_of(ANNA, made.id, version) == draft
        assert len({one.id for one in draft.rows}) == len(draft.rows)
        assert [one.turns for one in evals.set_rows(ANNA, made.id, version, first=1, count=2)] == [
            one.turns for one in draft.rows[1:3]
        ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(cases, min_size=1, max_size=4), told=text)
def test_a_set_as_a_file_is_read_back_as_it_was(rows: list[Row], told: str) -> None:
    from hub.evals.set_file import write_set

    checks = ({"kind": "contains", "value": [told]}, {"kind": "json_path", "path": "$", "equals": told})
    template = Template("Asked", ("{{prompt}} " + told, "no"), told)
    made = evals.create_set(ANNA, SetDraft("null", tuple(rows), (template,), checks, told))
    read = evals.read_set("set.yaml", write_set(ANNA, made.id))
    assert read.draft == evals.draft_of(ANNA, made.id)
    assert read.warnings == ()


def _uses(file: str) -> int:
    from bson import ObjectId

    return collection("files").find_one({"_id": ObjectId(file)})["uses"]  # type: ignore[index]
