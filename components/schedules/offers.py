"""What a person can put into a schedule, for its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hub.schedules.records import Spec

DEFAULT = "usual"


@dataclass(frozen=True, slots=True)
class Offers:
    """Names by id: of agents, models (with that of the default one), collections, chats that were used lately, other
    schedules, notification channels and tools."""

    agents: Mapping[str, str] = field(default_factory=dict[str, str])
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    default: str = ""
    collections: Mapping[str, str] = field(default_factory=dict[str, str])
    chats: Mapping[str, str] = field(default_factory=dict[str, str])
    schedules: Mapping[str, str] = field(default_factory=dict[str, str])
    channels: Mapping[str, str] = field(default_factory=dict[str, str])
    tools: Mapping[str, str] = field(default_factory=dict[str, str])

    def answering(self, chosen: str) -> dict[str, str]:
        """Who can answer, by a word that names it: the default model, agents, models, and what is `chosen` though it is
        gone."""
        named = {DEFAULT: f"Default model{f' ({self.default})' if self.default else ''}"}
        named |= {f"agent {id_}": f"{name} (agent)" for id_, name in self.agents.items()}
        named |= {f"model {id_}": name for id_, name in self.models.items()}
        return named if chosen in named else named | {chosen: f"{chosen[-24:]} (not there any more)"}


def word_of(spec: Spec) -> str:
    """The word for who answers."""
    return f"agent {spec.agent}" if spec.agent else f"model {spec.model}" if spec.model else DEFAULT


def answered_by(spec: Spec, word: str) -> Spec:
    """The spec with another one who answers."""
    kind, _, id_ = word.partition(" ")
    return replace(spec, agent=id_ if kind == "agent" else "", model=id_ if kind == "model" else "")
