"""MCP servers as pages, routes and other rooms see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hub.errors import HubError

Transport = Literal["stdio", "http", "sse"]
"""A program that the hub starts, streamable HTTP, or the older HTTP with server-sent events."""

State = Literal["off", "resting", "connecting", "ready", "waiting", "sign_in", "failed"]
"""`resting`: nothing is connected, the next call connects. `waiting`: it broke, and is tried again. `failed`: it broke
too often; the next call tries it again."""


class ServerAway(HubError):
    """An MCP server does not run, refuses, or cannot be reached."""

    kind = "mcp_server_away"


class SignInNeeded(ServerAway):
    """The person has to sign in at the server first."""

    kind = "mcp_sign_in"


@dataclass(frozen=True, slots=True)
class RememberedTool:
    """A tool as its server described it last. `version` is a hash of everything that it says of itself; `read_only` and
    `destructive` are its own hints, which nobody vouches for."""

    name: str
    title: str
    description: str
    parameters: Mapping[str, Any]
    version: str
    read_only: bool = False
    destructive: bool = True


@dataclass(frozen=True, slots=True)
class Server:
    """An MCP server of a person, or one that an administrator made for `everybody`.

    `place` is its command or address without anything secret. With `oauth` each person signs in on their own.
    `private`: it may stand in a private network. `trusts_hints`: tools that call themselves read-only run without
    asking. `off` are tools that nobody is given. `revision` changes with every change of how it is reached.
    """

    id: str
    owner: str
    name: str
    transport: Transport
    place: str
    created_at: datetime
    everybody: bool = False
    enabled: bool = True
    oauth: bool = False
    private: bool = False
    trusts_hints: bool = False
    off: frozenset[str] = frozenset()
    env_names: tuple[str, ...] = ()
    header_names: tuple[str, ...] = ()
    revision: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """How a server is reached, with its secrets; they show in no repr."""

    url: str = ""
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    client_id: str = ""
    client_secret: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that may stand in no log and no message, the longest first."""
        found = {*self.env.values(), *self.headers.values(), self.client_secret}
        found |= {word for value in self.headers.values() for word in value.split()}
        return tuple(sorted((one for one in found if len(one) > 3), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Draft:
    """A server to be made or changed."""

    name: str
    transport: Transport
    access: Access
    everybody: bool = False
    trusts_hints: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server offered when it was last asked."""

    tools: tuple[RememberedTool, ...] = ()
    listed_at: datetime | None = None
    prompts: tuple[PromptItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How a server is now, in this process, for one person. `retry_in` are seconds until it is tried again;
    `latency_ms` is how long its last plain answer took."""

    state: State
    said: str = ""
    latency_ms: float | None = None
    retry_in: float = 0.0
    product: str = ""
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a server's log: never what was said or sent, and no keys."""

    at: datetime
    kind: str
    said: str
    ms: float | None = None
    error: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A server with what is known of it, for one person. `may_change`: it is theirs, or they are an administrator and
    it is everybody's. `signed_in` is None where nobody signs in."""

    server: Server
    listing: Listing
    status: Status
    may_change: bool
    signed_in: bool | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """What has to be filled into a prompt, or into the address of a resource."""

    name: str
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ResourceItem:
    """Something to read that a server offers. With `arguments` the `uri` is a template (RFC 6570) with these blanks."""

    uri: str
    name: str
    description: str = ""
    mime: str = ""
    size: int | None = None
    arguments: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceText:
    """What stood at a resource: text, or bytes of the type `mime`."""

    uri: str
    mime: str
    text: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class PromptItem:
    """A prompt that a server offers."""

    name: str
    title: str
    description: str = ""
    arguments: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class Offering:
    """A server that the composer may ask for resources and prompts. `word` is what "/word:prompt" calls it by;
    `prompts` are those that it had when it was last connected."""

    id: str
    name: str
    word: str
    prompts: tuple[PromptItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """One server of an imported list: `id` is "" when it was refused or is there already, and `said` says why."""

    name: str
    id: str
    said: str
