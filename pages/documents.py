"""Collections of documents: what they hold, how far it is read, what a question finds in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

import streamlit as st

from components import state, troubles
from components.documents import adding, comparison, forms, heads, trial, words
from components.documents.passage_panel import passage_panel
from components.error_note import error_note
from components.item_list import item_list
from components.source_panel.words import find_once
from hub import documents, people, projects
from hub.documents.records import Collection
from hub.errors import HubError, StoreDown
from hub.models import catalogue
from hub.settings import settings

who, page = state.who(), state.documents()
DEEDS = {"pause": documents.pause, "resume": documents.resume, "retry": documents.retry, "cancel": documents.cancel}
reranker = settings().rerank_model


def go(**query: str) -> None:
    """Show another view of this page."""
    page.panel = ""
    st.query_params.from_dict(query)
    st.rerun()


def show_shelf() -> None:
    """All collections."""
    found, named = documents.collections(who), projects.names(who)
    if heads.shelf_head(adding=bool(found)) or (not found and heads.nothing_yet()):
        forms.new_dialog(named, people.any_person(), create)
    if not found:
        return
    rows = [words.collection_item(one, named) for one in found]
    event = item_list(rows, label="Collections", address="?collection=", key="shelf")
    if event and event.do == "open":
        go(collection=event.id)
    elif event:
        documents.delete_collection(who, event.id)
        state.shell().offer("Deleted the collection", "restore_collection", event.id)
        st.rerun()


def create(new: forms.NewCollection) -> str:
    """Make a collection and open it; what is wrong with it, if anything."""
    try:
        made = documents.create_collection(who, new.name, scope=new.scope, shared=new.shared)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    st.query_params.from_dict({"collection": made.id})
    return ""


def show_collection(collection: Collection) -> None:
    """One collection, in the part that is chosen."""
    leaving, view = heads.collection_head(collection, words.whose(collection, projects.names(who)))
    if leaving:
        go()
    if view == "Documents":
        show_documents(collection)
    elif view == "Try a question":
        opened, found = trial.trial(collection.id, partial(documents.search, who, chosen=[collection.id]))
        passage_panel(page, opened, found, partial(find_once, partial(documents.cited, who)))
    elif view == "Compare":
        comparison.comparison(collection, partial(documents.compare_settings, who, collection.id), reranker)
    else:
        seeing = {one.id: one.label for one in catalogue.models(who) if "vision" in (one.abilities or ())}
        changed = forms.settings_form(collection, sharing=people.any_person(), models=seeing, reranker=reranker)
        if changed:
            documents.change_collection(who, collection.id, **changed)
            st.toast("Settings saved.", icon=":material/check:")
            st.rerun()


def show_documents(collection: Collection) -> None:
    """The ways to add, and what is there; while something is on its way the list is drawn every second."""
    if collection.mine:
        add(collection, adding.adding(max_mb=settings().max_upload_mb, round_=page.added))
        if heads.refused_note(page.refused):
            page.refused = []
            st.rerun()
    st.fragment(rows, run_every="1s" if collection.moving else None)(collection)


def rows(collection: Collection) -> None:
    """The documents of a collection."""
    try:
        found = documents.documents(who, collection.id)
    except StoreDown as error:
        st.caption(f":material/cloud_off: {error.message} Nothing is lost; choose “Documents” to look again.")
        return
    if collection.moving and not any(one.state in documents.MOVING for one in found):
        st.rerun()
    items = [words.document_item(one, mine=collection.mine) for one in found]
    event = item_list(items, label="Documents", address="document?d=", key=f"rows_{collection.id}") if items else None
    if not items:
        heads.nothing_in(collection)
    if event and event.do == "open":
        st.switch_page(state.script("document"), query_params={"d": event.id})
    elif event and event.do == "remove":
        documents.remove(who, event.id)
        state.shell().offer("Removed the document", "restore_document", event.id)
    elif event:
        DEEDS[event.do](who, event.id)
    if event:
        st.rerun()


def add(collection: Collection, wanted: Sequence[adding.ToAdd]) -> None:
    """Take what is to be added; what cannot be taken is said, the rest stays."""
    if not wanted:
        return
    told = Counter[str]()
    for one in wanted:
        way = documents.add_url if one.how == "url" else partial(documents.add_file, data=one.data)
        try:
            with st.spinner(f"Adding {one.name}"):
                told[words.came_of(way(who, collection.id, one.name))] += 1
        except HubError as error:
            page.refused.append((one.name, f"{error.message} {error.hint}".strip()))
    page.added, page.said = page.added + 1, ", ".join(f"{count} {what}" for what, count in told.items())
    st.rerun()


page.leave()
if "d" in st.query_params:  # a link to a document
    st.switch_page(state.script("document"), query_params=st.query_params.to_dict())
with st.container(key="page_documents"):
    try:
        if "collection" in st.query_params:
            show_collection(documents.get_collection(who, st.query_params["collection"]))
        else:
            show_shelf()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        if error_note(error.message, error.hint, action="All documents", key="documents_error"):
            go()
if page.said:
    st.toast(page.said, icon=":material/check:")
    page.said = ""
