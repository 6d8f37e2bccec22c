"""How signals become one order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hub.search.fuse import Weights, level, neighbours


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0.5, 100), st.floats(-1e3, 1e3))
def test_levelling_forgets_unit_and_origin(values: list[float], scale: float, shift: float) -> None:
    given_, moved = np.array(values), np.array(values) * scale + shift
    if given_.std() > 1e-3:
        assert np.allclose(level(given_), level(moved), atol=1e-3)
    assert abs(level(given_).mean()) < 1e-6


def test_equal_values_say_nothing() -> None:
    assert level(np.array([3.0, 3.0])).tolist() == [0, 0]
    assert level(np.array([699050.6890326289] * 3)).tolist() == [0, 0, 0]


def test_a_row_gains_from_those_beside_it_in_its_group_only() -> None:
    places = {1: (7, 0), 2: (7, 1), 3: (7, 2), 4: (8, 1)}
    gained = neighbours({1: 1.0, 3: 0.0, 4: 0.0}, places, Weights(near=0.5, fade=0.5, reach=2), 0.0)
    assert gained[2] == 0.5 * (1.0 + 0.0)
    assert gained[3] == 0.5 * 0.0 + 0.25 * 1.0  # row 2 was no candidate
    assert gained[4] == 0.0


def test_branches_at_one_place_count_once() -> None:
    places = {1: (7, 0), 2: (7, 1), 3: (7, 1)}
    gained = neighbours({1: 0.0, 2: 2.0, 3: 1.0}, places, Weights(near=0.5, reach=1), -1.0)
    assert gained[1] == 0.5 * 2.0
