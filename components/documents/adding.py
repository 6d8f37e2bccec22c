"""Ways to add to a collection: files and folders, an address, pasted text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

How = Literal["file", "url"]


@dataclass(frozen=True, slots=True)
class ToAdd:
    """One thing to add: a file (`name`, `data`), or an address (`name`). Pasted text is a file of Markdown."""

    how: How
    name: str
    data: bytes = b""


def adding(*, max_mb: int, round_: int) -> Sequence[ToAdd]:
    """Draw the ways; what is to be added now. A raised `round_` empties them."""
    with st.container(key="documents_add", gap="xsmall"):
        files = st.file_uploader(
            "Add files",
            accept_multiple_files=True,
            max_upload_size=max_mb,
            key=f"files_{round_}",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, gap="small"):
            more = [*_folder(round_, max_mb), *_address(round_), *_text(round_)]
    return [*(ToAdd("file", one.name, one.getvalue()) for one in files), *more]


def _folder(round_: int, max_mb: int) -> list[ToAdd]:
    with st.popover("Add folder", icon=":material/drive_folder_upload:", type="tertiary"):
        found = st.file_uploader(
            "Everything in a folder, with its folders",
            accept_multiple_files="directory",
            max_upload_size=max_mb,
            key=f"folder_{round_}",
        )
    return [ToAdd("file", one.name, one.getvalue()) for one in found]


def _address(round_: int) -> list[ToAdd]:
    with (
        st.popover("Add from address", icon=":material/link:", type="tertiary"),
        st.form(f"address_form_{round_}", border=False),
    ):
        url = st.text_input("Address", placeholder="https://", key=f"address_{round_}", autocomplete="off")
        st.caption("The hub fetches it once, now. Addresses in your own network are refused.")
        if st.form_submit_button("Fetch page", type="primary") and url.strip():
            return [ToAdd("url", url.strip())]
    return []


def _text(round_: int) -> list[ToAdd]:
    with (
        st.popover("Paste text", icon=":material/content_paste:", type="tertiary"),
        st.form(f"text_form_{round_}", border=False),
    ):
        title = st.text_input("Title", key=f"title_{round_}", max_chars=120)
        text = st.text_area("Text", height=200, key=f"text_{round_}", placeholder="Markdown or plain text")
        if st.form_submit_button("Add text", type="primary") and text.strip():
            name = re.sub(r"[/\\]", "-", title.strip() or " ".join(text.split())[:60])
            return [ToAdd("file", f"{name}.md", text.encode())]
    return []
