"""Finding and importing plugins: entry points of installed packages, and modules in the data folder's `plugins/`.

Whoever can write into that folder can do in the hub what the hub can do; the data folder is its owner's alone (0700).
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from inspect import getattr_static
from pathlib import Path
from threading import RLock
from types import ModuleType

from hub.plugins.records import Origin
from hub.settings import settings

GROUP = "llm_hub"
FOLDER = "plugins"
PACKAGE = "llm_hub_plugins"
"""The private package under which the folder's modules are imported."""
MARK = "llm_hub_impl"
"""What pluggy puts on the functions that implement a hook."""
_lock = RLock()  # threads of pages and of answers come first together
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_MODULE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that is there. `plugin` is its module or object; None with the `problem` that kept it from loading."""

    name: str
    origin: Origin
    version: str = ""
    plugin: object = None
    problem: Exception | None = None

    @property
    def about(self) -> str:
        """The first line of its docstring."""
        return (getattr(self.plugin, "__doc__", None) or "").strip().partition("\n")[0]


def found() -> tuple[Found, ...]:
    """Every plugin from outside, imported once in a process; packages first, each kind by name."""
    with _lock:
        return _found()


@lru_cache(maxsize=1)
def _found() -> tuple[Found, ...]:
    taken: dict[str, Found] = {}
    for one in (*_packages(), *_folder(settings().data / FOLDER)):
        if one.name in taken:
            where = "a package" if taken[one.name].origin == "package" else "another file"
            one = Found(f"{one.name} ({one.origin})", one.origin, problem=ValueError(f"{where} has this name already"))
        taken[one.name] = one
    return tuple(taken.values())


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """The names of all plugins from outside."""
    return frozenset(one.name for one in found())


def named(name: str) -> Found | None:
    """The plugin with this name."""
    return next((one for one in found() if one.name == name), None)


def forget() -> None:
    """Has the next look find and import everything anew, in this process."""
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    _found.cache_clear()
    names.cache_clear()


def hook_names(plugin: object) -> list[str]:
    """The names of the hooks that a plugin implements, sorted."""
    # Without running properties of an object, which may raise.
    static = {name: getattr_static(plugin, name, None) for name in dir(plugin)}
    return sorted(name for name, value in static.items() if isinstance(getattr(value, MARK, None), dict))


def _packages() -> Iterator[Found]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        version = point.dist.version if point.dist else ""
        yield _loaded(point.name, "package", version, _NAME, lambda point=point: _load(point))


def _load(point: EntryPoint) -> object:
    return point.load()


def _folder(folder: Path) -> Iterator[Found]:
    if not folder.is_dir():
        return
    parent = ModuleType(PACKAGE)
    parent.__path__ = [str(folder)]
    sys.modules[PACKAGE] = parent
    importlib.invalidate_caches()
    for path in sorted(folder.iterdir()):
        module = path.suffix == ".py" or (path / "__init__.py").is_file()
        if module and not path.name.startswith(("_", ".")):
            name = path.stem if path.suffix == ".py" else path.name
            yield _loaded(name, "folder", "", _MODULE, lambda name=name: importlib.import_module(f"{PACKAGE}.{name}"))


def _loaded(name: str, origin: Origin, version: str, wanted: re.Pattern[str], load: Callable[[], object]) -> Found:
    if not wanted.fullmatch(name):
        problem = ValueError("The name of a plugin has small letters, digits and underscores, and begins with a letter")
        return Found(name[:80], origin, version, problem=problem)
    try:
        plugin = load()
    except (Exception, SystemExit) as error:  # a plugin that ends the process on import must not end the hub
        problem = error if isinstance(error, Exception) else RuntimeError("it ended the process when it was imported")
        return Found(name, origin, version, problem=problem)
    return Found(name, origin, version or str(getattr(plugin, "__version__", "")), plugin)
