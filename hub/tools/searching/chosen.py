"""Which search engine a person's models search the web with: their own, else everybody's, else the environment's.

`web_searches` {_id: owner, or "" for everybody; engine, url (or the id of the model that searches), key (encrypted),
key_hint, at}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hub.db.indexes import Index
from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, reachable
from hub.db.secrets import decrypt, encrypt
from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.net.ask import checked
from hub.settings import settings
from hub.tools.searching.brave import Brave
from hub.tools.searching.model import OwnSearch
from hub.tools.searching.records import Engine, Kind
from hub.tools.searching.searxng import SearXNG
from hub.tools.searching.tavily import Tavily

INDEXES: list[Index] = []
TITLES: dict[Kind, str] = {
    "searxng": SearXNG.title,
    "brave": Brave.title,
    "tavily": Tavily.title,
    "model": OwnSearch.title,
}
EVERYBODY = ""
_known: Memo[Document | None] = Memo()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is set up, without the key; `url` is the model's id where a model searches."""

    engine: Kind
    source: Literal["own", "everybody", "environment"]
    url: str = ""
    key_hint: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.engine]


def chosen(who: Who) -> Chosen | None:
    """What searches for this person; None when nothing does."""
    for owner in (who.id, EVERYBODY):
        if row := _row(owner):
            source = "own" if owner else "everybody"
            return Chosen(row["engine"], source, row["url"], row["key_hint"])
    given = _of_environment()
    return Chosen(given[0], "environment", given[1]) if given else None


def engine(who: Who) -> Engine | None:
    """The engine, ready to be asked. Raises SecretUnreadable when the hub's secret key has changed."""
    for owner in (who.id, EVERYBODY):
        if row := _row(owner):
            private = owner == EVERYBODY or who.role == "admin" or settings().reaches_private("tools")
            return _made(who, row["engine"], row["url"], decrypt(row["key"]) if row["key"] else "", private=private)
    given = _of_environment()
    return _made(who, *given, private=True) if given else None


def choose(who: Who, kind: Kind, *, url: str = "", key: str = "", everybody: bool = False) -> Chosen:
    """Sets up an engine and asks it once, so that what is stored works. An empty key keeps the one that is there for
    the same engine. Raises BadInput and HubError with what is wrong; nothing is stored then."""
    owner = _owner(who, everybody=everybody)
    before = _row(owner)
    url, key = url.strip(), key.strip()
    if not key and before and before["engine"] == kind and before["key"]:
        key = decrypt(before["key"])
    private = everybody or who.role == "admin" or settings().reaches_private("tools")
    if kind == "searxng":
        checked(url, private=private)
    elif kind == "model":
        _check_model(url, everybody=everybody)
    elif not key:
        raise BadInput(f"The key for {TITLES[kind]} is missing.", hint="Nothing was changed. Enter the key.")
    tried = _made(who, kind, url, key, private=private).search("weather", 1)
    if kind == "model" and not tried.pages:
        raise BadInput("This model answered without a search of the web.", hint="Nothing was changed. Choose another.")
    row = {"engine": kind, "url": url, "key": encrypt(key) if key else "", "key_hint": key[-4:], "at": now()}
    with reachable():
        collection("web_searches").update_one({"_id": owner}, {"$set": row}, upsert=True)
    _known.drop(owner)
    return Chosen(kind, "everybody" if everybody else "own", url, key[-4:])


def forget(who: Who, *, everybody: bool = False) -> None:
    """Removes what a person, or an administrator for everybody, has set up, with its key."""
    owner = _owner(who, everybody=everybody)
    with reachable():
        collection("web_searches").delete_one({"_id": owner})
    _known.drop(owner)


def _owner(who: Who, *, everybody: bool) -> str:
    if everybody and who.role != "admin":
        raise HubError("Only an administrator can set it up for everybody.", hint="Nothing was changed.")
    return EVERYBODY if everybody else who.id


def _row(owner: str) -> Document | None:
    def read() -> Document | None:
        with reachable():
            return collection("web_searches").find_one({"_id": owner})

    return _known.get(owner, "", read)


def _of_environment() -> tuple[Kind, str, str] | None:
    now_ = settings()
    if now_.searxng_url:
        return "searxng", now_.searxng_url, ""
    if now_.brave_key:
        return "brave", "", now_.brave_key
    return ("tavily", "", now_.tavily_key) if now_.tavily_key else None


def _check_model(model: str, *, everybody: bool) -> None:
    if everybody:
        raise BadInput("A model searches over your own connection, so it searches for you alone.")
    if "/" not in model:
        raise BadInput("The model that searches is missing.", hint="Nothing was changed. Choose one.")


def _made(who: Who, kind: Kind, url: str, key: str, *, private: bool) -> Engine:
    made: dict[Kind, Any] = {
        "searxng": lambda: SearXNG(url, private=private),
        "brave": lambda: Brave(key),
        "tavily": lambda: Tavily(key),
        "model": lambda: OwnSearch(who, url),
    }
    return made[kind]()
