"""What waits for the person, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from components.empty_state import empty_state
from components.memory.history import change_rows
from components.memory.pending import pending_rows
from components.memory.words import Wish
from hub.memory.records import Change, Pending


def changes_view(waiting: Sequence[Pending], changes: Sequence[Change], now: datetime) -> Wish | None:
    """Draw them; what was asked for, if anything."""
    verdict = pending_rows(waiting, now) if waiting else None
    if changes:
        st.markdown("**Lately**")
    elif not waiting:
        empty_state("history", "No changes yet", "What is learned, edited or deleted stands here.", key="log")
    return change_rows(changes, now, key="log", openable=True) or verdict
