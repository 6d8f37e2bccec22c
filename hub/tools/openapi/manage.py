"""Adding, changing and removing interfaces, for oneself or, by an administrator, for everybody."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.net.ask import ask, checked
from hub.settings import settings
from hub.tools.openapi import store
from hub.tools.openapi.reach import may_reach
from hub.tools.openapi.read import read
from hub.tools.openapi.records import Access, Api, Spec

MOST = 30
"""Interfaces of one person, or of everybody."""
_NEEDS: dict[str, tuple[str, ...]] = {
    "header": ("name", "secret"),
    "query": ("name", "secret"),
    "bearer": ("secret",),
    "basic": ("user",),
    "client_credentials": ("user", "secret", "token_url"),
    "authorization_code": ("user", "authorize_url", "token_url"),
}
_CALLED = {"name": "name of the key", "secret": "key", "user": "name", "token_url": "address for tokens"}
_OF_OAUTH = {"user": "client id", "secret": "client secret", "authorize_url": "address of the sign-in"}


_TOKENS = ("client_credentials", "authorization_code")


def fetch(who: Who, url: str) -> str:
    """The specification that stands at an address; raises HubError."""
    answer = ask("GET", url, private=_private(who, everybody=False))
    if answer.status != 200:
        raise BadInput(f"{url} answered {answer.status} {answer.reason}.", hint="Nothing was added.")
    return answer.text


def look(text: str, source: str = "") -> Spec:
    """What a specification has, before it is added; raises Wrong."""
    return read(text, source)


def add(
    who: Who,
    text: str,
    *,
    source: str = "",
    name: str = "",
    base_url: str = "",
    access: Access | None = None,
    everybody: bool = False,
) -> Api:
    """Adds an interface. `base_url` is needed where the specification names no server. Raises BadInput."""
    owner = _owner(who, everybody=everybody)
    spec = read(text, source)
    access = access or Access()
    url = _address(base_url or next(iter(spec.servers), ""), private=_private(who, everybody=everybody))
    _check(access, private=_private(who, everybody=everybody))
    if sum(api.owner == owner for api in store.apis(who)) >= MOST:
        raise BadInput(f"There are {MOST} interfaces already.", hint="Nothing was added. Remove one first.")
    called = " ".join(name.split())[:60] or spec.title
    return store.get(who, store.add(owner, name=called, base_url=url, text=text, source=source, access=access))


def change(who: Who, api: str, *, name: str, base_url: str, access: Access | None = None) -> Api:
    """Changes name, address and, where it is given, how to sign in; an empty key keeps the one that is there. When
    anything but the name changes, everybody's own sign-in is forgotten."""
    found = _changeable(who, api)
    kept = store.access(who, api)
    given = access or kept
    if access and kept.secret and not access.secret and kept.how == access.how:
        # A key goes only where it was entered for.
        if (access.token_url or kept.token_url) != kept.token_url or base_url.rstrip("/") != found.base_url:
            raise BadInput("The address is another one.", hint="Nothing was changed. Enter the key again.")
        given = replace(access, secret=kept.secret)
    elif access is None and kept.secret and base_url.rstrip("/") != found.base_url:
        raise BadInput("The address is another one.", hint="Nothing was changed. Enter the key again.")
    url = _address(base_url, private=_private(who, everybody=found.shared))
    _check(given, private=_private(who, everybody=found.shared))
    if given != kept or url != found.base_url:
        store.keeper.drop_all(api)
    store.change(found.owner, api, name=" ".join(name.split())[:60] or found.name, base_url=url, access=given)
    return store.get(who, api)


def signing(who: Who, api: str) -> Access:
    """How one signs in, without the secret; raises NotFound."""
    _changeable(who, api)
    return replace(store.access(who, api), secret="")


def refresh(who: Who, api: str, text: str = "") -> Api:
    """Reads the specification anew, from `text` or where it came from; address and key stay. Raises HubError."""
    found = _changeable(who, api)
    if not text and not found.source:
        raise BadInput(f"{found.name} was added as a text.", hint="Nothing was changed. Give the new text.")
    text = text or fetch(who, found.source)
    read(text, found.source)
    store.replace(found.owner, api, text=text, source=found.source)
    return store.get(who, api)


def enable(who: Who, api: str, *, on: bool) -> None:
    """Switches the tools of an interface on or off for all who may use it."""
    store.enable(_changeable(who, api).owner, api, on=on)


def remove(who: Who, api: str) -> None:
    """Removes an interface, its key and everybody's sign-in; its tools are gone from the next answer on."""
    store.remove(_changeable(who, api).owner, api)


def _changeable(who: Who, api: str) -> Api:
    found = store.get(who, api)
    _owner(who, everybody=found.shared)
    return found


def _owner(who: Who, *, everybody: bool) -> str:
    if everybody and who.role != "admin":
        raise HubError("Only an administrator can change what everybody uses.", hint="Nothing was changed.")
    return store.EVERYBODY if everybody else who.id


def _private(who: Who, *, everybody: bool) -> bool:
    return settings().reaches_private("tools") or (everybody and who.role == "admin")


def _address(url: str, *, private: bool) -> str:
    if not url:
        raise BadInput("The specification names no server.", hint="Nothing was added. Enter the address.")
    checked(url, private=private)
    may_reach(url)
    return url.rstrip("/")


def _check(access: Access, *, private: bool) -> None:
    called = {**_CALLED, **(_OF_OAUTH if access.how in _TOKENS else {})}
    missing = [called[one] for one in _NEEDS.get(access.how, ()) if not getattr(access, one)]
    if missing:
        raise BadInput(f"The {missing[0]} is missing.", hint="Nothing was changed.")
    there = urlsplit(access.authorize_url)
    if access.how == "authorization_code" and (there.scheme not in {"https", "http"} or not there.netloc):
        raise BadInput("The address of the sign-in is no web address.", hint="It begins with https://.")
    if any(ord(letter) < 32 for letter in access.name + access.user + access.secret):
        raise BadInput("A key is one line of text.", hint="Nothing was changed.")
    if access.how in _TOKENS:
        checked(access.token_url, private=private)
        may_reach(access.token_url)
