"""The transcript: stored and streaming messages in one drawing. See docs/decisions/0002-transcript-component.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.transcript.views import Empty, Live, MessageView, view, views

__all__ = [
    "MESSAGE_CSS",
    "MESSAGE_JS",
    "Empty",
    "Live",
    "MessageView",
    "diagram_library",
    "transcript",
    "view",
    "views",
]

_HERE = Path(__file__).parent
_SHARED = _HERE.parent
MESSAGE_JS = [_SHARED / "dom.js"] + [
    _HERE / name for name in ("diagram.js", "ask.js", "given.js", "message.js", "live.js", "stream.js", "reading.js")
]
"""Scripts that draw messages, stored and streaming, for every component that does; each brings `drawFoot` and
`againButtons` of its own."""
MESSAGE_CSS = [_SHARED / "dom.css", _SHARED / "prose.css", _HERE / "message.css"]
_PARTS = ("foot.js", "actions.js", "transcript.js")
_HTML = """<div class="root">
<div class="earlier" hidden><button type="button" class="word" data-act="earlier">Show earlier messages</button></div>
<div class="welcome" hidden></div>
<div class="messages"></div>
<div class="later" hidden><button type="button" class="word" data-act="later">Show later messages</button>
<button type="button" class="word" data-act="latest">Go to the latest</button></div>
<div class="lost" role="status" hidden>Connection lost. The answer goes on without it; reconnecting.</div>
<div class="jump-place">
<button type="button" class="jump" data-act="jump" aria-label="Jump to latest" title="Jump to latest">
<span class="icon" aria-hidden="true">arrow_downward</span></button></div>
<div class="announcement" role="status" aria-live="polite"></div>
</div>"""

_mount = st.components.v2.component(
    "transcript",
    html=_HTML,
    css="".join(path.read_text() for path in (*MESSAGE_CSS, _HERE / "transcript.css")),
    js="\n".join(path.read_text() for path in (*MESSAGE_JS, *(_HERE / name for name in _PARTS))),
)


def transcript(
    messages: Sequence[MessageView],
    *,
    place: str,
    conversation: str | None,
    live: Sequence[Live] = (),
    earlier: bool = False,
    later: bool = False,
    at: tuple[str, int] | None = None,
    empty: Empty | None = None,
    recent: Sequence[str] = (),
    on_action: Callable[[dict[str, Any]], None],
    key: str = "transcript",
) -> None:
    """Draw `messages`, oldest first, and call `on_action` before the next run of the page when a person does something.

    `place` names what is shown: the conversation, or a word of its own for each new chat; when it changes, everything
    is drawn afresh. `earlier` and `later`: there are messages above, and below. `at` is the message to bring into
    sight, with a number that changes whenever that is to be done. `recent` are the ids of the models that are offered
    first for another answer. An action is {"kind", "message"?, ...}; the kinds are listed in
    `docs/decisions/0002-transcript-component.md`.
    """

    def act() -> None:
        action = cast("dict[str, Any] | None", st.session_state[key].action)
        if action:
            on_action(action)

    data = {
        "place": place,
        "conversation": conversation,
        "messages": [message.data() for message in messages],
        "live": [{"run": run.run, "answers": list(run.answers)} for run in live],
        "earlier": earlier,
        "later": later,
        "at": {"message": at[0], "visit": at[1]} if at else None,
        "empty": empty.data() if empty else None,
        "recent": list(recent),
        "mermaid": diagram_library(),
    }
    _mount(data=data, key=key, on_action_change=act)


@lru_cache(maxsize=1)
def diagram_library() -> str:
    """Address of the diagram library that Streamlit serves to its own front end, relative to the page."""
    scripts = Path(st.__file__).parent / "static" / "static" / "js"
    found = sorted(scripts.glob("mermaid.core.*.js"))
    return f"static/js/{found[0].name}" if found else ""
