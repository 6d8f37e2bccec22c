"""Trying a connection out: what the Test button does, and what happens after one was added or changed."""

from __future__ import annotations

from hub.db.who import Who
from hub.errors import HubError
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.models.check import Check, check
from hub.models.connections import Connection


def trial(who: Who, connection: Connection) -> Check:
    """Asks the provider and, when it answers, stores its list of models. What goes wrong is in the sentence.

    It waits for the network: plain code calls it, never an event loop.
    """
    try:
        access = connections.access(who, connection)
        return wait_for(_both(who, connection, access))
    except HubError as error:
        return Check(False, f"{error.message} {error.hint}".strip())


async def _both(who: Who, connection: Connection, access: connections.Access) -> Check:
    result = await check(connection, access)
    if result.ok:
        await catalogue.refresh(who, connection)
    return result
