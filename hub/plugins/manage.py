"""What administrators do with plugins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.db.who import Who
from hub.errors import HubError, NotFound
from hub.plugins import errors, finding, marked, store, switch, values
from hub.plugins.records import Plugin


def every(who: Who) -> list[Plugin]:
    """All plugins from outside, with what went wrong in them. Call `hooks.plugins()` before, which loads them."""
    _check(who)
    failures = errors.failures()
    return [_plugin(one, failures.get(one.name, ())) for one in finding.found()]


def switch_plugin(who: Who, name: str, *, on: bool) -> None:
    """Switches a plugin on or off, in every process within three seconds. What went wrong in it is forgotten when it is
    switched on, so that what is shown is of now."""
    _check(who)
    _known(name)
    store.change(name, {"enabled": on})
    if on:
        for one in errors.failures().get(name, ()):
            if one.where != errors.LOADING:
                errors.clear(name, one.where)


def save_settings(who: Who, name: str, changes: Mapping[str, Any]) -> None:
    """Stores settings of a plugin, see `values.save`."""
    _check(who)
    _known(name)
    values.save(name, changes)


def clear_errors(who: Who, name: str) -> None:
    """Forgets what went wrong in a plugin so far."""
    _check(who)
    _known(name)
    errors.clear(name)


def _plugin(found: finding.Found, failures: tuple[Any, ...]) -> Plugin:
    adds = [] if found.plugin is None else finding.hook_names(found.plugin)
    adds += ["tools"] if found.plugin is not None and "tools" not in adds and marked.names(found.plugin) else []
    works = found.problem is None and not any(one.where == errors.LOADING for one in failures)
    return Plugin(
        found.name,
        found.origin,
        found.version,
        found.about,
        tuple(adds),
        switch.enabled(found.name),
        works,
        values.fields(found.name),
        failures,
    )


def _known(name: str) -> finding.Found:
    found = finding.named(name)
    if found is None:
        there = ", ".join(sorted(finding.names())) or "none"
        raise NotFound(f"There is no plugin named {name}.", hint=f"Those that are there: {there}.")
    return found


def _check(who: Who) -> None:
    if who.role != "admin":
        raise HubError("Only administrators manage plugins.", hint="Nothing was changed.", kind="not_allowed")
