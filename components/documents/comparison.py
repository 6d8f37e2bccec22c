"""Two settings of a collection side by side on my own questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from components.documents.forms import cutting_fields
from components.documents.words import many
from hub.documents.records import Collection, CollectionSettings, Comparison, Question, Scored

EXAMPLE = [{"question": "", "expected": "", "document": ""} for _ in range(3)]
_COLUMNS = {
    "question": st.column_config.TextColumn("Question", width="medium"),
    "expected": st.column_config.TextColumn("Words of a right passage", width="medium"),
    "document": st.column_config.TextColumn("In document (optional)", width="small"),
}


Compare = Callable[[Sequence[Question], CollectionSettings, CollectionSettings], Comparison]


def comparison(collection: Collection, compare: Compare, reranker: str) -> None:
    """Draw the questions and both settings, and what `compare` says of them once it was asked for."""
    st.caption(
        "A question counts as found when one of its passages holds the words that you give. What serves is not touched."
    )
    with st.form(f"compare_{collection.id}", border=False):  # what is typed stays here until it is sent
        asked = _questions(collection.id)
        first, second = (_setting(collection, place, reranker) for place in (0, 1))
        wanted = st.form_submit_button("Compare settings", type="primary", key="compare")
    if wanted and not asked:
        st.warning("Write a question and words of a right passage first.", icon=":material/edit:")
    elif wanted:
        with st.spinner("Cutting and asking with both settings"):
            found = compare(asked, first, second)
        _result(found)


def _questions(collection: str) -> list[Question]:
    rows: Any = st.data_editor(
        EXAMPLE, column_config=_COLUMNS, num_rows="dynamic", hide_index=True, width="stretch", key=f"ask_{collection}"
    )
    words = [[str(row[name] or "").strip() for name in _COLUMNS] for row in rows]
    return [Question(*one) for one in words if one[0] and one[1]]


def _setting(collection: Collection, place: int, reranker: str) -> CollectionSettings:
    name = ("First", "Second")[place]
    st.markdown(f"**{name}**" + ("" if place else ": as it is now"))
    start = replace(collection.settings, chunk_tokens=400, overlap=40) if place else collection.settings
    return cutting_fields(start, key=f"{name}_{collection.id}", reranker=reranker)


def _result(found: Comparison) -> None:
    """How both settings did, in sum and question by question."""
    with st.container(horizontal=True):
        for name, one, other in (("First", found.first, found.second), ("Second", found.second, found.first)):
            with st.container(border=True, key=f"card_{name}"):
                _scored(name, one, other)
    rows = [
        {"Question": one.text, "First": _place(first), "Second": _place(second)}
        for one, first, second in zip(found.questions, found.first.positions, found.second.positions, strict=True)
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _scored(name: str, one: Scored, other: Scored) -> None:
    cut = one.settings
    sorted_ = ", sorted anew" if cut.rerank else ""
    st.markdown(
        f"**{name}** · {many(cut.chunk_tokens, 'token')}, {cut.overlap} overlapping, {many(cut.k, 'passage')}{sorted_}"
    )
    with st.container(horizontal=True):
        st.metric("Found", f"{one.hit_rate:.0%}", _more(one.hit_rate, other.hit_rate, 100, " points"))
        st.metric("MRR", f"{one.mrr:.2f}", _more(one.mrr, other.mrr, 1, ""))
    st.caption(f"{many(one.passages, 'passage')} of {one.tokens:.0f} tokens on average")


def _more(one: float, other: float, times: float, word: str) -> str | None:
    difference = (one - other) * times
    return f"{difference:+.{0 if times > 1 else 2}f}{word}" if abs(difference) >= 0.005 else None


def _place(position: int | None) -> str:
    return "not found" if position is None else f"place {position}"
