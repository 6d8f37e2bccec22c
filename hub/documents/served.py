"""What programs with a person's API key may do with their documents."""

from __future__ import annotations

from functools import partial
from typing import Any

from hub.db.who import Who
from hub.documents import find, holdings
from hub.errors import BadInput
from hub.served import ServedTool

MOST = 20
_SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "query": {"type": "string", "description": "What to look for, a question or a few words."},
        "most": {"type": "integer", "description": "How many passages at most.", "minimum": 1, "maximum": MOST},
    },
    "required": ["query"],
    "additionalProperties": False,
}


def search_tool(who: Who) -> ServedTool:
    """Passages of every collection that `who` may read."""
    about = "Search the documents of this person: passages that fit a question, each with its document and place."
    return ServedTool("search_documents", about, _SHAPE, partial(_search, who))


def _search(who: Who, given: dict[str, Any]) -> str:
    chosen = [str(row["_id"]) for row in holdings.readable(who, None)]
    if not chosen:
        raise BadInput("There are no documents.", hint="Add some on the documents page.")
    found = find.search(who, given["query"], chosen, most=given.get("most", 5), merged=True)
    if not found.passages or found.strange:
        return "Nothing fits well."
    return "\n\n".join(f"## {one.title}{_place(one.page)}\n{one.text}" for one in found.passages)


def _place(page: int | None) -> str:
    return f", page {page}" if page else ""
