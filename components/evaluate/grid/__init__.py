"""The grid of a run: models as columns, the rows of one page, and a panel with one answer. It fetches by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import streamlit as st

_HERE = Path(__file__).parent
_SHARED = _HERE.parents[1]
_STYLES = ("dom", "prose", "side_panel")
_PARTS = ("wire.js", "progress.js", "filters.js", "head.js", "rows.js", "cell.js", "grid.js")
_mount = st.components.v2.component(
    "eval_grid",
    html='<div class="root">\n</div>',
    css="".join(path.read_text() for path in (*(_SHARED / f"{name}.css" for name in _STYLES), _HERE / "grid.css")),
    js="\n".join(
        path.read_text()
        for path in (
            *(_SHARED / f"{name}.js" for name in ("dom", "steady", "side_panel")),
            *(_HERE / name for name in _PARTS),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid: a model, and what tells it from others (parameters, template)."""

    label: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Baselines:
    """What columns can be compared with, under a title: (value, label)."""

    title: str
    options: tuple[tuple[str, str], ...]


def grid(
    run: str,
    columns: Sequence[Column],
    baselines: Sequence[Baselines],
    *,
    baseline: str = "",
    forms: Sequence[tuple[str, str]] = (),
    stamp: int = 0,
) -> dict[str, Any] | None:
    """Draw the grid of the run with this id; what was asked for that the page must do, {"do", ...}, if anything.

    "baseline" (with its value), "extend", "rejudge", "again", "limits", "delete", "chat" and "add" (with the `index` of
    a cell). `forms` are those that it can be exported in, with their titles. A changed `stamp` has the grid look at
    once how the run is.
    """
    data = {
        "run": run,
        "columns": [asdict(column) for column in columns],
        "baselines": [asdict(one) for one in baselines],
        "baseline": baseline,
        "forms": [list(one) for one in forms],
        "stamp": stamp,
    }
    return cast("dict[str, Any] | None", _mount(data=data, key=f"grid_{run}", on_event_change=_nothing).event)


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
