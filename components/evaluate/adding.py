"""Putting prompts from elsewhere (a chat, a comparison, a cell of a run) into a prompt set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.dialog import dialog
from components.evaluate.words import many, told_apart
from hub.evals.records import PromptSet, Row

NEW = "A new prompt set"


def adding_dialog(
    rows: Sequence[Row],
    sets: Sequence[PromptSet],
    take: Callable[[str | None, str, Sequence[Row]], str],
    close: Callable[[], None],
) -> None:
    """Ask which set the rows go to. `take` gets its id (None for a new one), the name of a new one and the rows as they
    were changed; it says what is wrong, if anything."""

    def form() -> None:
        names = told_apart({one.id: one.name for one in sets})
        chosen = st.selectbox(
            "Prompt set", [*names, None], format_func=lambda id_: names.get(id_ or "", NEW), key="adding_set"
        )
        name = (
            ""
            if chosen
            else st.text_input("Name", key="adding_name", max_chars=120, placeholder="From my chats", live="200ms")
        )
        changed = [_row(row, at) for at, row in enumerate(rows)] if len(rows) == 1 else list(rows)
        ready = bool(chosen or (name or "").strip())
        if st.button(f"Add {many(len(rows), 'row')}", type="primary", disabled=not ready, key="adding_take"):
            problem = take(chosen, (name or "").strip(), changed)
            if problem:
                st.error(problem, icon=":material/error:")
            else:
                close()
                st.rerun()

    dialog("Add to prompt set", close, form, width="medium")


def _row(row: Row, at: int) -> Row:
    shown = "\n\n".join(row.turns)
    st.caption("Prompt")
    st.code(shown if len(shown) < 1200 else f"{shown[:1200]}…", language=None, wrap_lines=True)
    expected = st.text_area(
        "Expected (optional)",
        row.expected or "",
        key=f"adding_expected_{at}",
        height=100,
        help="What checks compare with. Leave it empty when no single text is right.",
    )
    return Row(row.id, row.turns, row.vars, row.system, (expected or "").strip() or None, row.files, row.tags)
