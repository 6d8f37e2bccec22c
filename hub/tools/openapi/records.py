"""An interface of the web that is described by OpenAPI, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Where = Literal["path", "query", "header", "body"]
How = Literal["none", "header", "query", "bearer", "basic", "client_credentials", "authorization_code"]
"""With "authorization_code" each person signs in on their own; a client is registered once for the interface."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an argument goes: `name` as the interface calls it ("" is the whole body), `style` and `explode` as OpenAPI
    has them."""

    where: Where
    name: str
    style: str = ""
    explode: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that an interface does: its tool's name and schema, and how the arguments become a request. `body` is
    the MIME type of the body, empty without one."""

    name: str
    method: str
    path: str
    description: str
    parameters: dict[str, Any]
    places: Mapping[str, Place]
    body: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way to sign in that a specification names."""

    how: How
    name: str = ""
    token_url: str = ""
    scopes: tuple[str, ...] = ()
    authorize_url: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """How to sign in, with the secrets; they show in no repr. `name` is of the header or query parameter, `user` and
    `secret` are the name and password, client id and secret, or only the key as `secret`."""

    how: How = "none"
    name: str = ""
    user: str = ""
    secret: str = ""
    token_url: str = ""
    scope: str = ""
    authorize_url: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification, read. `servers` are absolute addresses; `left_out` are sentences on what became no tool."""

    title: str
    description: str
    version: str
    servers: tuple[str, ...]
    operations: tuple[Operation, ...]
    schemes: tuple[Scheme, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def access(self) -> Access:
        """The first way to sign in that it names, without secrets."""
        if not self.schemes:
            return Access()
        first = self.schemes[0]
        return self.access_by(first.how)

    def access_by(self, how: How) -> Access:
        """What it says of one way to sign in, without secrets."""
        found = next((one for one in self.schemes if one.how == how), Scheme(how))
        scope = " ".join(found.scopes)
        return Access(how, found.name, token_url=found.token_url, scope=scope, authorize_url=found.authorize_url)


@dataclass(frozen=True, slots=True)
class Api:
    """An interface that somebody has added. `owner` "" is everybody; `key_hint` are the last characters of the key."""

    id: str
    owner: str
    name: str
    base_url: str
    spec: Spec
    how: How = "none"
    key_hint: str = ""
    enabled: bool = True
    source: str = ""
    about: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)

    @property
    def shared(self) -> bool:
        """Whether everybody may use it."""
        return not self.owner
