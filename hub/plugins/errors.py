"""What goes wrong in plugins, kept for the administrators: one row for each place of a plugin, so never many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

import structlog

from hub.db.mongo import now
from hub.errors import StoreDown
from hub.plugins import store
from hub.plugins.records import Failure

LOADING = "loading"
"""The place of what keeps a plugin from being loaded."""
LONGEST = 500
MOST_PLACES = 40
"""Places of one plugin; tools and pages have names of their own, which a plugin may make up."""

log = structlog.get_logger(__name__)
_lock = Lock()
_here: dict[tuple[str, str], Failure] = {}
"""What went wrong in this process, for when the store is away."""


def note(plugin: str, where: str, error: Exception) -> int:
    """Keeps what a plugin raised; how often that was in this process. It never raises: a store that is away is only
    logged."""
    message = str(error).strip()[:LONGEST]
    with _lock:
        if sum(name == plugin for name, _ in _here) >= MOST_PLACES and (plugin, where) not in _here:
            where = "other"
        before = _here.get((plugin, where))
        made = Failure(plugin, where, type(error).__name__, message, now(), before.count + 1 if before else 1)
        _here[plugin, where] = made
    try:
        store.count_failure(plugin, where, made.kind, message)
    except StoreDown as down:
        log.warning("plugin_error_not_stored", plugin=plugin, where=where, error=down.message)
    return made.count


def clear(plugin: str, where: str | None = None) -> None:
    """Forgets what went wrong in a plugin, or only in one place of it. As `note`, it never raises."""
    with _lock:
        for key in [key for key in _here if key[0] == plugin and where in (None, key[1])]:
            del _here[key]
    try:
        store.drop_failures(plugin, where)
    except StoreDown as down:
        log.warning("plugin_errors_not_dropped", plugin=plugin, error=down.message)


def failures() -> Mapping[str, tuple[Failure, ...]]:
    """What went wrong by plugin, the newest first; of this process only while the store is away."""
    try:
        rows = store.failures()
        known = [
            Failure(row["plugin"], row["where"], row["kind"], row["message"], row["at"], row["count"]) for row in rows
        ]
    except StoreDown:
        with _lock:
            known = [replace(one) for one in _here.values()]
    found: dict[str, list[Failure]] = {}
    for one in sorted(known, key=lambda one: one.at, reverse=True):
        found.setdefault(one.plugin, []).append(one)
    return {name: tuple(ones) for name, ones in found.items()}
