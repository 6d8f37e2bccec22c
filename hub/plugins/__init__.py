"""Plugins from outside: found, switched on and off, set up, and watched. `hub.hooks` calls them.

A plugin reads its own settings by `settings(name)`.
"""

from hub.plugins.manage import clear_errors, every, save_settings, switch_plugin
from hub.plugins.records import Failure, Field, Plugin
from hub.plugins.store import INDEXES
from hub.plugins.values import settings

__all__ = [
    "INDEXES",
    "Failure",
    "Field",
    "Plugin",
    "clear_errors",
    "every",
    "save_settings",
    "settings",
    "switch_plugin",
]
