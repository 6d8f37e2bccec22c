"""Searching the web with the engine that is set up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.errors import BadInput
from hub.tools.schema import tool
from hub.tools.searching import engine
from hub.turns import Source, ToolResult, Turn


@tool("Search the web", "travel_explore", group="Built in", permission="always", key="query", id="hub:web_search")
def web_search(
    turn: Turn,
    query: Annotated[str, "What to look for, as one would type it into a search engine."],
    most: Annotated[int, Field(ge=1, le=20), "How many results."] = 6,
    recent: Annotated[Literal["any", "day", "week", "month", "year"], "Only what is that new."] = "any",
) -> ToolResult:
    """Search the web for current or missing facts. Gives numbered results; cite them as [n], read a page for more.
    Put nothing private of the user into the query."""
    by = engine(turn.who)
    if by is None:
        raise BadInput("No search engine is set up.", hint="The user can set one up under Tools.")
    found = by.search(query, most, "" if recent == "any" else recent)
    if not found.pages:
        said = f"{by.title} found nothing for {query!r}. Try other words."
        return ToolResult(said, "nothing found", usage=found.usage, cost=found.cost)
    sources = tuple(
        turn.citations.cite(
            Source("web", one.url, one.title, one.text, one.when, about={"url": one.url, "searched": True})
        )
        for one in found.pages
    )
    lines = [
        f"[{one.number}] {one.title}\n{one.item}{f' ({one.place})' if one.place else ''}\n{one.text}" for one in sources
    ]
    text, said = "\n\n".join(lines), f"{len(sources)} results from {by.title}"
    return ToolResult(text, said, sources=sources, usage=found.usage, cost=found.cost)
