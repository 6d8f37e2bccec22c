"""Search over everything that a person has: messages, titles, documents, memories.

found = library.search(who, 'tide tables model:gpt after:"last week"')
"""

from hub.library.ask import search
from hub.library.query import Query, parse
from hub.library.records import Found, Passage, Talk, Thing

__all__ = ["Found", "Passage", "Query", "Talk", "Thing", "parse", "search"]
