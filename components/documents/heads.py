"""What stands above the lists of the documents page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import streamlit as st

from components.connection_card import plain
from components.empty_state import empty_state
from hub.documents.records import Collection

View = Literal["Documents", "Try a question", "Compare", "Settings"]


def shelf_head(*, adding: bool) -> bool:
    """The head of all collections; True when a new one is wanted (offered when `adding`)."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.title("Documents", anchor=False, width="content")
        return adding and st.button("New collection", icon=":material/add:", type="primary", key="new_collection")


def nothing_yet() -> bool:
    """The page without a collection; True when the first one is wanted."""
    text = (
        "Put files, folders or web pages into a collection. Attach it to a chat, and answers rest on it and cite the "
        "page that they come from."
    )
    return empty_state("menu_book", "No documents yet", text, action="New collection", key="documents")


def nothing_in(collection: Collection) -> None:
    """What stands in the place of an empty list of documents."""
    text = "Drop files above: PDF, Word, PowerPoint, Excel, EPUB, web pages, Markdown, text, tables, code."
    said = text if collection.mine else "Whoever made this collection has put nothing into it yet."
    empty_state("upload_file", "Nothing in here yet", said, key="collection")


def back(label: str) -> bool:
    """The way back to what this belongs to; True when it is taken."""
    return st.button(plain(label), icon=":material/arrow_back:", type="tertiary", key="back")


def collection_head(collection: Collection, whose: str) -> tuple[bool, View]:
    """The head of a collection: whether to go back to all of them, and the part that is shown."""
    with st.container(gap="xsmall", key="collection_head"):
        leaving = back("Documents")
        st.title(plain(collection.name), anchor=False)
        st.caption(whose)
    views = ["Documents", "Try a question", *(["Compare", "Settings"] if collection.mine else [])]
    return leaving, cast(View, bar(views, key=f"view_{collection.id}"))


def bar(names: Sequence[str], *, key: str) -> str:
    """The bar that chooses a part; the first at the start. It keeps to one row on a phone."""
    with st.container(key="group"):
        chosen = st.segmented_control(
            "Part", names, default=names[0], required=True, key=key, label_visibility="collapsed"
        )
    return chosen or names[0]


def refused_note(refused: Sequence[tuple[str, str]]) -> bool:
    """What could not be added; True when it was read."""
    if not refused:
        return False
    title = "1 was not added." if len(refused) == 1 else f"{len(refused)} were not added."
    lines = "\n".join(f"- **{plain(name)}**: {plain(reason)}" for name, reason in refused[:20])
    st.warning(f"{title} Everything else is kept.\n\n{lines}", icon=":material/warning:")
    return st.button("Dismiss", key="refused_read", type="tertiary")
