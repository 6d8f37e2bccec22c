"""What an empty chat with an agent says."""

from __future__ import annotations

from components.agents.avatar import face
from components.transcript import Empty
from components.transcript.views import Starter
from hub.agents.records import AgentSpec


def greeting(spec: AgentSpec) -> Empty:
    """Its picture, name, description and starters; one that ends with a colon is left to be finished."""
    starters = tuple(Starter("", f"{text}\n\n" if text.endswith(":") else text) for text in spec.starters)
    return Empty(spec.name or "No name yet", spec.description, starters, face(spec))
