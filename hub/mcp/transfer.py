"""The common JSON list of MCP servers, in and out: `mcpServers` of Claude Desktop and Cursor, `servers` of VS Code."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast
from urllib.parse import urlsplit, urlunsplit

import orjson
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.mcp import servers, store
from hub.mcp.records import Access, Draft, Imported, Server, Transport

LARGEST = 1_000_000
MOST = 50
_BLANK = re.compile(r"\$\{[^}]*\}")
_SECRET_NAME = re.compile(r"(?i)(key|token|secret|password|passwd|pwd|auth|bearer|credential)")
_SECRET = re.compile(
    r"(?i)^(sk-|pk-|ghp_|gho_|github_pat_|glpat-|xox[abp]-|eyJ|AKIA)|://[^/@\s]*:[^/@\s]*@|^[\w+/=-]{32,}$"
)

Words = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float | bool) else value)]


class _Entry(BaseModel):
    """One server as such files have it."""

    model_config = ConfigDict(extra="ignore")

    kind: str = Field("", validation_alias=AliasChoices("type", "transport", "transportType"))
    command: str | list[str] = ""
    args: list[Words] = []
    env: dict[str, Words | None] = {}
    url: str = Field("", validation_alias=AliasChoices("url", "serverUrl", "httpUrl"))
    headers: dict[str, Words] = {}
    disabled: bool = False

    def transport(self) -> Transport:
        """What it speaks; a type that is not given follows from what else is."""
        kind = self.kind.casefold().replace("-", "").replace("_", "")
        known: dict[str, Transport] = {"stdio": "stdio", "sse": "sse", "http": "http", "streamablehttp": "http"}
        if kind and kind not in known:
            raise BadInput(f"its type {self.kind} is not known")
        if kind:
            return known[kind]
        return "stdio" if self.command else "sse" if urlsplit(self.url).path.rstrip("/").endswith("/sse") else "http"


def import_servers(who: Who, text: str, *, everybody: bool = False) -> list[Imported]:
    """Adds every server of a list; what cannot be added is named with the reason, and the others are added.

    A server that is there already, by its name and place, is left as it is. Raises BadInput for what is no list.
    """
    found = _entries(text)
    if len(found) > MOST:
        raise BadInput(f"The list has {len(found)} servers; at most {MOST} are taken at once.")
    known = {(one.name.casefold(), one.place) for one in store.servers(who)}
    return [_taken(who, name, entry, known, everybody=everybody) for name, entry in found.items()]


def _entries(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise BadInput("The list has more than 1 MB.", hint="Nothing was imported.")
    try:
        given: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadInput("That is not JSON.", hint='Paste the whole file, beginning with {"mcpServers": …}.') from error
    for found in _candidates(given):
        if isinstance(found, dict) and found and all(isinstance(one, dict) for one in _values(found)):
            return cast("dict[str, Any]", found)
    raise BadInput("There is no server in it.", hint='It has to look like {"mcpServers": {"name": {"url": "…"}}}.')


def _candidates(given: Any) -> list[Any]:
    """Where the servers may stand in a file: under one of the names in use, or with none around them."""
    if not isinstance(given, dict):
        return []
    file = cast("dict[str, Any]", given)
    inner = cast("dict[str, Any]", file["mcp"]) if isinstance(file.get("mcp"), dict) else {}
    named = [place[name] for place in (file, inner) for name in ("mcpServers", "servers") if name in place]
    return named or [file]


def _values(found: Any) -> list[Any]:
    return list(cast("dict[str, Any]", found).values())


def _taken(who: Who, name: str, given: Any, known: set[tuple[str, str]], *, everybody: bool) -> Imported:
    try:
        entry = _Entry.model_validate(given)
        draft = _draft(name, entry, everybody=everybody)
        if (" ".join(name.split()).casefold(), servers.place(draft.transport, draft.access)) in known:
            return Imported(name, "", "It is there already.")
        made = servers.add(who, draft)
        if entry.disabled:
            servers.switch(who, made.id, on=False)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return Imported(name, "", f"It was left out: {where} is not as it should be.")
    except HubError as error:
        return Imported(name, "", f"It was left out: {error.message}")
    return Imported(name, made.id, _missing(draft) or ("Added, switched off." if entry.disabled else "Added."))


def _draft(name: str, entry: _Entry, *, everybody: bool) -> Draft:
    command, *first = [entry.command] if isinstance(entry.command, str) else entry.command or [""]
    access = Access(
        url=entry.url,
        command=command,
        args=(*first, *entry.args),
        env={key: value or "" for key, value in entry.env.items()},
        headers=dict(entry.headers),
    )
    return Draft(name, entry.transport(), access, everybody=everybody)


def _missing(draft: Draft) -> str:
    """What the list leaves to be filled in: `${input:key}` and empty values."""
    given = {**draft.access.env, **draft.access.headers}
    names = [name for name, value in given.items() if not value or _BLANK.search(value)]
    if any(_BLANK.search(one) for one in (*draft.access.args, draft.access.url)):
        names.append("the arguments" if draft.transport == "stdio" else "the address")
    return f"Added. Fill in {', '.join(names)} before it is used." if names else ""


def export_servers(who: Who) -> str:
    """The person's own servers as such a list, without secrets: each is a blank like `${API_KEY}`."""
    own = [one for one in store.servers(who) if one.owner == who.id]
    found = {one.name: _exported(one, store.access(who, one.id)) for one in own}
    return orjson.dumps({"mcpServers": found}, option=orjson.OPT_INDENT_2).decode()


def _exported(server: Server, access: Access) -> dict[str, Any]:
    if server.transport == "stdio":
        env = {name: f"${{{name}}}" for name in access.env}
        return {"command": access.command, "args": _masked(access.args), **({"env": env} if env else {})}
    headers = {name: f"${{{name}}}" for name in access.headers}
    parts = urlsplit(access.url)
    query = "&".join(f"{one.partition('=')[0]}=${{{one.partition('=')[0]}}}" for one in parts.query.split("&") if one)
    url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))
    return {"type": server.transport, "url": url, **({"headers": headers} if headers else {})}


def _masked(args: tuple[str, ...]) -> list[str]:
    """Arguments with blanks in place of what is or follows something like a key."""
    out: list[str] = []
    hide = False
    for arg in args:
        name, equals, value = arg.partition("=")
        if hide or _SECRET.search(arg):
            out.append("${secret}")
        elif equals and (_SECRET_NAME.search(name) or _SECRET.search(value)):
            out.append(f"{name}=${{secret}}")
        else:
            out.append(arg)
        hide = arg.startswith("-") and not equals and bool(_SECRET_NAME.search(arg))
    return out
