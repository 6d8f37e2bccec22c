"""Where a result goes, when it is worth telling, and who is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from components.agents.keeping import Keep
from components.agents.offers import naming, options
from components.schedules.offers import Offers
from components.schedules.triggers import pick
from components.state import script
from hub.schedules.records import OnlyIf, Output, Place, Spec, Told

Kind = Literal["", "pattern", "model"]
PLACES: dict[Place, str] = {"new": "A new chat", "chat": "One chat that goes on", "document": "A document as well"}
KINDS: dict[Kind, str] = {"": "Every result", "pattern": "Text that fits a pattern", "model": "What a model says is so"}
TOLD: dict[Told, str] = {"done": "Results", "failed": "Failures", "needs": "What needs me", "paused": "Pauses"}


def where(given: Output) -> str:
    """Where it goes, in a few words."""
    return PLACES[given.place].lower()


def output(given: Output, keep: Keep, offers: Offers) -> Output:
    """Draw where a result goes."""
    known = list(PLACES)
    place = (
        st.segmented_control(
            "Goes into", known, default=given.place, required=True, format_func=PLACES.__getitem__, key=keep("place")
        )
        or given.place
    )
    target = given.target if place == given.place else ""
    if place == "chat":
        target = pick("Chat", offers.chats, target, "Choose a chat", keep("chat"))
    elif place == "document":
        target = pick("Collection", offers.collections, target, "Choose a collection", keep("into"))
    return replace(given, place=place, target=target)


def only_if(given: OnlyIf, keep: Keep) -> OnlyIf:
    """Draw when it is worth telling."""
    known = list(KINDS)
    kind = st.selectbox(
        "Tell me of", known, known.index(given.kind), format_func=KINDS.__getitem__, key=keep("only_kind")
    )
    if not kind:
        return OnlyIf()
    asked = "Regular expression" if kind == "pattern" else "It must be true that"
    hint = r"price.*€\s?\d+" if kind == "pattern" else "something new was published"
    text = st.text_input(asked, given.text, key=keep("only_text"), placeholder=hint)
    st.caption("Other results stay in the history, and out of the inbox.")
    return OnlyIf(kind, text or "")


def channels(spec: Spec, keep: Keep, offers: Offers) -> Spec:
    """Draw who is told of what."""
    if not offers.channels and not spec.channels:
        st.caption("There is no notification channel yet. The inbox has every result all the same.")
    else:
        known = options(offers.channels, spec.channels)
        chosen = st.multiselect(
            "Channels",
            known,
            list(spec.channels),
            format_func=naming(offers.channels),
            key=keep("channels"),
            placeholder="None",
        )
        told = st.pills(
            "Of what",
            list(TOLD),
            default=list(spec.told),
            selection_mode="multi",
            format_func=TOLD.__getitem__,
            key=keep("told"),
        )
        spec = replace(spec, channels=tuple(chosen), told=tuple(one for one in TOLD if one in told))
    if st.button("Manage channels", icon=":material/settings:", key="schedule_channels"):
        st.switch_page(script("settings"), query_params={"group": "Account"})
    return spec
