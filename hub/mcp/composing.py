"""Resources and prompts of MCP servers for the composer, and signing in. They wait for the server."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from hub.db.who import Who
from hub.errors import BadInput
from hub.mcp import store
from hub.mcp.open import pool
from hub.mcp.records import Offering, PromptItem, ResourceItem, ResourceText, Server


def offering(who: Who) -> tuple[Offering, ...]:
    """The servers that are on, with the prompts that are remembered of them; no server is asked for it."""
    found: dict[str, Offering] = {}
    for one in store.servers(who):
        if one.enabled:
            plain = re.sub(r"[^\w-]+", "-", one.name.casefold()).strip("-") or "server"
            word = next(free for number in range(1, 10_000) if (free := _numbered(plain, number)) not in found)
            prompts = store.listing(one.id, store.key_of(who, one)).prompts
            found[word] = Offering(one.id, one.name, word, prompts)
    return tuple(found.values())


def _numbered(word: str, number: int) -> str:
    return word if number == 1 else f"{word}-{number}"


def list_resources(who: Who, server: str) -> tuple[ResourceItem, ...]:
    """What there is to read at a server. Raises NotFound, ServerAway."""
    return pool().resources(who, store.server(who, server))


def read_resource(who: Who, server: str, uri: str, blanks: Mapping[str, str] | None = None) -> tuple[ResourceText, ...]:
    """What stands at a resource, as data that nobody vouches for; `blanks` go into a `uri` that is a template. Raises
    NotFound, ServerAway, BadInput."""
    return pool().resource(who, store.server(who, server), uri, dict(blanks or {}))


def as_files(contents: Sequence[ResourceText], name: str) -> list[tuple[str, bytes]]:
    """What stood at a resource as files to attach, by name: the first, or only, one is called `name`. Raises BadInput
    when nothing stood there."""
    if not any(one.text or one.data for one in contents):
        raise BadInput(f"There is nothing in {name or 'this resource'}.", hint="Nothing was attached.")
    return [(_file_name("" if at else name, one), one.data or one.text.encode()) for at, one in enumerate(contents)]


def _file_name(name: str, one: ResourceText) -> str:
    parts = urlsplit(one.uri)
    plain = name or unquote(PurePosixPath(parts.path).name or parts.netloc) or "resource"
    plain = plain.replace("/", " ").strip()
    mime = one.mime.partition(";")[0].strip().lower()
    ending = mimetypes.guess_extension(mime) or (".txt" if one.text else "")
    return plain if re.search(r"\.\w{1,8}$", plain) else f"{plain}{ending}"


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
