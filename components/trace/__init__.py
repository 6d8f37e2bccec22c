"""The timeline of an answer: a row for each request, call, pause and sub-agent, each with what is behind it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.trace.views import view
from hub.traces import Trace

__all__ = ["timeline", "view"]

_HERE = Path(__file__).parent
_SHARED = _HERE.parent
_mount = st.components.v2.component(
    "trace",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "trace.css").read_text(),
    js="\n".join(
        path.read_text() for path in (_SHARED / "dom.js", *(_HERE / f"{name}.js" for name in ("detail", "rows")))
    ),
)


def timeline(trace: Trace, *, costs: bool = True, key: str = "timeline") -> None:
    """Draw `trace`; without `costs` no amounts of money are shown."""
    _mount(data=view(trace, costs=costs), key=key)
