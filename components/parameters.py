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
    """What the person did: `set` new values (those of a preset with its `model`, if it has one), `save` them as the
    preset `name`, which uses them too, or `delete` the preset with the id `name`."""

    do: Literal["set", "save", "delete"]
    params: Params
    system_prompt: str
    name: str = ""
    model: str = ""

    def actions(self, model: str) -> list[dict[str, Any]]:
        """The same in the words of `hub.chat.act`, for a chat with `model`."""
        if self.do == "delete":
            return [{"kind": "delete-preset", "id": self.name}]
        values = {"model": self.model or model, "params": self.params, "system_prompt": self.system_prompt}
        use = {"kind": "params", **values}
        return [use, {"kind": "save-preset", "name": self.name, **values}] if self.do == "save" else [use]


def parameters(
    model: ModelInfo | None,
    params: Params,
    system_prompt: str,
    presets: Sequence[Preset] = (),
    *,
    place: str = "",
    key: str = "parameters",
) -> ParametersEvent | None:
    """Draw the button and what opens behind it; return what was done, if anything.

    Only what `model` takes is offered. A field that is left empty is the default of the provider: then nothing is sent.
    Widgets are keyed by the chat (`place`) and the values that they start from, so an applied preset shows at once.
    """
    stamp = f"{key}_{hash((place, model.id if model else '', params, system_prompt)):x}"
    changed = params != Params() or bool(system_prompt)
    with st.popover(
        "Adjusted" if changed else "Adjust",
        icon=":material/tune:",
        type="tertiary",
        key=f"{key}_open",
    ):
        taken = _presets(presets, stamp) if presets else None
        with st.form(f"{stamp}_form", border=False, enter_to_submit=False), st.container(gap="small"):
            prompt = st.text_area(
                "System prompt",
                system_prompt,
                key=f"{stamp}_system",
                placeholder="What the model should know or be in this chat",
                height=68,
            )
            chosen = fields(model, params, stamp)
            left = untaken(model, params)
            if left:
                st.caption(f"Set, but this model does not take it: {', '.join(left)}.")
            done = _buttons(stamp, changed=changed)
    if taken:
        word, preset = taken
        if word == "delete":
            return ParametersEvent("delete", params, system_prompt, preset.id)
        return ParametersEvent("set", preset.params, preset.system_prompt, model=preset.model)
    if done == "reset":
        return ParametersEvent("set", Params(), "")
    return ParametersEvent(done[0], chosen, prompt.strip(), done[1]) if done else None


WORDS = {
    "temperature": "temperature",
    "top_p": "top-p",
    "max_tokens": "longest answer",
    "reasoning_effort": "reasoning effort",
    "seed": "seed",
    "stop": "stop texts",
    "json_mode": "JSON mode",
}
"""What the parameters are called."""


def offered(model: ModelInfo | None) -> frozenset[str]:
    """The names of the parameters to offer for `model`; all of them when nothing is known."""
    every = frozenset(WORDS)
    return every if model is None or model.params is None else every & model.params


def untaken(model: ModelInfo | None, params: Params) -> list[str]:
    """The words of what is set in `params` although `model` does not take it."""
    takes, default = offered(model), asdict(Params())
    return [WORDS[name] for name, value in asdict(params).items() if name not in takes and value != default[name]]


def adjusted(params: Params) -> str:
    """What is set in `params`, in a few words; "" when all is the default."""
    default = asdict(Params())
    set_ = {WORDS[name]: value for name, value in asdict(params).items() if value != default[name]}
    return ", ".join(word if value is True else f"{word} {_spoken(value)}" for word, value in set_.items())


def _spoken(value: object) -> str:
    return ", ".join(map(str, cast("tuple[str, ...]", value))) if isinstance(value, tuple) else str(value)


def _presets(presets: Sequence[Preset], stamp: str) -> tuple[Literal["apply", "delete"], Preset] | None:
    by_id = {preset.id: preset for preset in presets}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        chosen = st.selectbox(
            "Preset",
            list(by_id),
            index=None,
            format_func=lambda id_: by_id[id_].name,
            placeholder="Choose a preset",
            key=f"{stamp}_preset",
        )
        apply = st.button("Apply", key=f"{stamp}_apply", disabled=not chosen)
        delete = st.button(
            "",
            icon=":material/delete:",
            type="tertiary",
            key=f"{stamp}_delete",
            disabled=not chosen,
            help="Delete this preset",
        )
    if chosen and (apply or delete):
        return "apply" if apply else "delete", by_id[chosen]
    return None


def _buttons(stamp: str, *, changed: bool) -> tuple[Literal["set", "save"], str] | Literal["reset"] | None:
    with st.container(horizontal=True, gap="xsmall"):
        use = st.form_submit_button("Use in this chat", type="primary", key=f"{stamp}_use")
        reset = st.form_submit_button("Reset", type="tertiary", key=f"{stamp}_reset", disabled=not changed)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        name = st.text_input("Save as preset", key=f"{stamp}_name", placeholder="Name", max_chars=80)
        save = st.form_submit_button("Save preset", key=f"{stamp}_save")
    if reset:
        return "reset"
    if save and not name.strip():
        st.caption(":red[:material/error: A preset needs a name.]")
        return None
    return ("save" if save else "set", name.strip()) if use or save else None


def fields(model: ModelInfo | None, params: Params, stamp: str) -> Params:
    """Draw a field for each parameter that `model` takes, with its value in `params`; `stamp` keys the widgets."""
    takes = offered(model)
    limit = model.output_limit if model else None
    values: dict[str, Any] = asdict(params)
    with st.grid(2, min_column_width=120, gap="small"):
        if "temperature" in takes:
            values["temperature"] = _number("Temperature", params.temperature, (0.0, 2.0, 0.1), stamp)
        if "top_p" in takes:
            values["top_p"] = _number("Top-p", params.top_p, (0.0, 1.0, 0.05), stamp)
        if "max_tokens" in takes:
            values["max_tokens"] = _number("Longest answer", _within(params.max_tokens, limit), (1, limit, 100), stamp)
        if "seed" in takes:
            values["seed"] = _number("Seed", params.seed, (0, None, 1), stamp, empty="Random")
        if "reasoning_effort" in takes:
            values["reasoning_effort"] = _effort(params.reasoning_effort, stamp)
        if "stop" in takes:
            values["stop"] = _stop(params.stop, stamp)
    if "json_mode" in takes:
        values["json_mode"] = st.toggle("Answer in JSON", params.json_mode, key=f"{stamp}_json")
    return Params(**values)


def _number(
    label: str,
    value: float | None,
    limits: tuple[float, float | None, float],
    stamp: str,
    *,
    empty: str = "Default",
) -> Any:
    """A number that can be taken out again: Streamlit lets a field be empty only when its own default is empty."""
    key = f"{stamp}_{label}"
    st.session_state.setdefault(key, value)
    low, high, step = limits
    form = "%.2f" if isinstance(low, float) else "%d"
    return st.number_input(label, low, high, None, step, form, key, placeholder=empty)


def _effort(value: Effort | None, stamp: str) -> Effort | None:
    words = ["default", *EFFORTS]
    chosen = st.selectbox(
        "Reasoning effort", words, words.index(value or "default"), format_func=str.capitalize, key=f"{stamp}_effort"
    )
    return None if chosen == "default" else cast("Effort | None", chosen)


def _stop(value: tuple[str, ...], stamp: str) -> tuple[str, ...]:
    kept = list(value)
    key = f"{stamp}_stop"
    return tuple(st.multiselect("Stop at", kept, kept, accept_new_options=True, key=key, placeholder="Add a text"))


def _within(value: int | None, limit: int | None) -> int | None:
    return min(value, limit) if value is not None and limit is not None else value
