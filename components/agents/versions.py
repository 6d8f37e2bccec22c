"""The versions of an agent, what changed between two, and going back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from components.agents.words import Wish
from components.clock import long_ago
from components.markdown import label
from hub.agents.records import Agent, AgentSpec, AgentVersion, Change

Diff = Callable[[AgentSpec, AgentSpec], Sequence[Change]]


def versions_view(one: Agent, versions: Sequence[AgentVersion], diff: Diff, now: datetime) -> Wish | None:
    """Draw them; what was asked for."""
    numbers = {each.number: each for each in versions}
    if len(versions) < 2:
        only = versions[0]
        st.caption(f"Version {only.number}, {label(only.why)}, {long_ago(only.at, now)}. Every save makes a new one.")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", key="facts_versions"):
        say = _saying(numbers, now)
        before = st.selectbox("From", list(numbers), index=1, format_func=say, key=f"agent_before_{one.version}")
        after = st.selectbox("To", list(numbers), index=0, format_func=say, key=f"agent_after_{one.version}")
        if before and before != one.version:
            back = st.button(f"Bring back version {before}", icon=":material/history:", key="agent_rollback")
            if back:
                return "rollback", (one.id, str(before))
    if before is None or after is None or before == after:
        st.caption("Choose two versions to see what changed.")
        return None
    found = diff(numbers[before].spec, numbers[after].spec)
    if not found:
        st.caption("Nothing differs between them.")
    for each in found:
        st.markdown(f"**{each.field.capitalize()}**")
        st.code(each.diff, language="diff", wrap_lines=True)
    return None


def _saying(numbers: Mapping[int, AgentVersion], now: datetime) -> Callable[[int], str]:
    return lambda number: f"Version {number} · {numbers[number].why} · {long_ago(numbers[number].at, now)}"
