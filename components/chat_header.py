"""The row above a chat: the model that answers next, the title, what it has cost so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.model_picker import PickerEvent, model_picker
from components.parameters import ParametersEvent, parameters
from components.transcript.views import money
from hub.chat.records import Conversation, Preset, Totals
from hub.models.types import ModelInfo, Params


def chat_header(
    conversation: Conversation | None,
    models: Sequence[ModelInfo],
    chosen: str,
    *,
    params: Params,
    recent: Sequence[str],
    presets: Sequence[Preset],
    costs: bool,
    on_rename: Callable[[str], None],
) -> PickerEvent | ParametersEvent | None:
    """Draw the row; what was done in the model picker or the parameters, if anything."""
    model = next((one for one in models if one.id == chosen), None)
    system_prompt = conversation.system_prompt if conversation else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="chat_header"):
        picked = model_picker(models, chosen, recent=recent)
        adjusted = parameters(model, params, system_prompt, presets)
        st.space("stretch")
        if conversation:
            chat_title(conversation, costs=costs, on_rename=on_rename)
    return picked or adjusted


def chat_title(conversation: Conversation, *, costs: bool, on_rename: Callable[[str], None]) -> None:
    """The title as a button; behind it the field to change it, and the sums of the conversation."""

    def rename() -> None:
        on_rename(st.session_state["chat_title"])

    label = (conversation.title or "Untitled chat").replace("[", "\\[").replace("*", "\\*")
    with st.popover(label[:60], type="tertiary", key="chat_title_menu"):
        st.text_input("Title", conversation.title, max_chars=200, key="chat_title", on_change=rename)
        for line in sums(conversation.totals, costs=costs):
            st.caption(line)


def sums(totals: Totals, *, costs: bool) -> list[str]:
    """The tokens and the cost of all answers of a conversation, one sentence each."""
    if not totals.answers:
        return ["No answers yet."]
    answers = "1 answer" if totals.answers == 1 else f"{totals.answers:,} answers"
    found = [f"{answers}: {totals.input:,} tokens in, {totals.output:,} out."]
    if not costs:
        return found
    if totals.unpriced == totals.answers:
        return [*found, "What they cost is unknown."]
    unknown = f"; the cost of {totals.unpriced} is unknown" if totals.unpriced else ""
    return [*found, f"Cost so far {money(totals.cost)}{unknown}."]
