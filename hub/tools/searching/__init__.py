"""Search engines of the web: one small class each, behind one Protocol."""

from hub.tools.searching.chosen import TITLES, Chosen, choose, chosen, engine, forget
from hub.tools.searching.records import Engine, Found, Kind, Page, Recent, SearchRefused

__all__ = [
    "TITLES",
    "Chosen",
    "Engine",
    "Found",
    "Kind",
    "Page",
    "Recent",
    "SearchRefused",
    "choose",
    "chosen",
    "engine",
    "forget",
]
