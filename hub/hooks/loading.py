"""Which plugins this process has: the hub's own rooms, installed packages, and the plugins folder."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

import pluggy

from hub.hooks.specifications import PROJECT, Specifications
from hub.plugins import errors, finding, switch

BUILT_IN = (
    "hub.agents.plugin",
    "hub.chat.plugin",
    "hub.compare.plugin",
    "hub.documents.plugin",
    "hub.evals.plugin",
    "hub.mcp.plugin",
    "hub.memory.plugin",
    "hub.projects.plugin",
    "hub.schedules.plugin",
    "hub.search.plugin",
    "hub.skills.plugin",
    "hub.tools.plugin",
    "hub.votes.plugin",
)
"""Modules of the rooms with implementations; by name, since rooms stand above this package."""


@lru_cache(maxsize=1)
def plugins() -> pluggy.PluginManager:
    """The plugins of this process, loaded once. One from outside that cannot be loaded is left out, and its page says
    why; a room that cannot is an error."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Specifications)
    for name in BUILT_IN:
        manager.register(import_module(name), name)
    for found in finding.found():
        if found.problem:
            errors.note(found.name, errors.LOADING, found.problem)
        else:
            _register(manager, found)
    return manager


def _register(manager: pluggy.PluginManager, found: finding.Found) -> None:
    unknown = [name for name in finding.hook_names(found.plugin) if not hasattr(manager.hook, name)]
    try:
        if unknown:
            raise TypeError(f"There is no hook named {' or '.join(unknown)}.")
        manager.register(found.plugin, found.name)
    except Exception as error:
        # pluggy enters the name before it looks at the functions.
        if manager.has_plugin(found.name):
            manager.unregister(name=found.name)
        errors.note(found.name, errors.LOADING, error)
    else:
        errors.clear(found.name, errors.LOADING)


def outside(name: str) -> bool:
    """Whether the plugin is none of the hub's own rooms."""
    return name in finding.names()


def living(hook: str) -> list[pluggy.HookImpl]:
    """The implementations of a hook in the order of their loading, without those that are switched off."""
    calls = getattr(plugins().hook, hook).get_hookimpls()
    return [call for call in calls if not outside(call.plugin_name) or switch.enabled(call.plugin_name)]
