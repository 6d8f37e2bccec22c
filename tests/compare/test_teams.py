"""Teams, and two answers word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hub import compare
from hub.compare.difference import pieces
from hub.errors import BadInput, NotFound
from tests.compare.conftest import ANNA, BERT, ended


def test_a_team_is_kept_under_its_name(model: str) -> None:
    chosen = [(model + "fake", {"temperature": 0.5}), (model + "fake-x", None)]
    made = compare.save_team(ANNA, " Fast  ones ", chosen, merge="fuse", merge_model=model + "fake")
    assert made.name == "Fast ones" and made.members[0][1].temperature == 0.5
    assert compare.teams(ANNA) == (made,) and compare.teams(BERT) == ()
    after = compare.save_team(ANNA, "fast ones", chosen[:1], blind=True)
    assert after.id == made.id and compare.teams(ANNA) == (after,)
    shown = ended(compare.start(ANNA, "Hi", after.members, blind=after.blind))
    assert shown.comparison.blind
    with pytest.raises(NotFound):
        compare.delete_team(BERT, made.id)
    compare.delete_team(ANNA, made.id)
    assert compare.teams(ANNA) == ()
    with pytest.raises(BadInput):
        compare.save_team(ANNA, " ", chosen)
    with pytest.raises(BadInput):
        compare.save_team(ANNA, "Nobody", [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The cat sat.\nSame line\n", "The dog sat.\nSame line\nMore"),
        ("", "new"),
        ("old", ""),
        ("  spaces   stay\n\n\n", "spaces stay\n"),
        ("same", "same"),
        ("a\nb\nc\n", "c\nb\na\n"),
    ],
)
def test_the_pieces_are_both_texts(one: str, other: str) -> None:
    found = pieces(one, other)
    assert "".join(text for mark, text in found if mark != "new") == one
    assert "".join(text for mark, text in found if mark != "gone") == other
    assert all(before[0] != after[0] for before, after in pairwise(found))


def test_only_what_differs_is_marked() -> None:
    assert pieces("The cat sat.\nSame\n", "The dog sat.\nSame\n") == (
        ("same", "The"),
        ("gone", " cat"),
        ("new", " dog"),
        ("same", " sat.\nSame\n"),
    )


def test_two_panes_are_compared(model: str) -> None:
    asked = compare.start(ANNA, "Hi", [(model + "fake?tokens=3", None), (model + "fake?tokens=4", None)])
    ended(asked)
    assert compare.diff(ANNA, asked.comparison, *asked.panes) == (("same", "the quick brown"), ("new", " fox"))
