"""The hybrid index in PostgreSQL: what rooms put in to be found again, by words and by meaning.

index.put(Space("messages", who.id), entries, embedder)
hits = find([Space("messages", who.id)], "what did she say about Lisbon", embedder)
"""

from hub.search.find import find
from hub.search.fuse import Weights
from hub.search.records import Entry, Filter, Hit, Space

__all__ = ["Entry", "Filter", "Hit", "Space", "Weights", "find"]
