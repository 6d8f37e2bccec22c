"""Where an interface may stand."""

from __future__ import annotations

from urllib.parse import urlsplit

from hub.errors import BadInput
from hub.settings import settings
from hub.tools.openapi.records import Api


def may_reach(url: str) -> None:
    """Raises BadInput when the administrator's list of hosts (HUB_TOOLS_HOSTS) does not have that of `url`."""
    allowed = [one.strip().lower() for one in settings().tools_hosts.split(",") if one.strip()]
    host = (urlsplit(url).hostname or "").lower()
    if allowed and not any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in allowed):
        raise BadInput(f"{host} is not among the hosts that tools may reach.", hint="HUB_TOOLS_HOSTS lists them.")


def reaches_private(api: Api) -> bool:
    """Whether an interface may stand in a private network: what an administrator has added for everybody may."""
    return api.shared or settings().reaches_private("tools")
