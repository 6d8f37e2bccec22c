"""What starts a schedule besides the clock."""

from __future__ import annotations

from typing import Literal, cast

import streamlit as st

from components.agents.keeping import Keep
from components.agents.offers import naming, options
from components.schedules.offers import Offers
from hub.schedules.records import Triggers

Ends = Literal["done", "failed"]
ENDS: dict[Ends, str] = {"done": "is done", "failed": "has failed"}


def summary(given: Triggers) -> str:
    """What there is, in a few words."""
    ways = ["webhook"] if given.webhook else []
    ways += ["new documents"] if given.collection else []
    ways += ["after another"] if given.after else []
    return ", ".join(ways) or "nothing else"


def fields(given: Triggers, keep: Keep, offers: Offers) -> Triggers:
    """Draw what can start one: a webhook, new documents, the end of another schedule."""
    webhook = st.toggle(
        "By a webhook that other programs send to",
        given.webhook,
        key=keep("webhook"),
        help="Its address and key are shown above the form once this is saved.",
    )
    collection = pick("New documents in", offers.collections, given.collection, "No collection", keep("documents"))
    if collection:
        st.caption("Those that come within half a minute start one run. `{{new_documents}}` names them in the prompt.")
    after = pick("After another schedule", offers.schedules, given.after, "No schedule", keep("after"))
    ends: list[Ends] = list(given.after_on)
    if after:
        ends = st.pills(
            "When that one", list(ENDS), default=ends, selection_mode="multi", format_func=ENDS.get, key=keep("ends")
        )  # pyright: ignore[reportAssignmentType]
    return Triggers(webhook, collection, after, tuple(one for one in ENDS if one in ends) or given.after_on)


def pick(text: str, names: dict[str, str] | object, chosen: str, none: str, key: str) -> str:
    """One of several things by its name, or "" for none."""
    known = cast("dict[str, str]", names)
    named = naming({"": none, **known})
    ids = options(["", *known], [chosen])
    return st.selectbox(text, ids, ids.index(chosen), format_func=named, key=key) or ""
