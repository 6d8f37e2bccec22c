"""How a chat is answered: parameters and system prompt behind one button, saved as presets and taken from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

import streamlit as st

from hub.chat.records import Preset
from hub.models.types import ModelInfo, Params

Effort = Literal["minimal", "low", "medium", "high"]
EFFORTS: tuple[Effort, ...] = ("minimal", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class ParametersEvent:
    """What the person did: `set` new values, `save` them as the preset `name`, or `apply` the preset with id `name`."""

    do: Literal["set", "save", "apply"]
    params: Params
    system_prompt: str
    name: str = ""


def parameters(
    model: ModelInfo | None,
    params: Params,
    system_prompt: str,
    presets: Sequence[Preset] = (),
    *,
    key: str = "parameters",
) -> ParametersEvent | None:
    """Draw the button and what opens behind it; return what was done, if anything.

    Only what `model` takes is offered. Widgets are keyed by the values that they start from, so an applied preset
    shows at once.
    """
    stamp = f"{key}_{hash((model.id if model else '', params, system_prompt)):x}"
    changed = params != Params() or bool(system_prompt)
    with st.popover(
        "Adjusted" if changed else "Adjust", icon=":material/tune:", type="tertiary", key=f"{key}_open", help="Parameters"
    ):
        applied = _apply(presets, params, system_prompt, stamp) if presets else None
        with st.form(f"{stamp}_form", border=False, enter_to_submit=False):
            prompt = st.text_area(
                "System prompt",
                system_prompt,
                key=f"{stamp}_system",
                placeholder="What the model should know or be in this chat",
                height=96,
            )
            chosen = _fields(model, params, stamp)
            name = st.text_input("Preset name", key=f"{stamp}_name", placeholder="To save these values as a preset")
            with st.container(horizontal=True):
                use = st.form_submit_button("Use in this chat", type="primary")
                save = st.form_submit_button("Save preset")
        if save and not name.strip():
            st.caption(":red[A preset needs a name.]")
            return None
    if use or save:
        return ParametersEvent("save" if save else "set", chosen, prompt.strip(), name.strip())
    return applied


def offered(model: ModelInfo | None) -> frozenset[str]:
    """The names of the parameters to offer for `model`; all of them when nothing is known."""
    every = frozenset(asdict(Params()))
    return every if model is None or model.params is None else every & model.params


def _apply(presets: Sequence[Preset], params: Params, system_prompt: str, stamp: str) -> ParametersEvent | None:
    names = {preset.id: preset.name for preset in presets}
    chosen = st.selectbox(
        "Preset",
        list(names),
        index=None,
        format_func=lambda id_: names[id_],
        placeholder="Apply a preset",
        key=f"{stamp}_preset",
    )
    return ParametersEvent("apply", params, system_prompt, chosen) if chosen else None


def _fields(model: ModelInfo | None, params: Params, stamp: str) -> Params:
    takes = offered(model)
    values: dict[str, Any] = asdict(params)
    limit = model.output_limit if model else None
    left, right = st.columns(2)
    with left:
        if "temperature" in takes:
            values["temperature"] = _number("Temperature", params.temperature, 2.0, 0.1, stamp)
        if "max_tokens" in takes:
            values["max_tokens"] = st.number_input(
                "Longest answer", 1, limit, _within(params.max_tokens, limit), key=f"{stamp}_max", placeholder="Default"
            )
    with right:
        if "top_p" in takes:
            values["top_p"] = _number("Top p", params.top_p, 1.0, 0.05, stamp)
        if "seed" in takes:
            values["seed"] = st.number_input("Seed", 0, None, params.seed, 1, key=f"{stamp}_seed", placeholder="Random")
    if "reasoning_effort" in takes:
        effort = st.segmented_control("Reasoning effort", EFFORTS, default=params.reasoning_effort, key=f"{stamp}_effort")
        values["reasoning_effort"] = cast("Effort | None", effort)
    if "stop" in takes:
        values["stop"] = tuple(
            st.multiselect(
                "Stop at", params.stop, params.stop, accept_new_options=True, key=f"{stamp}_stop", placeholder="Add a text"
            )
        )
    if "json_mode" in takes:
        values["json_mode"] = st.toggle("Answer in JSON", params.json_mode, key=f"{stamp}_json")
    return Params(**values)


def _number(label: str, value: float | None, top: float, step: float, stamp: str) -> float | None:
    return st.number_input(label, 0.0, top, value, step, key=f"{stamp}_{label}", placeholder="Default", format="%.2f")


def _within(value: int | None, limit: int | None) -> int | None:
    return min(value, limit) if value is not None and limit is not None else value
