"""What a person can give an agent, for its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.models.types import ModelInfo
from hub.turns import Tool


@dataclass(frozen=True, slots=True)
class Offers:
    """The tools of a new chat, descriptions of skills by name, names of collections and of other agents by id, the
    models with those that were used lately, and the person's own default."""

    tools: Sequence[Tool]
    skills: Mapping[str, str]
    collections: Mapping[str, str]
    agents: Mapping[str, str]
    models: Sequence[ModelInfo]
    recent: Sequence[str] = ()
    default: str = ""

    @property
    def model_names(self) -> dict[str, str]:
        """Names of the models by id."""
        return {one.id: one.label for one in self.models}


def group_id(group: str) -> str:
    """The id under which a whole set of tools is chosen."""
    return f"group:{group}"


GONE = "not there any more"


def options(known: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """What can be chosen: what is known, and what is chosen already though it is gone."""
    return list(dict.fromkeys((*known, *chosen)))


def naming(names: Mapping[str, str]) -> Callable[[str], str]:
    """The name of an id; one that is gone says so."""
    return lambda one: names.get(one) or f"{one[-24:]} ({GONE})"
