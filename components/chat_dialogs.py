"""Dialogs of the chat page. Each is drawn in every run until its `close` was called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from components.chat_words import context
from components.dialog import dialog
from hub.chat.records import Message

Close = Callable[[], None]
Forms = Mapping[str, tuple[str, str | bytes]]
"""Name of a form, to ending and content of its file."""


def delete_dialog(alone: str, subtree: str | None, on_delete: Callable[[bool], None], close: Close) -> None:
    """Ask before a message is deleted. `alone` says what goes when only it goes, `subtree` what goes with the rest.

    `on_delete` is called with True when what follows goes too; `subtree` None offers only the first.
    """

    def end(what: bool | None) -> None:
        close()
        if what is not None:
            on_delete(what)
        st.rerun()

    def draw() -> None:
        st.markdown(alone)
        if subtree:
            st.caption(f"Or delete what follows as well: {subtree[0].lower()}{subtree[1:]}")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Cancel"):
                end(None)
            if subtree and st.button("Delete with what follows"):
                end(True)
            if st.button("Delete message", type="primary"):
                end(False)

    dialog("Delete message", close, draw)


def request_dialog(answer: Message, sent: Mapping[str, Any] | None, close: Close) -> None:
    """The request behind `answer` as it was `sent`, without any key, and in words what was put in and left out."""
    dialog("What went in", close, partial(_request, answer, sent), width="large")


def _request(answer: Message, sent: Mapping[str, Any] | None) -> None:
    if answer.veiled:
        st.markdown("The request names the model, which is hidden until you have voted.")
        return
    for note in context(answer.context_used):
        st.markdown(f"- {note}")
    for at, block in enumerate(answer.context_used.blocks if answer.context_used else ()):
        with st.expander(f"{block.title} · about {block.tokens:,} tokens", key=f"block_{at}"):
            st.code(
                block.text,
                language=None,
                wrap_lines=True,
                height=min(360, 60 + 22 * block.text.count("\n") + len(block.text) // 4),
            )
    if sent is None:
        st.markdown("No request is kept for this answer: it was written by hand, or the request was never sent.")
        return
    st.caption("The exact request, without keys; long pictures are shortened.")
    st.json(sent, expanded=4)


def export_dialog(title: str, forms: Forms, troubles: Sequence[str], close: Close) -> None:
    """Download buttons, and what could not be made."""
    dialog("Export chat", close, partial(_export, title, forms, troubles))


def _export(title: str, forms: Forms, troubles: Sequence[str]) -> None:
    name = "".join(char if char.isalnum() or char in " -_" else "_" for char in title).strip()[:80] or "chat"
    for label, (ending, content) in forms.items():
        st.download_button(f"Download {label}", content, f"{name}.{ending}", width="stretch", on_click="ignore")
    for sentence in troubles:
        st.caption(f":material/error: {sentence} The other forms are whole.")
