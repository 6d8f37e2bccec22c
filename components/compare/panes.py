"""The columns of a comparison, its votes and merges, and the lineup before there is one: one component, one stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.transcript import MESSAGE_CSS, MESSAGE_JS, diagram_library

_HERE = Path(__file__).parent
_PARTS = (
    "pane_foot.js",
    "pane.js",
    "scrolling.js",
    "votes.js",
    "merges.js",
    "setup.js",
    "pane_actions.js",
    "following.js",
    "board.js",
)
_HTML = """<div class="root">
<div class="setup" hidden></div>
<div class="stage" hidden>
<div class="bar">
<span class="blind" hidden><span class="icon" aria-hidden="true">visibility_off</span>
<span>Names hidden</span></span>
<div class="title"></div>
<nav class="tabs" aria-label="Columns" hidden></nav>
<button type="button" class="tool sync" data-act="sync" aria-label="Scroll columns together" aria-pressed="true">
<span class="icon" aria-hidden="true">sync_alt</span></button>
<button type="button" class="tool" data-act="add-pane" aria-label="Add a column" title="Add a column"
aria-haspopup="menu" aria-expanded="false"><span class="icon" aria-hidden="true">add</span></button>
<button type="button" class="tool" data-act="more" aria-label="More" title="More" aria-haspopup="menu"
aria-expanded="false"><span class="icon" aria-hidden="true">more_horiz</span></button>
</div>
<div class="lost" role="status" hidden>Connection lost. The answers go on without it; reconnecting.</div>
<div class="board" role="group" aria-label="Answers side by side"></div>
<div class="votes"></div>
<section class="merges" aria-label="Merges" hidden></section>
</div>
<div class="announcement" role="status" aria-live="polite"></div>
</div>"""

_mount = st.components.v2.component(
    "panes",
    html=_HTML,
    css="".join(path.read_text() for path in (*MESSAGE_CSS, _HERE / "panes.css")),
    js="\n".join(
        path.read_text() for path in (*MESSAGE_JS, _HERE.parent / "steady.js", *(_HERE / name for name in _PARTS))
    ),
)


def panes(data: Mapping[str, Any], *, on_action: Callable[[dict[str, Any]], None], key: str = "panes") -> None:
    """Draw `data`, which `components.compare.views` makes; `on_action` is called before the next run of the page.

    An action is {"kind", ...}: lineup {members, blind}, adjust-member {at}, save-team, use-team, delete-team {team},
    open {comparison}, start-from {members} before there is a comparison; then, with the column in `pane`, retry, swap
    {model}, adjust, remove, difference {with}, continue-with; add {model}, new; what-went-in {message};
    vote {turn, ranks, all_bad, reason, tags}, undo-vote {turn}; merge {how, model, instruction}, finish-merge {merge,
    ticked}, use-merge, remove-merge {merge}; answered and finished {run}.
    """

    def act() -> None:
        action = cast("dict[str, Any] | None", st.session_state[key].action)
        if action:
            on_action(action)

    _mount(data={**data, "mermaid": diagram_library()}, key=key, on_action_change=act)
