"""Which address a connection may go to, decided before it is opened."""

from __future__ import annotations

import ipaddress
import socket

from hub.errors import BadInput
from hub.net.fetch import public


def checked_address(host: str, port: int, *, private: bool = False) -> str:
    """The IP address of `host` to connect to; the name is resolved here and nowhere after, so that a second answer of
    the name server changes nothing.

    Without `private` every address of the name must be one of the open internet. Link-local ones, where clouds keep
    their keys, are never reached. Raises BadInput.
    """
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise BadInput(f"There is no host {host}.", hint="Check the address.") from error
    if not private and not all(map(public, found)):
        raise BadInput(
            f"{host} leads into a private network, which the hub does not enter.",
            hint="An administrator can add this server, or allow private addresses with HUB_PRIVATE_URLS.",
        )
    if any(ipaddress.ip_address(one.partition("%")[0]).is_link_local for one in found):
        raise BadInput(f"{host} is a link-local address, which the hub does not enter.", hint="Use another address.")
    return sorted(found, key=lambda one: ":" in one)[0]
