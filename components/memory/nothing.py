"""What stands in the place of facts where there are none."""

from __future__ import annotations

from components.empty_state import empty_state
from components.memory.words import Wish
from hub.memory.records import Filters

WHAT_IT_IS = (
    "After a chat, what you said about yourself and your work is kept here, with the place where you said it. "
    "Later answers get what fits your question, and say so. "
    "Passwords, keys and card numbers are never kept, nor anything from a document, a tool or a temporary chat."
)
PROJECT = (
    "What is said in the chats of this project is kept here, apart from everything else. "
    "Only chats of this project get it. "
    "Passwords, keys and card numbers are never kept, nor anything from a document, a tool or a temporary chat."
)


def nothing_yet(scope: str) -> Wish | None:
    """Explains what memory is, and offers to write the first one."""
    title, text = ("Nothing remembered in this project", PROJECT) if scope else ("Nothing remembered yet", WHAT_IT_IS)
    return ("add", ()) if empty_state("neurology", title, text, action="Write the first one", key="memory") else None


def nothing_fits(filters: Filters) -> None:
    """An empty shelf, or filters that leave nothing."""
    plain = Filters(shelf=filters.shelf)
    if filters != plain:
        empty_state("search_off", "No memory fits", "Change the words or the filters.", key="memory")
    elif filters.shelf == "past":
        empty_state(
            "history", "Nothing is past", "What was replaced, or is over, stands here with its dates.", key="memory"
        )
    elif filters.shelf == "deleted":
        empty_state(
            "delete", "Nothing is deleted", "What you delete stays here until you remove it for good.", key="memory"
        )
    else:
        empty_state("neurology", "Nothing is current", "What was remembered is past or deleted.", key="memory")
