"""A prompt set that was written to a file and read again is the same."""

from __future__ import annotations

from dataclasses import replace

from hub import evals
from hub.evals.records import Row, SetDraft, Template
from tests.evals.runs import ANNA


def test_what_is_written_is_read_again(stored: str) -> None:
    rows = (
        Row("one", ("What is 007?",), expected="a spy", tags=("film", "easy")),
        Row("two", ("First: this\nand that", "Then — \"quotes\" & 'more' # not a comment"), system="Be brief."),
        Row("three", vars={"city": "Köln", "number": "012"}, checks=({"kind": "contains", "value": ["Dom"]},)),
    )
    ways = (
        Template("Plain", ("{{prompt}}",)),
        Template("Careful", ("Think.", "Now {{prompt}}"), "You think."),
        Template("Literal", ("{{prompt}}",), "Fill {{cup}}.", verbatim=True),
    )
    checks = ({"kind": "regex", "value": "^a\\d+", "ignore_case": True},)
    made = evals.create_set(ANNA, SetDraft("Odd things", rows, ways, checks, "Written by hand"))
    read = evals.read_set("set.yaml", evals.write_set(ANNA, made.id))
    draft = evals.draft_of(ANNA, made.id)
    assert not read.warnings
    assert replace(read.draft, checks=(), rows=()) == replace(draft, checks=(), rows=())
    assert [dict(one) for one in read.draft.checks] == [dict(one) for one in draft.checks]
    assert read.draft.rows == draft.rows
