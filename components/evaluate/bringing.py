"""Bringing prompts in: a file with what of it was not taken, or a pasted text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import streamlit as st

from components.connection_card import plain
from components.evaluate.words import many
from hub.evals.records import Row, SetDraft

ENDINGS = ["csv", "tsv", "jsonl", "ndjson", "json", "yaml", "yml"]
MOST_SAID = 12
LINE, PARAGRAPH = "Each line is a prompt", "Each paragraph is a prompt"


class Imported(Protocol):
    """What came out of a file: `warnings` name what was not taken, `notes` what was decided."""

    @property
    def draft(self) -> SetDraft: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def notes(self) -> Sequence[str]: ...


Read = Callable[[str, bytes], "Imported | str"]
"""Reads a file by its name and bytes; what is in it, or why nothing."""
Take = Callable[[SetDraft], str]
"""Keeps a draft; "" or what is wrong with it."""


@st.dialog("New prompt set", width="medium")
def new_set(read: Read, take: Take) -> None:
    """An empty set by its name, or one from a file."""
    file = st.file_uploader(
        "From a CSV, JSONL, YAML or promptfoo file, or leave it and write the rows yourself", ENDINGS, key="set_file"
    )
    draft = _read(file, read) if file else SetDraft("")
    if draft is None:
        return
    name = st.text_input(
        "Name", draft.name, max_chars=120, key=f"set_name_{draft.name}", placeholder="Arithmetic", live="200ms"
    )
    label = f"Create with {many(len(draft.rows), 'row')}" if draft.rows else "Create prompt set"
    if st.button(label, type="primary", disabled=not (name or "").strip(), key="set_create"):
        _finish(take(SetDraft((name or "").strip(), draft.rows, draft.templates, draft.checks, draft.description)))


@st.dialog("Add rows from a file", width="medium")
def add_file(read: Read, take: Take) -> None:
    """More rows from a file; templates and checks in it stay out."""
    file = st.file_uploader("CSV, JSONL, YAML or promptfoo file", ENDINGS, key="rows_from")
    draft = _read(file, read) if file else None
    if draft and st.button(f"Add {many(len(draft.rows), 'row')}", type="primary", key="rows_add"):
        _finish(take(draft))


@st.dialog("Paste prompts", width="medium")
def add_paste(take: Take) -> None:
    """More rows from a text: one a line, or one a paragraph."""
    how = st.segmented_control(
        "Each",
        ["Line is a prompt", "Paragraph is a prompt"],
        default="Line is a prompt",
        required=True,
        key="paste_how",
    )
    text = st.text_area("Prompts", height=220, key="paste_text", placeholder="Why is the sky dark at night? | Olbers")
    st.caption("What stands behind a bar is what is expected.")
    rows = pasted(text or "", paragraphs=how == PARAGRAPH)
    if st.button("Add rows", type="primary", key="paste_add"):
        _finish(take(SetDraft("", tuple(rows))) if rows else "Paste a prompt first.")


def pasted(text: str, *, paragraphs: bool) -> list[Row]:
    """The rows of a pasted text; "prompt | expected" where there is a bar."""
    parts = text.replace("\r\n", "\n").split("\n\n") if paragraphs else text.splitlines()
    found: list[Row] = []
    for part in filter(None, map(str.strip, parts)):
        prompt, bar, expected = part.rpartition(" | ")
        asked = prompt.strip() if bar else part
        found.append(Row("", (asked,), expected=expected.strip() if bar else None))
    return found


def _read(file: Any, read: Read) -> SetDraft | None:
    """What is in the file, with what of it was not taken."""
    found = read(file.name, file.getvalue())
    if isinstance(found, str):
        st.error(found, icon=":material/error:")
        return None
    draft = found.draft
    said = [many(len(draft.rows), "row")]
    said += [many(len(draft.templates), "template")] if len(draft.templates) > 1 else []
    said += [many(len(draft.checks), "check")] if draft.checks else []
    st.markdown(f":material/check: {plain(file.name)}: {', '.join(said)}.")
    for note in found.notes:
        st.caption(plain(note))
    if found.warnings:
        lines = [f"- {plain(one)}" for one in found.warnings[:MOST_SAID]]
        if len(found.warnings) > MOST_SAID:
            lines.append(f"- and {len(found.warnings) - MOST_SAID:,} more")
        st.warning(
            f"{many(len(found.warnings), 'thing')} in the file not taken; the rest is.\n\n" + "\n".join(lines),
            icon=":material/warning:",
        )
    return draft


def _finish(problem: str) -> None:
    if problem:
        st.error(problem, icon=":material/error:")
    else:
        st.rerun()
