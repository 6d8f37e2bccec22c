"""A question that is tried on a collection: what it finds, and why."""

from __future__ import annotations

from typing import Protocol

import streamlit as st

from components.documents import words
from components.empty_state import empty_state
from components.error_note import error_note
from components.passage_list import passage_list
from hub.documents.records import Findings
from hub.turns import Source


class Search(Protocol):
    """Looks a question up."""

    def __call__(self, question: str, *, most: int) -> Findings:
        """The best `most` passages."""
        ...


def trial(collection: str, search: Search) -> tuple[str | None, dict[str, Source]]:
    """Draw the question and what it finds; the passage that was opened, and all that were found, by id."""
    question, most = _box(collection)
    if not question:
        st.caption("See which passages a question would bring into an answer, and what speaks for each.")
        return None, {}
    findings = search(question, most=most)
    return _result(question, findings), {one.id: words.as_source(one) for one in findings.passages}


def _box(collection: str) -> tuple[str, int]:
    """The question and how many passages are wanted."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="trial"):
        question = st.text_input(
            "Question", key=f"question_{collection}", placeholder="What would you ask?", type="search", live="400ms"
        )
        most = st.number_input("Passages", 1, 50, 6, key=f"most_{collection}", width=120)
    return (question or "").strip(), int(most)


def _result(question: str, findings: Findings) -> str | None:
    """What a question found; the id of the passage that was opened, if any."""
    for notice in findings.notices:
        error_note(notice)
    if not findings.passages:
        text = "Nothing here resembles the question. In a chat the answer would be “Not found in your documents.”"
        empty_state("search_off", "Nothing found", text, key="trial")
        return None
    if findings.answered:
        st.caption(f":material/check: Likely answered here ({findings.sure:.0%} sure); these passages would go in.")
    else:
        st.caption(
            f":material/info: Probably not answered here ({findings.sure:.0%} sure): in a chat the answer would be "
            "“Not found in your documents.” These come nearest."
        )
    return passage_list(words.found_rows(findings), label=f"Passages for {question}", key="found")
