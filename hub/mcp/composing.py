"""Resources and prompts of MCP servers for the composer, and signing in. They wait for the server."""

from __future__ import annotations

from hub.db.who import Who
from hub.mcp import store
from hub.mcp.open import pool
from hub.mcp.records import PromptItem, ResourceItem, ResourceText, Server


def list_resources(who: Who, server: str) -> tuple[ResourceItem, ...]:
    """What there is to read at a server. Raises NotFound, ServerAway."""
    return pool().resources(who, store.server(who, server))


def read_resource(who: Who, server: str, uri: str) -> tuple[ResourceText, ...]:
    """What stands at a resource, as data that nobody vouches for. Raises NotFound, ServerAway, BadInput."""
    return pool().resource(who, store.server(who, server), uri)


def list_prompts(who: Who, server: str) -> tuple[PromptItem, ...]:
    """The prompts of a server. Raises NotFound, ServerAway."""
    return pool().prompts(who, store.server(who, server))


def get_prompt(who: Who, server: str, name: str, blanks: dict[str, str]) -> str:
    """A prompt with its blanks filled in, as text for the composer. Raises NotFound, ServerAway."""
    return pool().prompt(who, store.server(who, server), name, blanks)


def begin_sign_in(who: Who, server: str, redirect: str) -> str:
    """The address where the person signs in; from there they come back to `redirect`. Raises NotFound, ServerAway."""
    found = store.server(who, server)
    return pool().wait_for(pool().sign_ins.begin(who, found, store.access(who, server), redirect))


def finish_sign_in(who: Who, state: str, code: str, issuer: str | None = None, error: str = "") -> Server:
    """The person is back; their tools are listed next. Raises BadInput, ServerAway."""
    found = pool().wait_for(pool().sign_ins.finish(who, state, code, issuer, error))
    store.learn_oauth(found)
    pool().drop(found.id, who.id)
    pool().drop(found.id, "")
    return store.server(who, found.id)


def sign_out(who: Who, server: str) -> None:
    """Forgets the person's sign-in, here and at the identity provider. Raises NotFound."""
    pool().sign_out(who, store.server(who, server))
