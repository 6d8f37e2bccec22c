"""Changes that wait for the person: what each would do, to take or to leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from components.clock import long_ago
from components.memory.history import marked
from components.memory.words import KINDS, OPS, Wish, escaped, many
from hub.memory.records import Pending


def pending_rows(waiting: Sequence[Pending], now: datetime) -> Wish | None:
    """Draw them; what was decided, if anything."""
    verdict: Wish | None = None
    with st.container(horizontal=True, vertical_alignment="center", key="pending_all"):
        st.markdown(f"**{many(len(waiting), 'change', 'changes')} to look at**", width="stretch")
        every = tuple(one.id for one in waiting)
        if len(waiting) > 1 and st.button("Keep all", icon=":material/done_all:", key="pending_keep_all"):
            verdict = ("keep", every)
        if len(waiting) > 1 and st.button("Drop all", type="tertiary", key="pending_drop_all"):
            verdict = ("drop", every)
    for one in waiting:
        verdict = _row(one, now) or verdict
    return verdict


def _row(one: Pending, now: datetime) -> Wish | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row_pending_{one.id}"):
        with st.container(gap="xxsmall"):
            st.html(f'<div style="font-size:14px;line-height:20px" dir="auto">{_text(one)}</div>')
            reason = f" · {escaped(one.reason)}" if one.reason else ""
            quote = next((f" · “{escaped(source.quote)}”" for source in one.fact.sources if source.quote), "")
            st.caption(f"{_name(one)} · {KINDS[one.fact.kind][0]} · {long_ago(one.at, now)}{quote}{reason}")
        keep = st.button("Keep", icon=":material/check:", key=f"keep_{one.id}")
        drop = st.button("Drop", icon=":material/close:", type="tertiary", key=f"drop_{one.id}")
    return ("keep" if keep else "drop", (one.id,)) if keep or drop else None


def _name(one: Pending) -> str:
    return {"add": "New", "supersede": "Takes the place", "forget": "Forget"}.get(one.op, OPS[one.op][0])


def _text(one: Pending) -> str:
    if one.op == "forget":
        return f'<del style="opacity:.66">{escape((one.replaces or one.fact).text)}</del>'
    return marked(one.replaces.text, one.fact.text) if one.replaces else escape(one.fact.text)
