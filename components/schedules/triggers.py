"""What starts a schedule besides the clock."""

from __future__ import annotations

from collections.abc import Callable
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


def fields(given: Triggers, keep: Keep, offers: Offers, hook: Callable[[], None]) -> Triggers:
    """Draw them; `hook` draws address and key of the webhook once it is there."""
    webhook = given.webhook and st.toggle("By a signed webhook", given.webhook, key=keep("webhook"))
    if webhook:
        hook()
    shelf = given.collection and pick(
        "With each new document in", offers.collections, given.collection, "No collection", keep("collection")
    )
    after = pick("After another schedule", offers.schedules, given.after, "No schedule", keep("after"))
    ends: list[Ends] = list(given.after_on)
    if after:
        ends = st.pills(
            "When that one", list(ENDS), default=ends, selection_mode="multi", format_func=ENDS.get, key=keep("ends")
        )  # pyright: ignore[reportAssignmentType]
    return Triggers(webhook, shelf, after, tuple(one for one in ENDS if one in ends) or given.after_on)


def pick(text: str, names: dict[str, str] | object, chosen: str, none: str, key: str) -> str:
    """One of several things by its name, or "" for none."""
    known = cast("dict[str, str]", names)
    named = naming({"": none, **known})
    ids = options(["", *known], [chosen])
    return st.selectbox(text, ids, ids.index(chosen), format_func=named, key=key) or ""


def webhook(shown: str, show: Callable[[], None], renew: Callable[[], None]) -> None:
    """The key of the webhook, once that was asked for (`shown`)."""
    with st.container(horizontal=True, gap="xsmall"):
        if shown:
            st.code(shown, language=None)
            st.button("Hide key", key="webhook_hide", on_click=show)
        else:
            st.button("Show key", icon=":material/key:", key="webhook_show", on_click=show)
        st.button("New key", icon=":material/refresh:", key="webhook_renew", on_click=renew, help="The old one ends.")
