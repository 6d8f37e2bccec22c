"""The agents as calm cards; each opens the agent, begins a chat with it, and has a menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.agents.avatar import face
from components.agents.words import Wish, has, many, whose
from hub.agents.records import Agent

_HERE = Path(__file__).parent
_SHARED = _HERE.parents[1]
_mount = st.components.v2.component(
    "agent_cards",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "cards.css").read_text(),
    js="\n".join(path.read_text() for path in (_SHARED / "dom.js", _SHARED / "steady.js", _HERE / "cards.js")),
)
SHORTEN = 200


def agent_cards(
    agents: Sequence[Agent], models: Mapping[str, str], owners: Mapping[str, str], *, revision: int
) -> Wish | None:
    """Draw a card for each; what was asked for, with its id: "open", "chat", "duplicate", "export", "share" or
    "delete". `models` and `owners` are names by id. `revision` changes when something was done elsewhere."""
    data = {"cards": [_card(one, models, owners) for one in agents], "revision": revision}
    event = cast("dict[str, Any] | None", _mount(data=data, key="agent_cards", on_event_change=_nothing).event)
    return (str(event["do"]), (str(event["id"]),)) if event else None


def _card(one: Agent, models: Mapping[str, str], owners: Mapping[str, str]) -> dict[str, Any]:
    spec = one.spec
    model = models.get(spec.model, spec.model.partition("/")[2] + " is not there") if spec.model else "default model"
    used = f"used {many(one.uses, 'time')}" if one.uses else "not used yet"
    return {
        "id": one.id,
        "name": spec.name,
        "face": face(spec),
        "text": " ".join((spec.description or spec.instructions).split())[:SHORTEN],
        "model": model,
        "has": [{"icon": icon, "text": text} for icon, text in has(spec)],
        "foot": f"{whose(one, owners)} · {used}",
        "draft": one.draft,
        "mine": one.mine,
    }


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
