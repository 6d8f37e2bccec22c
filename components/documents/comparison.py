"""Two settings of a collection side by side on my own questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from components.connection_card import plain
from components.documents.forms import cutting_fields
from components.documents.words import many
from hub.documents.records import Collection, CollectionSettings, Comparison, Question, Scored

EXAMPLE = "When is tea made? | four o'clock\nWhere does the boat leave? | from the pier | timetable.pdf"

Compare = Callable[[Sequence[Question], CollectionSettings, CollectionSettings], Comparison]


def comparison(collection: Collection, compare: Compare, reranker: str) -> None:
    """Draw the questions and both settings, and what `compare` says of them once it was asked for."""
    with st.form(f"compare_{collection.id}", border=False):
        written = st.text_area("Questions, one a line", key=f"ask_{collection.id}", height=140, placeholder=EXAMPLE)
        st.caption(
            "Behind a bar stand words that a right passage holds, and behind another the document, if it must come "
            "from that one. What serves is not touched."
        )
        first, second = (_setting(collection, place, reranker) for place in (0, 1))
        wanted = st.form_submit_button("Compare settings", type="primary", key="compare")
    asked, left = questions(written or "")
    if wanted and left:
        said = plain("; ".join(left))
        st.warning(f"Left out, since no words of a right passage stand behind: {said}", icon=":material/edit:")
    if wanted and asked:
        with st.spinner("Cutting and asking with both settings"):
            found = compare(asked, first, second)
        _result(found)
    elif wanted and not left:
        st.warning("Write a question first.", icon=":material/edit:")


def questions(written: str) -> tuple[list[Question], list[str]]:
    """The questions of a text, and the lines that lack the words of a right passage."""
    asked: list[Question] = []
    left: list[str] = []
    for line in filter(None, map(str.strip, written.splitlines())):
        text, words, document, *_ = [*(part.strip() for part in line.split("|")), "", ""]
        if text and words:
            asked.append(Question(text, words, document))
        else:
            left.append(line)
    return asked, left


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
