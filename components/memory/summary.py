"""What is known in a scope as sentences to read; each leads to the facts that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.clock import long_ago
from components.memory.words import Wish, escaped
from hub.memory.records import Sentence, Summary

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "memory_summary",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "summary.css").read_text(),
    js="\n".join(
        path.read_text() for path in (_HERE.parent / "dom.js", _HERE.parent / "steady.js", _HERE / "summary.js")
    ),
)


def summary_view(summary: Summary, now: datetime, *, key: str = "memory_summary") -> Wish | None:
    """Draw it, when it was written and by what."""
    data = {"groups": groups(summary.sentences)}
    facts = cast("list[Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    if facts:
        return ("open" if len(facts) == 1 else "rests", tuple(map(str, facts)))
    return ("rewrite", (summary.scope,)) if _foot(summary, now) else None


def _foot(summary: Summary, now: datetime) -> bool:
    by = f"by {escaped(summary.model)}" if summary.model else "put together without a model"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="facts_summary"):
        stale = " Memories have changed since." if summary.stale else ""
        st.caption(f"Written {long_ago(summary.at, now)}, {by}.{stale}", width="content")
        return st.button("Rewrite summary", icon=":material/refresh:", type="tertiary", key="summary_rewrite")


def groups(sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
    """Headings with what stands below them; a sentence without facts is a heading."""
    found: list[dict[str, Any]] = []
    for one in sentences:
        if not one.facts:
            found.append({"heading": one.text, "sentences": []})
            continue
        if not found:
            found.append({"heading": "", "sentences": []})
        found[-1]["sentences"].append({"text": one.text, "facts": list(one.facts)})
    return found


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
