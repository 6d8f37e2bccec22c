"""Trying a connection out: what the Test button does, and adding or changing one and then trying it."""

from __future__ import annotations

from dataclasses import replace

from hub.db.who import Who
from hub.errors import HubError
from hub.models import catalogue, connections, warm
from hub.models.blocking import wait_for
from hub.models.check import Check, check
from hub.models.connections import Connection


def connect(
    who: Who, provider: str, *, name: str = "", key: str = "", base_url: str = "", litellm_provider: str = ""
) -> Check:
    """Stores a connection and tries it out. Raises BadInput, and then nothing is stored."""
    made = connections.add(who, provider, name=name, key=key, base_url=base_url, litellm_provider=litellm_provider)
    return trial(who, made)


def change(
    who: Who, connection_id: str, *, name: str | None = None, key: str = "", base_url: str | None = None
) -> Check:
    """Changes a connection and tries it out; without a new `key` the old one stays. Raises BadInput and NotFound."""
    return trial(who, connections.update(who, connection_id, name=name, base_url=base_url, key=key or None))


def switch(who: Who, connection_id: str, *, on: bool) -> None:
    """Switches a connection on or off. Raises NotFound."""
    warm.start_for(connections.update(who, connection_id, enabled=on))


def trial(who: Who, connection: Connection) -> Check:
    """Asks the provider and, when it answers, stores its list of models. What goes wrong is in the sentence.

    It waits for the network: plain code calls it, never an event loop.
    """
    warm.start_for(connection)
    try:
        access = connections.access(who, connection)
        result = wait_for(_both(who, connection, access))
    except HubError as error:
        result = Check(False, f"{error.message} {error.hint}".strip())
    return replace(result, connection=connection.id)


async def _both(who: Who, connection: Connection, access: connections.Access) -> Check:
    result = await check(connection, access)
    if result.ok:
        await catalogue.refresh(who, connection)
    return result
