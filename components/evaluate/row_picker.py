"""Choosing rows by checkbox: a table with a search, a page of it at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.connection_card import plain
from components.evaluate.words import many
from hub.evals.records import Row

PAGE = 20
LONGEST = 160


def row_picker(rows: Sequence[Row], chosen: set[str], *, key: str) -> None:
    """Draw the rows; `chosen` has the ids of those that are ticked and is changed in place."""
    words = st.text_input(
        "Search rows", key=f"{key}_words", placeholder="Search prompts, expected values and tags", live="250ms"
    )
    found = matching(rows, words or "")
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_bar"):
        st.caption(f"{len(chosen):,} of {many(len(rows), 'new row')} chosen", width="stretch")
        ids = [row.id for row in found]
        label = f"Choose all {len(found):,}"
        st.button(label, key=f"{key}_all", disabled=not found, on_click=chosen.update, args=(ids,))
        st.button("Choose none", type="tertiary", key=f"{key}_none", disabled=not chosen, on_click=chosen.clear)
    if not found:
        st.caption("No row has these words.")
        return
    pages = -(-len(found) // PAGE)
    at = min(st.session_state.get(f"{key}_page", 1), pages) - 1
    with st.container(border=True, key=f"card_{key}", gap=None):
        for row in found[at * PAGE : (at + 1) * PAGE]:
            _line(row, chosen, key)
    if pages > 1:
        st.pagination(pages, key=f"{key}_page")


def matching(rows: Sequence[Row], words: str) -> list[Row]:
    """The rows in which all the words stand."""
    wanted = words.lower().split()
    return [row for row in rows if all(word in _text(row) for word in wanted)]


def _line(row: Row, chosen: set[str], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"row_{key}_{row.id}"):
        name = f"{key}_tick_{row.id}"
        st.session_state[name] = row.id in chosen
        change = chosen.discard if row.id in chosen else chosen.add
        st.checkbox(plain(_title(row)), key=name, on_change=change, args=(row.id,), width="stretch")
        about = [*row.tags, *([f"expected {_short(row.expected, 40)}"] if row.expected else [])]
        st.caption(plain(" · ".join(about)), width="content")


def _title(row: Row) -> str:
    said = row.turns[0] if row.turns else ", ".join(f"{name}: {value}" for name, value in row.vars.items())
    return _short(said, LONGEST) or "(empty)"


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _text(row: Row) -> str:
    return " ".join((*row.turns, *row.vars.values(), row.expected or "", *row.tags)).lower()
