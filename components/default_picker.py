"""The model of new chats, as a sentence with a picker in it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.model_picker import PickerEvent, model_picker
from hub.models.types import ModelInfo


def default_picker(models: Sequence[ModelInfo], default: str, recent: Sequence[str]) -> PickerEvent | None:
    """Draw the line; what was done with the picker, if anything. Hidden models are not offered."""
    with st.container(horizontal=True, vertical_alignment="center", key="default_model"):
        st.markdown("New chats start with", width="content")
        shown = [model for model in models if not model.hidden]
        return model_picker(shown, default, recent=recent, label="Default model", manage=False, key="default")
