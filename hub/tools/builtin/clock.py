"""The current time, in the person's time zone or any other."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo, available_timezones

from hub.errors import BadInput
from hub.tools.schema import tool
from hub.turns import ToolResult, Turn

_Zone = Annotated[str, "A time zone or its city, such as Europe/Vienna or Tokyo. Without it, the user's own."]


@tool("Tell the time", "schedule", group="Built in", permission="always", resident=True, id="hub:current_time")
def current_time(turn: Turn, zone: _Zone = "") -> ToolResult:
    """The current date, weekday and time. Use it for anything that depends on today or now."""
    name = zone.strip() or _own(turn)
    in_zone = _zone(name) if name else None
    at = datetime.now(in_zone).astimezone(in_zone)
    offset, place = f"{at:%z}", in_zone.key if in_zone else "the time of the server"
    shown = f"{at:%A}, {at.day} {at:%B %Y, %H:%M:%S} (UTC{offset[:3]}:{offset[3:]}, {place})"
    return ToolResult(f"It is {shown}. ISO 8601: {at.isoformat(timespec='seconds')}.", f"{at:%H:%M}", ours=True)


def _own(turn: Turn) -> str:
    """The zone that the page gave with the chat, if it knows one."""
    kept = turn.attached.get("tools")
    return str(cast("dict[str, Any]", kept).get("zone") or "") if isinstance(kept, dict) else ""


def _zone(name: str) -> ZoneInfo:
    found = _zones().get(name.strip().replace(" ", "_").casefold())
    if found is None:
        raise BadInput(f"There is no time zone {name[:60]!r}.", hint="Give a name such as Europe/Vienna, or UTC.")
    return ZoneInfo(found)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Zones by their names and, where only one has it, by their cities."""
    names = sorted(available_timezones())
    cities: dict[str, list[str]] = {}
    for name in names:
        area, _, city = name.rpartition("/")
        if area and not area.startswith(("Etc", "posix", "right", "SystemV", "US", "Brazil", "Canada", "Mexico")):
            cities.setdefault(city.casefold(), []).append(name)
    return {city: of[0] for city, of in cities.items() if len(of) == 1} | {name.casefold(): name for name in names}
