"""What an agent answers with: model, others in its place, parameters, limits, the form of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import orjson
import streamlit as st
from streamlit_ace import st_ace

from components.agents.keeping import Keep
from components.agents.offers import Offers, naming, options
from components.markdown import label
from components.model_picker import model_picker
from components.parameters import fields
from hub.agents.records import LARGEST_NUMBER, MOST, MOST_STEPS, AgentSpec, Limits

Check = Callable[[AgentSpec], Sequence[str]]
EXAMPLE = {"type": "object", "required": ["answer"], "properties": {"answer": {"type": "string"}}}


def model(spec: AgentSpec, keep: Keep, offers: Offers, stamp: str) -> AgentSpec:
    """Draw the model, those in its place, and how it answers."""
    usual = st.toggle("Answer with the default model of whoever chats", not spec.model, key=keep("usual"))
    chosen = "" if usual else spec.model or offers.default
    if not usual:
        shown = [one for one in offers.models if not one.hidden]
        event = model_picker(shown, chosen, recent=offers.recent, manage=False, key=f"{stamp}_model")
        chosen = event.id if event and event.do == "choose" else chosen
    known = next((one for one in offers.models if one.id == (chosen or offers.default)), None)
    names = offers.model_names
    others = st.multiselect(
        "When it cannot answer, ask",
        options(names, spec.fallbacks),
        list(spec.fallbacks),
        key=keep("fallbacks"),
        format_func=naming(names),
        max_selections=MOST["fallbacks"],
        placeholder="No other model",
    )
    params = fields(known, spec.params, stamp)
    return replace(spec, model=chosen, fallbacks=tuple(others), params=params)


def limits(spec: AgentSpec, keep: Keep) -> AgentSpec:
    """Draw how far one answer may go by itself."""
    given = spec.limits
    with st.grid(3, min_column_width=120, gap="small"):
        steps = st.number_input("Steps", 1, MOST_STEPS, given.steps, 1, key=keep("steps"))
        tokens = _limit("Tokens", given.tokens, (1, LARGEST_NUMBER - 1, 1000), keep("tokens"))
        cost = _limit("US dollars", given.cost, (0.0, None, 0.1), keep("cost"))
    st.caption("For one answer, with everything that its helpers take. When one is reached it ends with what it has.")
    return replace(spec, limits=Limits(int(steps or given.steps), tokens, cost or None))


def _limit(text: str, value: float | None, range_: tuple[float, float | None, float], key: str) -> Any:
    """A number that can be taken out again: a field can be empty only when its own default is."""
    st.session_state.setdefault(key, value)
    low, high, step = range_
    return st.number_input(
        text, low, high, None, step, "%.2f" if isinstance(low, float) else "%d", key, placeholder="None"
    )


def schema(spec: AgentSpec, keep: Keep, stamp: str, check: Check) -> tuple[AgentSpec, str]:
    """Draw the schema of answers; the agent, and what is wrong with the schema ("" nothing). A wrong one leaves the
    agent as it was; `check` tells everything that is wrong with an agent."""
    if not st.toggle("Answers are JSON of a fixed form", spec.schema is not None, key=keep("fixed")):
        return replace(spec, schema=None), ""
    start = orjson.dumps(EXAMPLE if spec.schema is None else spec.schema, option=orjson.OPT_INDENT_2).decode()
    first = str(st.session_state.setdefault(keep("schema"), start))
    dark = st.context.theme.type == "dark"
    written = st_ace(
        value=first,
        language="json",
        theme="tomorrow_night" if dark else "chrome",
        height=260,
        font_size=14,
        tab_size=2,
        auto_update=True,
        key=f"{stamp}_ace",
    )
    text = written if isinstance(written, str) and written else first
    try:
        read: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return spec, _wrong(f"The schema is no JSON: {error}.")
    if not isinstance(read, dict):
        return spec, _wrong("A schema is a JSON object.")
    made = replace(spec, schema=cast("dict[str, Any]", read))
    wrong = [one for one in check(made) if "schema" in one]
    if wrong:
        return spec, _wrong(wrong[0])
    st.caption(":green[:material/check_circle:] A valid JSON schema. Answers that do not fit it are asked for again.")
    return made, ""


def _wrong(said: str) -> str:
    st.error(label(said), icon=":material/error:")
    return said
