"""The hybrid index in PostgreSQL: what rooms put in to be found again, by words and by meaning.

index.put(Space("messages", who.id), entries)
found = ask([Space("messages", who.id)], "what did she say about Lisbon")
"""

from hub.search.ask import Found, ask
from hub.search.find import find
from hub.search.fuse import Weights
from hub.search.records import Entry, Filter, Hit, Space
from hub.search.serving import State, embedder, fill_soon, state

__all__ = [
    "Entry",
    "Filter",
    "Found",
    "Hit",
    "Space",
    "State",
    "Weights",
    "ask",
    "embedder",
    "fill_soon",
    "find",
    "state",
]
