"""What is known about one model, on a card."""

from __future__ import annotations

import streamlit as st

from components import model_words
from hub.models.types import ModelInfo


def model_card(model: ModelInfo, *, key: str = "model_card") -> None:
    """Draw the card; a fact that is not known says so."""
    with st.container(border=True, key=f"card_{key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{model.label}**", width="content")
            st.badge(model.connection_name, color="gray")
            for word in model_words.abilities(model):
                st.badge(word, color="gray")
        st.caption(f"`{model.name}`")
        with st.container(horizontal=True, gap="large", key=f"facts_{key}"):
            for name, value in facts(model):
                with st.container(width="content", gap=None):
                    st.caption(name)
                    st.markdown(value)


def facts(model: ModelInfo) -> list[tuple[str, str]]:
    """Names and values of what the card lists."""
    found = [
        ("Context", model_words.tokens(model.context)),
        ("Longest answer", model_words.tokens(model.output_limit)),
    ]
    if model.local and model.price.input is None:
        return [*found, ("Price", "runs here")]
    prices = (("Input", model.price.input), ("Output", model.price.output), ("Cached input", model.price.cached))
    return [*found, *((f"{name} per 1M", _dollars(amount)) for name, amount in prices)]


def _dollars(amount: float | None) -> str:
    return model_words.dollars(amount).replace("$", "\\$")
