"""A ranking as a table: the rank as a range, the score with its interval drawn, and how many votes it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_SHARED = _HERE.parents[1]
_mount = st.components.v2.component(
    "eval_ranking",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "ranking.css").read_text(),
    js=(_SHARED / "dom.js").read_text() + "\n" + (_HERE / "ranking.js").read_text(),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A model in a ranking. `rank` is in words ("2-4"); `value` says the score in words; `note` is what would settle
    its place."""

    rank: str
    model: str
    score: float
    low: float
    high: float
    value: str
    count: str
    note: str = ""


def rank_range(low: int, high: int) -> str:
    """A rank in words, as a range where more than one is possible."""
    return str(low) if low == high else f"{low}–{high}"  # noqa: RUF001 a range of ranks


def ranking(places: Sequence[Place], *, label: str, unit: str, key: str) -> None:
    """Draw the places, the best first, all on one scale that is named `unit`."""
    low = min(one.low for one in places)
    high = max(one.high for one in places)
    _mount(
        data={"places": [asdict(one) for one in places], "label": label, "unit": unit, "low": low, "high": high},
        key=key,
    )
