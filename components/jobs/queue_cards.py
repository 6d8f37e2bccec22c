"""The queues as cards: what waits, runs and failed in each, and how fast it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A queue. `name` is the word for `hub worker --queues`; `served`: how many living workers take from it. `about`
    says what it is for, `oldest` how long the first has waited, `rate` what came of the last hour, in words."""

    name: str
    title: str
    about: str
    waiting: int
    running: int
    failed: int
    later: int
    served: int
    oldest: str
    rate: str


def queue_cards(cards: Sequence[QueueCard]) -> None:
    """One card for each queue."""
    with st.grid(2, min_column_width=240, gap="small"):
        for card in cards:
            with st.container(border=True, key=f"queue_{card.name}", gap="xsmall"):
                _card(card)


def _card(card: QueueCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{card.title}**  :gray[:small[{card.name}]]", width="content")
        if card.failed:
            st.badge(f"{card.failed:,} failed", icon=":material/error:", color="red", width="content")
        elif not card.served:
            st.badge("No worker", icon=":material/warning:", color="orange", width="content")
    st.caption(card.about)
    later = f", {card.later:,} later" if card.later else ""
    st.markdown(f"{card.waiting:,} waiting{later} · {card.running:,} running")
    st.caption(f"{card.oldest} {card.rate}".strip())
