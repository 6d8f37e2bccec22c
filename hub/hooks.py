"""Every extension point of the hub, in one place.

A plugin is a module or object whose functions carry `@hooks.implementation` and the names below. It is found through
the entry-point group `llm_hub` of an installed package, or registered by `plugins().register(...)`. What a plugin
raises is logged and never ends a turn.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import pluggy
import structlog

from hub.db.who import Who
from hub.runs.records import RunRecord

PROJECT = "llm_hub"
specification = pluggy.HookspecMarker(PROJECT)
implementation = pluggy.HookimplMarker(PROJECT)

BUILT_IN = ("hub.chat.leave",)
"""Modules of the rooms with implementations; by name, since rooms stand above this file."""

log = structlog.get_logger(__name__)


class Specifications:
    """The hooks; a plugin may leave out any of them, and any trailing arguments."""

    @specification
    def run_finished(self, run: RunRecord) -> None:
        """Called once after a run has ended and is stored, whatever its status; at a restart also for the runs that
        a dead process left.

        In the process that held (or found) the run, on a thread of the engine; it must not block for long: enqueue a
        job for anything slow. An exception is logged and nothing else changes.
        """

    @specification
    def person_deleted(self, who: Who) -> None:
        """Called when an admin deletes an account: remove every row of `who`, for good. Runs, files and connections
        are removed by the caller; nobody is signed in as `who` any more.

        In the web process or on the command line, on the thread that asked. It may be called again for the same
        person. An exception is logged, shown to the admin, and keeps the account until a later call ends well.
        """


@lru_cache(maxsize=1)
def plugins() -> pluggy.PluginManager:
    """The plugins of this process, entry points loaded once."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Specifications)
    for name in BUILT_IN:
        manager.register(import_module(name), name)
    manager.load_setuptools_entrypoints(PROJECT)
    return manager


def run_finished(run: RunRecord) -> None:
    """Tells every plugin, each apart, that `run` has ended."""
    _call_each("run_finished", run=run)


def person_deleted(who: Who) -> list[str]:
    """Has every plugin remove what it keeps of `who`; the names of those that could not."""
    return _call_each("person_deleted", who=who)


def _call_each(name: str, **arguments: Any) -> list[str]:
    """Calls every plugin's `name`; one that raises is logged, and the names of those that did are returned."""
    failed: list[str] = []
    for call in getattr(plugins().hook, name).get_hookimpls():
        try:
            call.function(*(arguments[argument] for argument in call.argnames))
        except Exception:
            log.exception("plugin_failed", hook=name, plugin=call.plugin_name)
            failed.append(call.plugin_name)
    return failed
