"""Changes, each with what it did to the words, and the way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from html import escape

import streamlit as st

from components.memory import words
from components.memory.words import Wish
from hub.memory.records import Change, Fact

_FIELDS = ("kind", "subject", "importance", "valid_from", "valid_to", "event")
_STYLE = (
    "<style>.hub-diff{font-size:14px;line-height:20px;overflow-wrap:anywhere}"
    ".hub-diff ins{text-decoration:underline;text-underline-offset:3px;font-weight:600}"
    ".hub-diff del{opacity:.66}.hub-diff .quiet{opacity:.66;font-size:12px}</style>"
)


def change_rows(changes: Sequence[Change], now: datetime, *, key: str, openable: bool = False) -> Wish | None:
    """Draw the changes as given; `openable`: each leads to its fact."""
    asked: Wish | None = None
    with st.container(gap=None, key=f"changes_{key}"):
        for change in changes:
            asked = _change(change, now, key, openable=openable) or asked
    return asked


def _change(change: Change, now: datetime, key: str, *, openable: bool) -> Wish | None:
    asked: Wish | None = None
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key=f"row_{key}_{_id(change.id)}"):
        st.markdown(f":gray[:material/{words.OPS[change.op][1]}:]", width="content")
        with st.container(gap="xxsmall"):
            st.html(_STYLE + diff(change))
            st.caption(_said(change, now))
        if openable and not change.gone and st.button("Open", key=f"{key}_open_{change.id}", type="tertiary"):
            asked = ("open", (change.fact,))
        if _can_undo(change) and st.button("Undo", key=f"{key}_undo_{change.id}", type="tertiary"):
            asked = ("undo", (change.id,))
    return asked


def _id(text: str) -> str:
    return re.sub(r"\W", "_", text)


def _said(change: Change, now: datetime) -> str:
    reason = f" {words.escaped(change.reason)}" if change.reason else ""
    return f"{words.told(change, now)}.{reason}"


def _can_undo(change: Change) -> bool:
    return not change.undone and not change.gone and change.op != "purge"


def diff(change: Change) -> str:
    """What a change did to a fact, as HTML: what went is struck, what came is underlined."""
    if change.gone or not (change.before or change.after):
        return _frame('<span class="quiet">The text was removed for good.</span>')
    before, after = change.before, change.after
    if before is None or after is None:
        shown = after or before
        assert shown is not None
        return _frame(escape(shown.text) if after else f"<del>{escape(shown.text)}</del>")
    if after.shelf == "deleted" and before.shelf != "deleted":
        return _frame(f"<del>{escape(after.text)}</del>")
    return _frame(marked(before.text, after.text) + _fields(before, after))


def _frame(html: str) -> str:
    return f'<div class="hub-diff" dir="auto">{html}</div>'


def _fields(before: Fact, after: Fact) -> str:
    """The other values that changed, in words."""
    said = [
        f"{name.replace('_', ' ')}: {_value(getattr(before, name))} → {_value(getattr(after, name))}"
        for name in _FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    return f'<br><span class="quiet">{escape("; ".join(said))}</span>' if said else ""


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return words.day(value)
    if isinstance(value, float):
        return f"{value:.0%}"
    return str(getattr(value, "start", value) or "nothing")


def marked(before: str, after: str) -> str:
    """The words of both texts in one, as HTML."""
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    parts: list[str] = []
    for what, from_, to, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = escape("".join(old[from_:to])), escape("".join(new[start:end]))
        if what == "equal":
            parts.append(came)
            continue
        parts.append(
            (f"<del>{gone}</del>" if gone else "")
            + (" " if gone and came else "")
            + (f"<ins>{came}</ins>" if came else "")
        )
    return "".join(parts)
