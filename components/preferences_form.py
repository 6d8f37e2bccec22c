"""How a person likes the hub: one row for each preference, kept as soon as it is changed, and saying so."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.setting_row import setting_row
from components.state import Kept
from hub.chat.records import Preferences
from hub.models.types import ModelInfo

_WAYS = {"queue": "Wait, then send", "interrupt": "Stop it and send"}
_NUMBERS: dict[str, dict[str, Any]] = {
    "most_steps": {"min_value": 1, "max_value": 100, "step": 1},
    "most_tokens": {"min_value": 1_000, "step": 1_000, "placeholder": "No limit"},
    "most_cost": {"min_value": 0.001, "step": 0.05, "format": "%.3f", "placeholder": "No limit"},
}
_LOOKS = {"system": "System", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class Preference:
    """What stands beside a control."""

    name: str
    label: str
    help: str


PREFERENCES = (
    Preference("appearance", "Appearance", "Light, dark, or as your system is, wherever you sign in."),
    Preference("enter_sends", "Enter sends the message", "When off, Ctrl+Enter sends and Enter begins a new line."),
    Preference("when_running", "Sending while an answer is written", "What happens to the answer and your message."),
    Preference("show_costs", "Show costs", "Under each answer and in lists, where the price of the model is known."),
    Preference(
        "auto_compact",
        "Summarise long chats",
        "When a chat no longer fits the model, a summary that you can edit stands in for the older part.",
    ),
    Preference("most_steps", "Steps of an answer", "How often a model may call tools and go on before it must end."),
    Preference(
        "most_tokens", "Tokens of an answer", "Read and written in all its steps, with the agents that it asks."
    ),
    Preference(
        "most_cost",
        "Dollars of an answer",
        "With what its tools and agents cost. A model without a known price stops after its first step.",
    ),
    Preference("title_model", "Titles", "Who names a new chat. A small, cheap model is enough."),
    Preference("system_prompt", "System prompt", "Goes before every new chat, for example how you like answers."),
)


def preferences_form(
    likes: Preferences,
    models: Sequence[ModelInfo],
    kept: Kept | None,
    on_change: Callable[[str, Any], None],
    *,
    only: Collection[str] | None = None,
    key: str = "likes",
) -> None:
    """Draw the rows, or `only` those named; `on_change` gets the name of a preference and its new value. `kept` is
    what came of it."""

    def keep(name: str) -> None:
        on_change(name, st.session_state[f"{key}_{name}"])

    for one in PREFERENCES:
        if only is not None and one.name not in only:
            continue
        control: dict[str, Any] = {"key": f"{key}_{one.name}", "on_change": keep, "args": (one.name,)}
        with setting_row(one.name, one.label, one.help, kept, wide=one.name == "system_prompt"):
            _control(one, getattr(likes, one.name), models, control | {"label_visibility": "collapsed"})


def _control(one: Preference, value: Any, models: Sequence[ModelInfo], control: dict[str, Any]) -> None:
    if one.name == "appearance":
        st.segmented_control(one.label, list(_LOOKS), default=value, required=True, format_func=_LOOKS.get, **control)
        st.html(f"<script>window.hubLook?.({json.dumps(value)})</script>", unsafe_allow_javascript=True)
    elif one.name == "when_running":
        ways = list(_WAYS)
        st.selectbox(one.label, ways, index=ways.index(value), format_func=_WAYS.__getitem__, **control)
    elif one.name in _NUMBERS:
        st.number_input(one.label, value=value, **_NUMBERS[one.name], **control)
    elif one.name == "title_model":
        names = title_models(models, value)
        ids = list(names)
        st.selectbox(one.label, ids, index=ids.index(value), format_func=names.__getitem__, **control)
    elif one.name == "system_prompt":
        st.text_area(one.label, value, height=120, placeholder="Answer briefly. Say when you are unsure.", **control)
    else:
        st.toggle(one.label, value, **control)


def title_models(models: Sequence[ModelInfo], chosen: str) -> dict[str, str]:
    """What may name a chat, by id: the first words, or a model."""
    return model_names(models, chosen, "First words of the message")


def model_names(models: Sequence[ModelInfo], chosen: str, without: str) -> dict[str, str]:
    """What may do a piece of work, by id: `without` any, every real model, and the chosen one even when it is gone."""
    names = {"": without} | {model.id: f"{model.label} · {model.connection_name}" for model in models if not model.demo}
    return names if chosen in names else {**names, chosen: f"{chosen.partition('/')[2]} (not available)"}
