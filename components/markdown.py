"""Texts of people where Streamlit would read Markdown."""

from __future__ import annotations

_SIGNS = frozenset("\\`*_[]{}()#+-!:$~<>|")


def label(text: str) -> str:
    """A text that is drawn as it is."""
    return "".join(f"\\{char}" if char in _SIGNS else char for char in text)
