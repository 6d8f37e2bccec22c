"""What is known of a plugin, as pages and the command line show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Origin = Literal["package", "folder"]
FieldKind = Literal["text", "secret", "whole", "number", "switch", "choice", "lines", "json"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong in a plugin: `where` is the hook, `kind` the error's class, `at` the last time, `count`
    how often."""

    plugin: str
    where: str
    kind: str
    message: str
    at: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One setting of a plugin. `value` is what holds now; of a secret only whether it is `stored` is told. `required`:
    the plugin has no value of its own for it."""

    name: str
    label: str
    help: str
    kind: FieldKind
    value: Any = None
    choices: tuple[Any, ...] = ()
    required: bool = False
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin from outside of the hub. `adds` are the names of its hooks, `works` whether this process has loaded
    it. `failures` are the newest first."""

    name: str
    origin: Origin
    version: str
    about: str
    adds: tuple[str, ...]
    enabled: bool
    works: bool
    fields: tuple[Field, ...] = ()
    failures: tuple[Failure, ...] = ()
