"""The form of an agent, in groups; what it says is the agent that is tried beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from components.agents import answering, identity, picks
from components.agents.keeping import keeping
from components.agents.offers import Offers
from components.agents.words import MEMORY, many
from hub.agents.records import AgentSpec


def form(
    spec: AgentSpec, offers: Offers, stamp: str, count: Callable[[str], int], check: answering.Check
) -> tuple[AgentSpec, str]:
    """Draw the form over `spec`; the agent as it says, and what is wrong with it that no agent could say ("" nothing).
    `stamp` names this filling of the form, `count` counts tokens, `check` tells what is wrong
    with an agent."""
    keep = keeping(stamp)
    spec = identity.identity(spec, keep)
    spec = identity.instructions(spec, keep, count)
    with _group("Model", "neurology", offers.model_names.get(spec.model, "") if spec.model else "default"):
        spec = answering.model(spec, keep, offers, stamp)
    with _group("Tools", "build", _said(spec.tools, "tool")):
        spec = picks.tools(spec, keep, offers)
    with _group("Skills", "school", _said(spec.skills, "skill", len(spec.always))):
        spec = picks.skills(spec, keep, offers)
    words = f"{many(len(spec.collections), 'collection')} · {MEMORY[spec.memory].lower()}"
    with _group("Documents and memory", "menu_book", words):
        spec = picks.documents(spec, keep, offers)
    named = len({*spec.helpers, *spec.successors})
    with _group("Other agents", "group_work", many(named, "agent") if named else "none"):
        spec = picks.others(spec, keep, offers)
    with _group("Limits", "speed", many(spec.limits.steps, "step")):
        spec = answering.limits(spec, keep)
    with _group("Form of answers", "data_object", "free" if spec.schema is None else "JSON"):
        return answering.schema(spec, keep, stamp, check)


@contextmanager
def _group(title: str, icon: str, said: str) -> Iterator[None]:
    """A group that opens; what it says stands in its title, so that it need not be opened to be read."""
    key = f"agent_group_{title.split()[0].lower()}"
    with st.expander(f"{title} :gray[:small[· {said or 'not there'}]]", icon=f":material/{icon}:", key=key):
        yield


def _said(given: tuple[str, ...] | None, word: str, always: int = 0) -> str:
    said = "as in the chat" if given is None else many(len(given), word) if given else "none"
    return f"{said}, {always} always on" if always else said
