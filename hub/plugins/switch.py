"""Whether a plugin is on. A switch is seen by all processes within three seconds, without a restart."""

from __future__ import annotations

from hub.errors import StoreDown
from hub.plugins import store
from hub.settings import settings

_last: dict[tuple[str, str], bool] = {}
"""What was read last, by database and plugin, for while the store is away."""


def enabled(name: str) -> bool:
    """Whether the plugin is on, which it is until somebody switches it off. While the store is away, what was known
    last holds; a plugin of which nothing was known is off then."""
    key = (settings().mongo_database, name)
    try:
        _last[key] = bool(store.rows().get(name, {}).get("enabled", True))
    except StoreDown:
        return _last.get(key, False)
    return _last[key]
