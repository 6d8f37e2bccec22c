"""A box to type a message into, and what memory would put into the prompt for it, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

import streamlit as st

from components.clock import long_ago
from components.memory.words import day
from hub.memory.records import Preview, Recalled

KINDS = {"profile": ("Profile", "person"), "fact": ("Memory", "bookmark"), "message": ("Earlier message", "forum")}
_STYLE = f"<style>{(Path(__file__).parent / 'recall.css').read_text()}</style>"


def recall_box() -> str:
    """The form; the message whose recall is wanted, "" before anything was sent."""
    with st.form("recall", border=False):
        st.text_area(
            "Message", key="recall_text", height=80, placeholder="What should I cook for Lea on Friday?", max_chars=4000
        )
        st.form_submit_button("Show what goes in", type="primary", icon=":material/manage_search:")
    return str(st.session_state.get("recall_text") or "").strip()


def recall_view(preview: Preview, most: int, now: datetime) -> None:
    """What goes in, what was looked at besides, and the words as the model reads them. `most` tokens are allowed."""
    kept = [one for one in preview.items if one.kept]
    st.markdown(
        f"**{preview.tokens:,} of {most:,} tokens** go in, from {len(kept):,} places. :gray[{preview.ms:,.0f} ms]"
    )
    if preview.spans:
        said = ", ".join(_span(one) for one in preview.spans)
        st.caption(f":material/event: The message names a time: {said}.")
    for notice in preview.notices:
        st.warning(notice, icon=":material/info:")
    _rows("For this message", [one for one in kept if one.kind != "profile"], now)
    _rows("In every message", [one for one in kept if one.kind == "profile"], now)
    other = [one for one in preview.items if not one.kept]
    if other:
        with st.expander(f"Looked at, not taken ({len(other):,})", type="compact"):
            st.html(_STYLE + "".join(_row(one, _best(preview.items), now) for one in other))
    if preview.texts:
        with st.expander("As the model reads it", type="compact"):
            for text in preview.texts:
                st.code(text, language=None, wrap_lines=True)


def _rows(title: str, rows: Sequence[Recalled], now: datetime) -> None:
    st.markdown(f"**{title}**")
    if rows:
        st.html(_STYLE + "".join(_row(one, _best(rows), now) for one in rows))
    else:
        st.caption("Nothing.")


def _best(rows: Sequence[Recalled]) -> float:
    return max((one.score for one in rows), default=0.0)


def _row(one: Recalled, best: float, now: datetime) -> str:
    share = max(0.0, min(1.0, one.score / best)) if best > 0 and one.kind != "profile" else 0
    bar = f'<div class="bar"><i style="width:{share:.0%}"></i></div>' if share else ""
    kind, when = KINDS[one.kind][0], day(one.at) if one.at > now else long_ago(one.at, now)
    return (
        f'<div class="hub-recall"><div class="text" dir="auto">{escape(one.text.removeprefix("- "))}</div>'
        f'<div>{bar}</div><div class="why">{kind}, {escape(when)} · {escape(one.why)}</div>'
        f'<div class="figures">{escape(figures(one))}</div></div>'
    )


def figures(one: Recalled) -> str:
    """The parts of a rank and the price in tokens."""
    if one.kind == "profile":
        return f"{one.tokens:,} tokens"
    dense = "no vector" if one.dense is None else f"meaning {one.dense:.2f}"
    return f"{dense} · words {one.lexical:.1f} · {one.tokens:,} tokens"


def _span(span: tuple[str, str]) -> str:
    ends = [day(datetime.fromisoformat(one)) for one in span]
    return " to ".join(dict.fromkeys(ends))
