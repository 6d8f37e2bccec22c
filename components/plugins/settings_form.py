"""The form of a plugin's settings, one control for each field of its model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `value` is what holds now; of a secret only whether it is `stored` is known. "lines" is a list of
    texts, "json" whatever else there is."""

    name: str
    label: str
    help: str
    kind: Literal["text", "secret", "whole", "number", "switch", "choice", "lines", "json"]
    value: Any = None
    choices: tuple[Any, ...] = ()
    required: bool = False
    stored: bool = False


def settings_form(plugin: str, settings: Sequence[Setting], save: Callable[[str, Mapping[str, Any]], str]) -> None:
    """Draw the form; what was changed goes to `save`, whose problem is said below it."""
    with st.form(f"plugin_form_{plugin}", border=False):
        given = {one.name: _control(plugin, one) for one in settings}
        sent = st.form_submit_button("Save settings", type="primary", key=f"plugin_save_{plugin}")
    if not sent:
        return
    try:
        changes = {one.name: _value(one, given[one.name]) for one in settings if _changed(one, given[one.name])}
    except json.JSONDecodeError as error:
        st.error(f"That is no JSON: {error}. Nothing was changed.", icon=":material/error:")
        return
    problem = save(plugin, changes)
    if problem:
        st.error(problem, icon=":material/error:")
    else:
        st.toast(f"The settings of {plugin} are saved.", icon=":material/check_circle:")
        st.rerun()


def _control(plugin: str, one: Setting) -> Any:
    key, name = f"plugin_{plugin}_{one.name}", one.label + ("" if one.required else " (optional)" * (one.value is None))
    about = one.help or None
    match one.kind:
        case "switch":
            return st.toggle(one.label, bool(one.value), key=key, help=about)
        case "choice":
            at = one.choices.index(one.value) if one.value in one.choices else None
            return st.selectbox(name, one.choices, index=at, key=key, help=about)
        case "whole" | "number":
            value = None if one.value is None else (int if one.kind == "whole" else float)(one.value)
            return st.number_input(name, value=value, step=1 if one.kind == "whole" else 0.1, key=key, help=about)
        case "secret":
            keep = "Stored. Empty keeps it" if one.stored else "It is stored encrypted"
            fresh = st.text_input(name, key=key, type="password", autocomplete="off", placeholder=keep, help=about)
            gone = one.stored and not one.required and st.checkbox(f"Forget {one.label}", key=f"{key}_forget")
            return None if gone else fresh
        case "lines":
            return st.text_area(name, "\n".join(one.value or ()), key=key, help=about, placeholder="One a line")
        case "json":
            shown = "" if one.value is None else json.dumps(one.value, indent=1)
            return st.text_area(name, shown, key=key, help=about, placeholder="JSON")
        case _:
            return st.text_input(name, one.value or "", key=key, help=about)


def _changed(one: Setting, given: Any) -> bool:
    """Whether a field says something: an empty secret keeps what is stored, empty text of nothing stays nothing."""
    if one.kind == "secret":
        return given != ""
    return not (given in (None, "") and one.value is None)


def _value(one: Setting, given: Any) -> Any:
    if one.kind == "lines":
        return [line.strip() for line in given.splitlines() if line.strip()]
    if one.kind == "json":
        return json.loads(given) if given.strip() else None
    return given
