"""Forms of a collection: a new one, and how it is cut and searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, cast, get_args

import streamlit as st

from hub.documents.records import Collection, CollectionSettings, Mode

Problem = str
MODES: dict[Mode, str] = {
    "auto": "Automatic: whole while it fits, else passages",
    "retrieve": "Always the passages that fit the question",
    "whole": "Always whole",
}
assert set(MODES) == set(get_args(Mode))


@dataclass(frozen=True, slots=True)
class NewCollection:
    """What the form for a new collection gives; `scope` is "" or "project:ID"."""

    name: str
    scope: str = ""
    shared: bool = False


class Changed(TypedDict):
    """What a collection shall be."""

    name: str
    shared: bool
    settings: CollectionSettings


@st.dialog("New collection")
def new_dialog(projects: Mapping[str, str], sharing: bool, create: Callable[[NewCollection], Problem]) -> None:
    """Ask for a name and who reads it; `create` makes it and gives what is wrong, if anything. `sharing` offers to
    share it."""
    places = {"": "Personal: only me", **({"shared": "Shared: everybody who is signed in"} if sharing else {})}
    places |= {f"project:{id_}": f"Project: {name}" for id_, name in projects.items()}
    with st.form("new_collection", border=False):
        name = st.text_input("Name", max_chars=80, key="new_collection_name", autocomplete="off")
        place = st.selectbox("Who reads it", list(places), format_func=places.__getitem__, key="new_collection_place")
        with st.container(horizontal=True, horizontal_alignment="right"):
            sent = st.form_submit_button("Create collection", type="primary")
    if sent:
        shared = place == "shared"
        problem = create(NewCollection(name, "" if shared else place or "", shared))
        st.error(problem, icon=":material/error:") if problem else st.rerun()


def settings_form(collection: Collection, *, sharing: bool, models: Mapping[str, str], reranker: str) -> Changed | None:
    """The settings of a collection; what they shall be once they are saved. `models` are those that read pictures,
    `reranker` names the model that sorts results anew ("" for none)."""
    now, key = collection.settings, collection.id
    with st.form(f"settings_{key}", border=False):
        name = st.text_input("Name", collection.name, max_chars=80, key=f"name_{key}")
        shared = collection.shared
        if sharing and not collection.scope:
            shared = st.toggle("Everybody who is signed in may read it", collection.shared, key=f"shared_{key}")
        mode = st.selectbox(
            "In a chat", list(MODES), list(MODES).index(now.mode), format_func=MODES.__getitem__, key=f"mode_{key}"
        )
        cut = cutting_fields(now, key=key, reranker=reranker)
        st.caption("Other sizes cut every document anew in the background; the old passages serve until then.")
        none = "None: pictures and scanned pages are refused"
        names = {"": none, **models} | ({now.picture_model: now.picture_model} if now.picture_model else {}) | models
        picture = st.selectbox(
            "Model that describes pictures and scanned pages",
            list(names),
            list(names).index(now.picture_model),
            format_func=names.__getitem__,
            key=f"picture_{key}",
        )
        if not st.form_submit_button("Save settings", type="primary"):
            return None
    settings = replace(cut, mode=cast(Mode, mode), picture_model=picture or "")
    return Changed(name=name, shared=shared, settings=settings)


def cutting_fields(now: CollectionSettings, *, key: str, reranker: str) -> CollectionSettings:
    """The fields that say how documents are cut and searched; `now` with what they hold."""
    with st.container(horizontal=True, key=f"cutting_{key}"):
        size = st.number_input("Tokens in a passage", 50, 1000, now.chunk_tokens, 10, key=f"size_{key}")
        overlap = st.number_input("Tokens that overlap", 0, 200, now.overlap, 5, key=f"overlap_{key}")
        k = st.number_input("Passages for an answer", 1, 50, now.k, 1, key=f"k_{key}")
    rerank = st.toggle(
        "Sort what is found anew",
        now.rerank,
        key=f"rerank_{key}",
        disabled=not reranker and not now.rerank,
        help=f"{reranker} reads the question with each passage: slower, and its provider may charge for it."
        if reranker
        else "Whoever runs this hub names a model for it (HUB_RERANK_MODEL); there is none now.",
    )
    return replace(now, chunk_tokens=int(size), overlap=int(overlap), k=int(k), rerank=rerank)
