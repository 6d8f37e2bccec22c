"""The tree as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.chat.tree import Row, Tree, removal

START = datetime(2026, 1, 1, tzinfo=UTC)


def _tree(parents: list[int | None]) -> Tree[int]:
    depths: list[int] = []
    for parent in parents:
        depths.append(0 if parent is None else depths[parent] + 1)
    return Tree(
        Row(number, parent, START + timedelta(seconds=number), depths[number]) for number, parent in enumerate(parents)
    )


@st.composite
def trees(draw: st.DrawFn) -> list[int | None]:
    """Parents by number; every parent is older than its child."""
    size = draw(st.integers(1, 25))
    return [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size)]


def test_the_path_leads_from_the_root_to_the_leaf() -> None:
    assert _tree([None, 0, 1, 0]).path(2) == [0, 1, 2]


def test_siblings_are_in_the_order_of_their_making() -> None:
    assert _tree([None, 0, 0, 1, 0]).siblings(2) == [1, 2, 4]


def test_the_newest_leaf_is_chosen_below_a_message() -> None:
    tree = _tree([None, 0, 0, 1, 2, 1])
    assert tree.leaf() == 5
    assert tree.leaf(2) == 4
    assert tree.leaf(3) == 3


@given(trees())
def test_every_message_is_in_the_subtree_of_exactly_one_root(parents: list[int | None]) -> None:
    tree = _tree(parents)
    found = [message for root in tree.children(None) for message in tree.subtree(root)]
    assert sorted(found) == list(range(len(parents)))


@given(trees(), st.data())
def test_a_removal_takes_what_it_says_and_nothing_else(parents: list[int | None], data: st.DataObject) -> None:
    tree = _tree(parents)
    message = data.draw(st.sampled_from(range(len(parents))))
    head = data.draw(st.sampled_from(range(len(parents))))
    subtree = data.draw(st.booleans())
    plan = removal(tree, message, head, subtree=subtree)
    rest = set(range(len(parents))) - set(plan.removed)
    assert plan.removed == tuple(tree.subtree(message)) if subtree else plan.removed == (message,)
    assert set(plan.moved) <= rest
    assert (plan.head in rest) if rest else plan.head is None
    if head in rest:
        assert plan.head == head
