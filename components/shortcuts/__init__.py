"""Keyboard shortcuts that work on every page, and the sheet that lists them (Ctrl-/)."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "shortcuts",
    html='<div class="root">\n</div>',
    css=(_HERE / "shortcuts.css").read_text(),
    js=(_HERE / "shortcuts.js").read_text(),
)

SHEET: dict[str, list[tuple[str, str]]] = {
    "Everywhere": [
        ("Ctrl+Shift+O", "New chat"),
        ("Ctrl+K", "Search conversations"),
        ("Ctrl+Shift+S", "Show or hide the sidebar"),
        ("Ctrl+/", "Show this sheet"),
    ],
    "In a chat": [
        ("Shift+Esc", "Go to the message box"),
        ("Esc", "Stop the answer"),
        ("Ctrl+Shift+Enter", "Answer again"),
        ("Ctrl+Shift+C", "Copy the last answer"),
    ],
    "Writing": [
        ("/", "Prompts and commands"),
        ("Up", "The message before"),
        ("Shift+Enter", "New line"),
    ],
    "In the list of conversations": [
        ("Up Down", "Move"),
        ("Enter", "Open"),
        ("Right", "Menu"),
        ("F2", "Rename"),
        ("Delete", "Delete, with undo"),
    ],
}
"""What the sheet says: keys (in words that a Mac shows with its own signs) and what they do."""


def shortcuts(*, key: str = "shortcuts") -> None:
    """Listen for the shortcuts. Draws nothing until the sheet is asked for."""
    with st.container(key="hub_keys"):
        _mount(data={"groups": [{"title": title, "keys": keys} for title, keys in SHEET.items()]}, key=key)
