"""Kappa: published numbers, its error by taking out one at a time, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.stats.agreement import kappa

pairs = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=3, max_size=60)


def table(rows: list[list[int]]) -> list[tuple[int, int]]:
    return [(a, b) for a, row in enumerate(rows) for b, count in enumerate(row) for _ in range(count)]


def test_the_example_of_fleiss_cohen_and_everitt() -> None:
    found = kappa(table([[106, 10, 4], [22, 28, 10], [2, 12, 6]]))
    assert round(found.value, 3) == 0.429
    assert round(found.error, 3) == 0.054
    assert found.words == "moderate"


def test_the_error_is_that_of_leaving_one_out() -> None:
    chance = np.random.default_rng(4)
    seen = [(int(a), int(a if chance.random() < 0.6 else b)) for a, b in chance.integers(0, 3, (300, 2))]
    without = [kappa(seen[:at] + seen[at + 1 :]).value for at in range(300)]
    jackknife = float(np.sqrt(299 / 300 * np.sum((np.array(without) - np.mean(without)) ** 2)))
    assert kappa(seen).error == pytest.approx(jackknife, rel=0.02)


def test_pairs_of_one_prompt_are_not_independent() -> None:
    seen = table([[30, 8], [6, 26]])
    once = kappa(seen)
    copied = kappa(seen * 4, [prompt for _ in range(4) for prompt in range(len(seen))])
    assert copied.value == pytest.approx(once.value)
    assert copied.error == pytest.approx(once.error)
    assert kappa(seen * 4).error == pytest.approx(once.error / 2)


@settings(deadline=None)
@given(pairs)
def test_who_judged_first_does_not_matter(seen: list[tuple[str, str]]) -> None:
    one, two = kappa(seen), kappa([(b, a) for a, b in seen])
    assert one.agreement == two.agreement
    if one.value is not None:
        assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))
        assert -1 <= one.low <= one.value <= one.high <= 1


def test_full_agreement_is_not_certain() -> None:
    found = kappa([(True, True), (False, False)] * 5)
    assert found.value == 1
    assert found.high == 1
    assert 0 < found.low < 0.6


def test_what_cannot_be_said() -> None:
    assert kappa([]).value is None
    same = kappa([("pass", "pass")] * 9)
    assert same.value is None
    assert same.agreement == 1
    assert same.words == "unknown"
    with pytest.raises(ValueError, match="cluster"):
        kappa([(1, 1)], [])
