"""The figures of a run as pictures and sentences."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.connection_card import plain
from components.empty_state import empty_state
from components.evaluate.charts import Point, latency_chart, quality_chart
from components.evaluate.ranking import Place, rank_range, ranking
from components.evaluate.words import percent
from hub.evals.figures import Column, Summary

AGAINST = {"cost": "Cost", "speed": "Speed"}


def run_charts(found: Summary, judges: Sequence[str], *, key: str) -> None:
    """Draw the leaderboard of a run, quality against cost or speed, how long answers took, and what can be said.
    `judges` are sentences on how far each judge agrees with the person."""
    rated = [one for one in found.columns if one.rate is not None]
    if not any(one.done for one in found.columns):
        empty_state("monitoring", "No answers yet", "Charts begin with the first answers.", key="charts")
        return
    if rated:
        st.subheader("Leaderboard of this run", anchor=False)
        places = sorted(rated, key=lambda one: -_rate(one))
        ranking(
            [_place(one, found) for one in places],
            label="Leaderboard of this run",
            unit="Passed",
            key=f"ranking_{key}",
        )
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader("Quality against", anchor=False, width="content")
            against = st.segmented_control(
                "Against",
                list(AGAINST),
                default="cost" if any(one.cost for one in rated) else "speed",
                required=True,
                format_func=AGAINST.__getitem__,
                key=f"against_{key}",
                label_visibility="collapsed",
            )
        quality_chart([_point(one) for one in rated], against or "cost")
    else:
        st.caption("Nothing is judged yet: without checks or your marks there is no pass rate.")
    st.subheader("How long answers took", anchor=False)
    latency_chart([(one.name, one.ms) for one in found.columns if one.ms])
    if found.said or judges:
        st.subheader("What can be said", anchor=False)
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in (*found.said, *judges)))
    _tries(found)


def _rate(one: Column) -> float:
    return one.rate.value if one.rate else 0.0


def _place(one: Column, found: Summary) -> Place:
    """A column among the others; what is known of it against the best stands below its name."""
    assert one.rate is not None
    told = [
        two.sentence for two in found.comparisons if one.name in two.names and found.columns[found.best or 0] is not one
    ]
    counted = f"{one.passed:,} of {one.passed + one.failed:,}"
    rate = one.rate
    return Place(
        rank_range(*(one.ranks or (1, len(found.columns)))),
        one.name,
        rate.value,
        rate.low,
        rate.high,
        percent(rate.value),
        counted,
        " ".join(told[:1]),
    )


def _point(one: Column) -> Point:
    assert one.rate is not None
    cost = None if one.cost is None or not one.done else one.cost / one.done
    seconds = None if one.median_ms is None else one.median_ms / 1000
    return Point(one.name, one.rate.value, one.rate.low, one.rate.high, cost, seconds)


def _tries(found: Summary) -> None:
    """The chance that at least one, and that all, of some tries pass."""
    if not any(one.tries for one in found.columns):
        return
    st.subheader("Several tries", anchor=False)
    counts = sorted({tries.k for one in found.columns for tries in one.tries})
    head = "| Model | " + " | ".join(f"any of {k} | all of {k}" for k in counts) + " |"
    lines = [head, "|---|" + "---:|---:|" * len(counts)]
    for one in found.columns:
        known = {tries.k: tries for tries in one.tries}
        cells = [f"{percent(known[k].any)} | {percent(known[k].all)}" if k in known else " | " for k in counts]
        lines.append(f"| {plain(one.name).replace('|', ' ')} | {' | '.join(cells)} |")
    st.markdown("\n".join(lines))
    st.caption("pass@k and pass^k: the chance that at least one of k answers to a prompt passes, and that all do.")
