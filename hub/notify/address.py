"""Addresses of channels, in the form of Apprise (ntfy://topic, mailto://…, json://host/path): read, checked, used."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass
from typing import Any

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.net.address import checked_address
from hub.settings import settings

LOCAL = frozenset({"Syslog", "D-Bus", "Gnome", "macOS", "Windows", "GLib"})
"""Services that act on the machine of the hub, not on the person's."""
SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Read:
    """What an address means: the service, and the address with what is secret left out."""

    kind: str
    shown: str


def read(who: Who, url: str) -> Read:
    """What an address means; raises BadInput when this person may not use it."""
    made = _opened(who, url)
    return Read(str(made.service_name), str(made.url(privacy=True)).partition("?")[0])


def tell(who: Who, url: str, title: str, body: str) -> None:
    """Sends a message. Raises BadInput as `read`, and HubError when the service did not take it."""
    made = _opened(who, url)
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines quote what was sent and where
    try:
        taken = made.notify(title=title, body=body)
    except Exception as error:  # some hundred services, each with errors of its own
        raise _refused(str(made.service_name), type(error).__name__) from None
    if not taken:
        raise _refused(str(made.service_name), "")


def _refused(service: str, why: str) -> HubError:
    said = f"{service} did not take the message{f' ({why})' if why else ''}."
    return HubError(said, hint="Check the address of the channel and whether the service can be reached.")


def _opened(who: Who, url: str) -> Any:
    from apprise import Apprise, AppriseAsset  # slow to import, and seldom needed

    asset = AppriseAsset(
        app_id="LLM Hub", app_desc="LLM Hub", app_url="", async_mode=False, http_redirects=0, plugin_paths=[],
        storage_mode="memory",
    )  # fmt: skip
    text = url.strip()
    if "://" not in text:
        raise BadInput("An address has the form service://…, such as ntfy://topic.", hint=_HINT)
    apprise: Any = Apprise
    made = apprise.instantiate(text, asset=asset, suppress_exceptions=True)
    if made is None or str(made.service_name) in LOCAL:
        raise BadInput(f"{text.partition('://')[0][:40]}:// is not an address that can be told of things.", hint=_HINT)
    if who.role != "admin":
        _public(made)
    return made


def _public(made: Any) -> None:
    """Only hosts of the open internet, unless the hub lets everybody reach private networks."""
    hosts = {str(name) for name in (getattr(made, "host", ""), getattr(made, "smtp_host", "")) if name}
    for host in hosts:
        try:
            checked_address(host, int(getattr(made, "port", 0) or 443), private=settings().private_urls)
        except BadInput:
            if _there(host):  # what is no host at all is the name of a topic or a token
                raise


def _there(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


_HINT = "The forms are listed in docs/schedules.md, and in the documentation of Apprise."
