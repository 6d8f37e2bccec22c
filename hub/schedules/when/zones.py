"""Time zones by their IANA names."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from hub.errors import BadInput


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises BadInput for one that is not known."""
    try:
        if name in ("UTC", "GMT") or ("/" in name and not name.startswith(("posix/", "right/"))):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise BadInput(
        f'The time zone "{name[:60]}" is not known.', hint="Write an IANA name, as in Europe/Berlin, or UTC."
    )
