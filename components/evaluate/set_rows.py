"""The part of a prompt set that holds its rows: the table, more columns and rows, and saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.error_note import error_note
from components.evaluate import set_table
from components.evaluate.words import many
from components.state import SetWork
from hub.evals.records import PromptSet, Row

Save = Callable[[Sequence[Row], Sequence[Row]], None]
"""Gets the rows of the page as they were and as they are; makes the next version."""


def set_rows(one: PromptSet, read: Callable[[int, int], Sequence[Row]], work: SetWork, save: Save) -> str:
    """Draw the rows of a set; what else was asked for: "file", "paste", "load" or nothing. `read` gives rows from a
    position on."""
    asked = _bar(one, work)
    key = f"rows_{one.id}_{one.version}_{work.round}"
    page = st.session_state.get(f"{key}_page", 1) - 1
    rows = read(page * set_table.PAGE, set_table.PAGE)
    variables = set_table.names(rows, one.templates, work.names)
    shown = set_table.columns(rows, variables, work.turns)
    now = set_table.set_table(rows, shown, key=f"{key}_{page}_{len(shown)}")
    unsaved = now != list(rows)
    with st.container(horizontal=True, vertical_alignment="center", key="set_save"):
        if st.button(f"Save as version {one.version + 1}", type="primary", key="save_rows") and unsaved:
            save(rows, now)
        if unsaved and st.button("Discard changes", type="tertiary", key="discard_rows"):
            work.round += 1
            st.rerun()
        pages = -(-one.rows // set_table.PAGE)
        if pages > 1:
            st.pagination(pages, key=f"{key}_page", disabled=unsaved)
        st.caption("Save or discard before you turn the page." if unsaved and pages > 1 else many(one.rows, "row"))
    if work.problem and error_note(*work.problem, action="Load the newest version", key="set_moved"):
        return "load"
    return asked


def _bar(one: PromptSet, work: SetWork) -> str:
    """What can be added."""
    with st.container(horizontal=True, vertical_alignment="center", key="set_bar"):
        if st.button("Add from file", icon=":material/upload_file:", key="rows_file"):
            return "file"
        if st.button("Paste prompts", icon=":material/content_paste:", key="rows_paste"):
            return "paste"
        with st.popover("Columns", icon=":material/view_column:", key=f"columns_{one.id}_{work.round}"):
            with st.form("add_column", border=False, clear_on_submit=True):
                name = st.text_input("New variable", placeholder="city", help="Templates write it as {{city}}.")
                if st.form_submit_button("Add variable") and _name(name):
                    work.names.append(_name(name))
                    st.rerun()
            if st.button("Add a turn", icon=":material/add:", key="add_turn"):
                work.turns = max(work.turns + 1, 2)
                st.rerun()
    return ""


def _name(text: str | None) -> str:
    """A variable's name out of what was typed: what {{...}} can hold."""
    kept = "".join(letter if letter.isalnum() or letter in "_.-" else "_" for letter in (text or "").strip(" {}"))
    return kept.strip("_")
