"""Asking the plugins: each apart, so that one that raises changes nothing for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import pluggy
import structlog

from hub.errors import HubError
from hub.hooks.loading import living, outside
from hub.models.providers import Provider
from hub.models.types import ToolSpec
from hub.plugins import errors

log = structlog.get_logger(__name__)
T = TypeVar("T")
Shape = Callable[[Any], Any]
_PLAIN = {
    "str": str,
    "int": int,
    "bool": bool,
    "float": (int, float),
    "tuple": (tuple, list),
    "frozenset": (frozenset, set, tuple, list),
    "ToolSpec": ToolSpec,
    "Provider": Provider,
}
"""Declared types of fields that are looked at, by their name."""


def many(kind: type[T]) -> Callable[[Iterable[Any]], list[T]]:
    """Makes a list of what a plugin gave; raises TypeError when something else than a `kind` is in it."""

    def shape(given: Iterable[Any]) -> list[T]:
        found = list(given)
        for one in found:
            if not isinstance(one, kind):
                raise TypeError(f"gave a {type(one).__name__} where a {kind.__name__} belongs")
        return found

    return shape


def ask(hook: str, shape: Shape | None = None, *, newest: bool = False, **arguments: Any) -> Iterator[tuple[str, Any]]:
    """What each plugin says, with its name, and without those that say None; `newest` begins with the one that was
    loaded last. What a room raises goes up, what another plugin raises is kept for the page of plugins."""
    calls = living(hook)
    for call in reversed(calls) if newest else calls:
        try:
            given = answer_of(call, arguments, shape)
        except Exception as error:
            if not outside(call.plugin_name):
                raise
            failed(call.plugin_name, hook, error)
            continue
        if given is not None:
            yield call.plugin_name, given


def first(hook: str, **arguments: Any) -> Any:
    """What the first plugin says that has something to say."""
    return next((given for _, given in ask(hook, **arguments)), None)


def tell(hook: str, **arguments: Any) -> list[str]:
    """Calls every plugin; one that raises is logged, and the names of those that did are returned."""
    names: list[str] = []
    for call in living(hook):
        try:
            answer_of(call, arguments, None)
        except Exception as error:
            failed(call.plugin_name, hook, error)
            names.append(call.plugin_name)
    return names


def gather(hook: str, shape: Shape, **arguments: Any) -> tuple[list[tuple[str, Any]], list[str]]:
    """What every plugin gives, with its name, and a sentence for each that could not give its own."""
    found: list[tuple[str, Any]] = []
    said: list[str] = []
    for call in living(hook):
        try:
            found += [(call.plugin_name, one) for one in answer_of(call, arguments, shape) or ()]
        except Exception as error:
            failed(call.plugin_name, hook, error)
            said.append(without(call.plugin_name, error))
    return found, said


def answer_of(call: pluggy.HookImpl, arguments: dict[str, Any], shape: Shape | None) -> Any:
    """What one plugin says, in its shape."""
    try:
        given = call.function(*(arguments[name] for name in call.argnames))
    except SystemExit as error:
        raise RuntimeError("it tried to end the process") from error
    if shape is None or given is None:
        return given
    shaped = shape(given)
    if outside(call.plugin_name):
        for one in shaped:
            sound(one)
    return shaped


def sound(one: object) -> None:
    """Raises TypeError for a record whose plain fields are not what they are declared as: rooms are checked by their
    types before they run, plugins are not."""
    for part in fields(one) if is_dataclass(one) else ():
        wanted, value = _PLAIN.get(str(part.type).partition("[")[0]), getattr(one, part.name)
        if wanted and not isinstance(value, wanted):
            raise TypeError(f"gave a {type(one).__name__} whose {part.name} is a {type(value).__name__}")


def failed(plugin: str, where: str, error: Exception) -> None:
    """Logs what a plugin raised, and keeps it for the page of plugins when it is none of the rooms."""
    again = outside(plugin) and errors.note(plugin, where, error) > 1
    if isinstance(error, HubError):
        log.warning("plugin_refused", hook=where, plugin=plugin, kind=error.kind)
    elif again:  # a hook of every page would fill the log with the same traceback
        log.warning("plugin_failed_again", hook=where, plugin=plugin, error=type(error).__name__)
    else:
        log.error("plugin_failed", hook=where, plugin=plugin, exc_info=error)


def without(plugin: str, error: Exception) -> str:
    """Says to the person that something goes on without a plugin."""
    room = plugin.split(".")[1] if plugin.startswith("hub.") else plugin
    if isinstance(error, HubError):
        return f"Without {room}: {error.message}"
    return f"Without {room}: something went wrong in it ({type(error).__name__})."


def distinct(given: Sequence[tuple[str, T]], key: Callable[[T], str], hook: str) -> list[tuple[str, T]]:
    """Without what has a key that another one has had already, which is kept as an error of its plugin."""
    found: dict[str, tuple[str, T]] = {}
    for plugin, one in given:
        if key(one) in found:
            failed(plugin, hook, ValueError(f"{key(one)} is there already, from {found[key(one)][0]}"))
        else:
            found[key(one)] = (plugin, one)
    return list(found.values())
