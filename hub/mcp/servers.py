"""A person's MCP servers: make, look, change, remove, switch."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from hub.db.who import Who
from hub.errors import BadInput
from hub.mcp import journal, store
from hub.mcp.open import opened, pool
from hub.mcp.records import Access, Card, Draft, Event, Server, Status, Transport
from hub.mcp.tokens import keeper
from hub.settings import settings

LONGEST_NAME = 60
MOST = 100


def add(who: Who, draft: Draft) -> Server:
    """Stores a new server; nothing is connected yet. Raises BadInput with what is missing or not allowed."""
    if len(store.owned(who)) >= MOST:
        raise BadInput(f"There are {MOST} MCP servers already.", hint="Remove one first.")
    access = _checked(who, draft)
    fields = {
        "name": _free_name(who, draft.name),
        "transport": draft.transport,
        "place": place(draft.transport, access),
        "everybody": _everybody(who, draft.everybody),
        "enabled": True,
        "trusts_hints": draft.trusts_hints,
        "private": _admin(who) or settings().reaches_private("mcp"),
    }
    return store.insert(who, fields, access)


def change(who: Who, id_: str, draft: Draft) -> Server:
    """Changes a server. Values of variables and headers that are empty in the draft stay as they are. When it leads
    elsewhere, everybody's sign-in there is forgotten. Raises NotFound, BadInput."""
    found = _changeable(who, id_)
    before = store.access(who, id_)
    access = draft.access
    access = replace(
        access,
        env={name: value or before.env.get(name, "") for name, value in access.env.items()},
        headers={name: value or before.headers.get(name, "") for name, value in access.headers.items()},
        client_secret=access.client_secret or (before.client_secret if access.client_id == before.client_id else ""),
    )
    elsewhere = _origin(access.url) != _origin(before.url)
    if elsewhere and any(value and value == before.headers.get(name) for name, value in access.headers.items()):
        raise BadInput(
            "The address leads to another server, so the headers have to be entered again.",
            hint="They hold keys of the old one. Nothing was changed.",
        )
    access = _checked(who, replace(draft, access=access))
    fields: dict[str, Any] = {
        "name": _free_name(who, draft.name, but=id_),
        "transport": draft.transport,
        "place": place(draft.transport, access),
        "everybody": _everybody(who, draft.everybody),
        "trusts_hints": draft.trusts_hints,
        "private": _admin(who) or settings().reaches_private("mcp"),
    }
    if elsewhere:
        fields["oauth"] = False
        keeper.drop_all(id_)
    changed = store.update(who, found.id, fields, access if access != before else None)
    if access != before:
        _hang_up(id_)
    return changed


def remove(who: Who, id_: str) -> None:
    """Removes a server with its sign-ins and its log; its program ends. Raises NotFound."""
    found = _changeable(who, id_)
    _hang_up(found.id)
    store.remove(who, found.id)


def switch(who: Who, id_: str, *, on: bool) -> Server:
    """Switches a server on or off. Raises NotFound."""
    found = store.update(who, _changeable(who, id_).id, {"enabled": on})
    if not on:
        _hang_up(id_)
    return found


def switch_tool(who: Who, id_: str, tool: str, *, on: bool) -> Server:
    """Switches one tool of a server on or off, for all who use it. Raises NotFound."""
    found = _changeable(who, id_)
    off = found.off - {tool} if on else found.off | {tool}
    return store.update(who, found.id, {"off": sorted(off)})


def trust(who: Who, id_: str, *, on: bool) -> Server:
    """Whether tools that call themselves read-only run without asking. Raises NotFound."""
    return store.update(who, _changeable(who, id_).id, {"trusts_hints": on})


def test(who: Who, id_: str) -> Status:
    """Connects and lists the tools anew. Raises NotFound, ServerAway."""
    return pool().test(who, store.server(who, id_))


def log(who: Who, id_: str) -> tuple[Event, ...]:
    """The newest lines of a server's log first. Raises NotFound."""
    found = store.server(who, id_)
    if live := opened():
        live.write_log()
    return journal.lately(who, found.id)


def cards(who: Who) -> list[Card]:
    """Every server of the person and those for everybody, with how each is; nothing is connected for it."""
    return [card(who, one) for one in store.servers(who)]


def card(who: Who, found: Server) -> Card:
    """One server with how it is."""
    live = opened()
    status = live.status(who, found) if live else Status("resting" if found.enabled else "off")
    signed_in = keeper.read(found.id, who.id) is not None if found.oauth else None
    if signed_in is False and status.state == "resting":
        status = replace(status, state="sign_in")
    return Card(found, store.listing(found.id, store.key_of(who, found)), status, _may_change(who, found), signed_in)


def shown(found: Card) -> tuple[str, str, int]:
    """What changes when a card has to be drawn anew."""
    return found.server.id, found.status.state, len(found.listing.tools)


def access(who: Who, id_: str) -> Access:
    """How a server is reached, for its form: values of variables and headers are left out. Raises NotFound."""
    _changeable(who, id_)
    found = store.access(who, id_)
    return replace(found, env=dict.fromkeys(found.env, ""), headers=dict.fromkeys(found.headers, ""), client_secret="")


def leave(who: Who) -> None:
    """Removes everything of a person, their servers for everybody too."""
    for id_ in store.owned(who):
        _hang_up(id_)
        store.remove(who, id_)
    store.forget_person(who)


def place(transport: Transport, access_: Access) -> str:
    """What a server is reached by, without arguments, queries and names that may be secret."""
    if transport == "stdio":
        return access_.command
    parts = urlsplit(access_.url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _hang_up(id_: str) -> None:
    if live := opened():
        live.drop(id_)


def _changeable(who: Who, id_: str) -> Server:
    found = store.server(who, id_)
    if not _may_change(who, found):
        raise BadInput(f"{found.name} belongs to an administrator.", hint="Ask them to change it.", kind="not_allowed")
    return found


def _may_change(who: Who, found: Server) -> bool:
    return found.owner == who.id or (found.everybody and _admin(who))


def _admin(who: Who) -> bool:
    return who.role == "admin"


def _everybody(who: Who, wanted: bool) -> bool:
    if wanted and not _admin(who):
        raise BadInput("Only an administrator can add a server for everybody.", kind="not_allowed")
    return wanted


def _checked(who: Who, draft: Draft) -> Access:
    access_ = draft.access
    for name in access_.env:
        if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            raise BadInput(f"{name or 'An empty name'} cannot be the name of a variable.")
    for name, value in access_.headers.items():
        if not re.fullmatch(r"[\w-]+", name, re.ASCII) or not value.isascii() or not value.isprintable():
            raise BadInput(f"The header {name} has characters that a header cannot have.")
    if draft.transport == "stdio":
        if not _admin(who):
            said = "Only an administrator can add a server that is a program on this machine."
            raise BadInput(said, hint="Add one by its address, or ask an administrator.", kind="not_allowed")
        if not access_.command.strip() or "\0" in "".join((access_.command, *access_.args)):
            raise BadInput("The command is missing.", hint="For example npx, uvx or the path of a program.")
        return replace(access_, command=access_.command.strip(), url="", headers={})
    return replace(access_, url=_address(access_.url), command="", args=(), env={})


def _address(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
        parts = urlsplit("")
    if not known:
        raise BadInput("That is no address.", hint="It begins with https:// or http://.")
    if parts.username or parts.password:
        raise BadInput("The address holds a user name or password.", hint="Put the key into a header.")
    return url


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _free_name(who: Who, name: str, *, but: str = "") -> str:
    name = " ".join(name.replace("\0", "").split())[:LONGEST_NAME] or "MCP server"
    taken = {one.name.casefold() for one in store.servers(who) if one.id != but}
    if name.casefold() not in taken:
        return name
    return next(free for number in range(2, len(taken) + 3) if (free := f"{name} {number}").casefold() not in taken)
