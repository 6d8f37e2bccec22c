"""Providers of models that plugins add: a row for the table, and where the plugin answers by itself, how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.models.errors import ModelGone
from hub.models.providers import PROVIDERS, Provider
from hub.models.speaking import Guarded, Speaking, blamed
from hub.models.types import ChatModel, Entry

__all__ = ["ModelProvider", "Opening", "Speaking", "list_provided", "open_provided", "row", "rows"]


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """What a plugin needs to reach its provider: the model's `name` ("" for the list of models), and of the connection
    its `title`, address, key and headers."""

    name: str
    title: str = ""
    base_url: str = ""
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ModelProvider:
    """A provider of a plugin.

    `row` says how it is offered. Of kind "openai" or "litellm" it is spoken to as those are, and nothing else is
    needed. Of kind "plugin" `models` lists what there is (on a thread; it may wait for the network) and `open` makes a
    model ready to answer (`Speaking` makes one of a function).
    """

    row: Provider
    open: Callable[[Opening], ChatModel] | None = None
    models: Callable[[Opening], Sequence[Entry]] | None = None


def rows() -> tuple[Provider, ...]:
    """The rows of all plugins' providers, in the order of the plugins."""
    return tuple(one.row for _, one in _known().values())


def row(key: str) -> Provider | None:
    """The row of the plugin's provider `key`, if there is one."""
    found = _known().get(key)
    return found[1].row if found else None


def open_provided(key: str, opening: Opening) -> ChatModel:
    """A model of a plugin's provider. Raises ModelGone when the plugin is gone or off, ProviderDown when it fails."""
    plugin, given = _one(key, opening)
    try:
        assert given.open is not None
        return Guarded(plugin, opening.title, given.open(opening))
    except Exception as error:
        raise blamed(plugin, opening.title, error) from error


def list_provided(key: str, opening: Opening) -> list[Entry]:
    """The models of a plugin's provider; it may wait for the network. Raises as `open_provided`."""
    plugin, given = _one(key, opening)
    try:
        assert given.models is not None
        found = list(given.models(opening))
        wrong = [one for one in found if not isinstance(one, Entry)]  # pyright: ignore[reportUnnecessaryIsInstance]
        if wrong:
            raise TypeError(f"gave a {type(wrong[0]).__name__} where an Entry belongs")
    except Exception as error:
        raise blamed(plugin, opening.title, error) from error
    return sorted(found, key=lambda entry: (entry.title or entry.name).lower())


def _one(key: str, opening: Opening) -> tuple[str, ModelProvider]:
    found = _known().get(key)
    if found is None:
        name = opening.name or "of any name"
        raise ModelGone(opening.title, name, f"its provider {key} came from a plugin that is switched off or gone")
    return found


def _known() -> dict[str, tuple[str, ModelProvider]]:
    """The providers of plugins by key. One that cannot be used is kept as its plugin's error."""
    from hub import hooks  # above this package, like every room

    found: dict[str, tuple[str, ModelProvider]] = {}
    taken = {one.key for one in PROVIDERS} | {"demo"}
    for plugin, given in hooks.model_providers():
        try:
            _check(given, taken | found.keys())
        except Exception as error:
            hooks.failed(plugin, "model_providers", error)
        else:
            found[given.row.key] = (plugin, given)
    return found


def _check(given: object, taken: set[str]) -> None:
    if not isinstance(given, ModelProvider):
        raise TypeError(f"gave a {type(given).__name__} where a ModelProvider belongs")
    row = given.row
    if row.key in taken or not row.key.isidentifier():
        raise ValueError(f"{row.key} is taken, or is no name that a provider can have")
    if row.kind not in ("openai", "litellm", "plugin"):
        raise ValueError(f"{row.key} is of the kind {row.kind}; openai, litellm and plugin can be added")
    if row.kind == "plugin" and (given.open is None or given.models is None):
        raise ValueError(f"{row.key} is of the kind plugin and lacks `open` or `models`")
