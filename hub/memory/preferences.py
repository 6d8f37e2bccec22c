"""How a person wants memory, and which projects read the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hub import hooks
from hub.db.memo import Memo
from hub.db.who import Who
from hub.errors import BadInput
from hub.memory import store
from hub.memory.records import Settings
from hub.turns import EVERYWHERE

LEAST, MOST = 200, 8000
"""Tokens that profile and recall may take together."""
_adapter = TypeAdapter(Settings)
_names = frozenset(one.name for one in fields(Settings))
_known: Memo[Settings] = Memo()


def settings(who: Who) -> Settings:
    """How the person wants memory, defaults for what was never set."""

    def read() -> Settings:
        found = store.read("memory_settings", who.id) or {}
        return _adapter.validate_python({name: value for name, value in found.items() if name in _names})

    return _known.get(who.id, "", read)


def change_settings(who: Who, **values: Any) -> Settings:
    """Sets some by name; raises BadInput for a name or value that there is not."""
    try:
        after = _adapter.validate_python(asdict(replace(settings(who), **values)))
    except (TypeError, ValidationError) as error:
        raise BadInput("Memory has no such setting, or it does not take that value.") from error
    if not LEAST <= after.max_tokens <= MOST:
        raise BadInput(f"Memory may take {LEAST:,} to {MOST:,} tokens of a prompt.", hint="Nothing was changed.")
    store.write("memory_settings", {"_id": who.id, **asdict(after)})
    _known.drop(who.id)
    return after


def pause(who: Who, paused: bool = True) -> Settings:
    """Stops learning, or goes on; what is known is still used."""
    return change_settings(who, paused=paused)


def learns(who: Who, attached: Mapping[str, Any]) -> bool:
    """Whether something said may be kept; `attached` as in a `Turn`, where {"learn": False} only reads."""
    liked, reads_only = settings(who), attached.get("memory", {}).get("learn") is False
    return liked.enabled and not liked.paused and not reads_only and not switched_off(attached)


def recalls(who: Who, attached: Mapping[str, Any]) -> bool:
    """Whether an answer gets what is remembered."""
    liked = settings(who)
    return liked.enabled and liked.recall and not switched_off(attached)


def switched_off(attached: Mapping[str, Any]) -> bool:
    """Whether the conversation itself does without memory: `attached["memory"]` is {"off": True}."""
    return bool(attached.get("memory", {}).get("off"))


def reads_personal(who: Who, scope: str) -> bool:
    """Whether a project reads the person's own memory too, as the project says. The other way round nothing is read."""
    kind, _, name = scope.partition(":")
    return kind == "project" and hooks.project_reads_personal(who, name)


def read_scopes(who: Who, scope: str) -> list[str]:
    """The scopes that a chat in `scope` reads."""
    return [scope, EVERYWHERE] if reads_personal(who, scope) else [scope]


def forget(who: Who) -> None:
    """Drops what this process remembers of the person's settings."""
    _known.drop(who.id)
