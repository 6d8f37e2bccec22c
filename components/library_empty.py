"""What stands in the place of an empty shelf of the library."""

from __future__ import annotations

from components.empty_state import empty_state

OPERATORS = "Try other words, or model:name, from:me, after:yesterday, has:file, in:project, “exact words”."


def library_empty(shelf: str, words: str) -> bool:
    """Draw it; True in the run in which a chat was asked for."""
    if words:
        return empty_state("search_off", "Nothing found", OPERATORS, key="library")
    if shelf == "pinned":
        text = "Pin a conversation from its menu in the sidebar; it stays at the top."
        return empty_state("keep", "Nothing pinned", text, key="library")
    if shelf == "archived":
        text = "What you archive leaves the sidebar and stays here."
        return empty_state("archive", "The archive is empty", text, key="library")
    text = "What you talk about with a model is kept here."
    return empty_state("forum", "No conversations yet", text, action="Start a chat", key="library")
