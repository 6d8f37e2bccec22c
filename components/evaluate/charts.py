"""Charts of a run: quality against cost, and how long answers took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

HEIGHT = 320
_TITLES = {"cost": "US dollars for 1,000 answers", "speed": "Seconds, median"}


@dataclass(frozen=True, slots=True)
class Point:
    """What a column of the grid came to: `rate` with its interval (0 to 1), dollars an answer and median seconds (None
    is unknown)."""

    label: str
    rate: float
    low: float
    high: float
    cost: float | None
    seconds: float | None


def quality_chart(points: Sequence[Point], against: str) -> None:
    """Pass rate over `against` ("cost" or "speed"), each with its interval; columns without that number are named."""
    known = [one for one in points if _across(one, against) is not None]
    if known:
        table = pd.DataFrame(
            [
                {
                    "Model": one.label,
                    "across": _across(one, against),
                    "Pass rate": one.rate * 100,
                    "low": one.low * 100,
                    "high": one.high * 100,
                }
                for one in known
            ]
        )
        st.altair_chart(_quality(table, _TITLES[against]), height=HEIGHT, alt=_told(known, against))
    without = [one.label for one in points if one not in known]
    if without:
        what = "Price unknown" if against == "cost" else "No answer was timed"
        st.caption(f"{what}: {', '.join(without)}.")


def _quality(table: pd.DataFrame, title: str) -> alt.LayerChart:
    across: Any = alt.X("across:Q", title=title, scale=alt.Scale(zero=False, padding=24))
    base = alt.Chart(table).encode(x=across, color=_accent())
    limits = base.mark_rule(strokeWidth=2, opacity=0.5).encode(
        y=alt.Y("low:Q", title="Passed, %", scale=_rates(table)), y2="high:Q"
    )
    tips = [
        alt.Tooltip("Model:N"),
        alt.Tooltip("Pass rate:Q", format=".1f"),
        alt.Tooltip("low:Q", format=".1f", title="From"),
        alt.Tooltip("high:Q", format=".1f", title="To"),
        alt.Tooltip("across:Q", format=".4g", title=title),
    ]
    dots = base.mark_circle(size=110, opacity=1).encode(y="Pass rate:Q", tooltip=tips)
    ink = alt.value(st.get_option(f"theme.{_look()}.textColor"))
    names = base.mark_text(align="left", dx=10, dy=-8, fontSize=12).encode(y="Pass rate:Q", text="Model:N", color=ink)
    return limits + dots + names


def _rates(table: pd.DataFrame) -> alt.Scale:
    """From a little below the lowest to a little above the highest, within what a rate can be."""
    return alt.Scale(domain=[max(0.0, table["low"].min() - 4), min(100.0, table["high"].max() + 4)], nice=False)


Percentiles = tuple[float, float, float, float, float]
"""Milliseconds that 5, 25, 50, 75 and 95 of 100 answers took at most."""


def latency_chart(times: Sequence[tuple[str, Percentiles]]) -> None:
    """How long answers took, a column of the grid a line: from the fifth to the 95th of a hundred, the middle half, and
    the median."""
    if not times:
        st.caption("No answer was timed: answers from the cache say nothing about speed.")
        return
    names = ("5 %", "from", "Median", "to", "95 %")
    rows = [{"Model": label} | dict(zip(names, (ms / 1000 for ms in five), strict=True)) for label, five in times]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("Model:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
        color=_accent(),
    )
    tips = [alt.Tooltip("Model:N"), *(alt.Tooltip(f"{one}:Q", format=".2f") for one in ("5 %", "Median", "95 %"))]
    whole = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("5 %:Q", title="Seconds for a whole answer: 5 % to 95 %, the middle half, the median"), x2="95 %:Q"
    )
    half = base.mark_bar(size=16, opacity=0.45).encode(x="from:Q", x2="to:Q", tooltip=tips)
    median = base.mark_tick(thickness=3, size=22).encode(x="Median:Q", tooltip=tips)
    told = "; ".join(f"{label} median {five[2] / 1000:.2f} s" for label, five in times)
    st.altair_chart(whole + half + median, height=max(140, 60 + 44 * len(rows)), alt=told)


def _look() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


def _accent() -> Any:
    """The one colour of the hub: models are told apart by their names."""
    return alt.value(st.get_option(f"theme.{_look()}.linkColor"))


def _across(one: Point, against: str) -> float | None:
    if against == "speed":
        return one.seconds
    return None if one.cost is None else one.cost * 1000


def _told(points: Sequence[Point], against: str) -> str:
    return "; ".join(f"{one.label}: {one.rate:.1%} passed, {_across(one, against):.4g}" for one in points)
