"""Where a person is told of things: the channels, a test message, and one more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from components.clock import long_ago
from components.markdown import label
from hub.notify.records import Channel

_WORDS = {"test": ":material/send: Send a test", "remove": ":material/delete: Remove"}


def notify_group(
    channels: Sequence[Channel], now: datetime, add: Callable[[str, str], str], test: Callable[[str], str],
    remove: Callable[[str], str],
) -> None:  # fmt: skip
    """Draw it. What is done returns what went wrong, "" for nothing."""
    st.subheader("Notifications", anchor=False)
    if not channels:
        st.caption("Schedules can tell you by e-mail, ntfy, Slack or a webhook. There is no channel yet.")
    for one in channels:
        _row(one, now, test, remove)
    _add(add, len(channels))


def _row(one: Channel, now: datetime, test: Callable[[str], str], remove: Callable[[str], str]) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, gap="small", key=f"row_channel_{one.id}"
    ):
        with st.container(gap=None):
            st.markdown(f"**{label(one.name)}**")
            st.caption(f"{label(one.kind)} · {label(one.shown)}")
            if one.trouble:
                st.caption(f":red[:material/error: {label(one.trouble)}]")
            elif one.sent_at:
                st.caption(f":material/check: Told {long_ago(one.sent_at, now)}")
        done = st.menu_button(
            "More",
            ["test", "remove"],
            key=f"channel_{one.id}",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=_WORDS.__getitem__,
        )
    if done == "test":
        with st.spinner("Sending a test"):
            problem = test(one.id)
        _said(problem, f"{one.name} took the message.")
    elif done == "remove":
        _said(remove(one.id), f"Removed {one.name}.")


def _add(add: Callable[[str, str], str], count: int) -> None:
    with st.form(f"channel_{count}", border=False):
        with st.grid(2, min_column_width=200, gap="small"):
            url = st.text_input("Address", key=f"channel_url_{count}", placeholder="ntfy://my-topic", type="password")
            name = st.text_input("Name", key=f"channel_name_{count}", max_chars=80, placeholder="My phone")
        st.caption(
            "An address as in Apprise: `ntfy://topic`, `mailto://user:password@example.org`, `slack://…`, "
            "`json://host/path`. It is kept encrypted."
        )
        sent = st.form_submit_button("Add channel")
    if sent and (problem := add(name or "", url or "")):
        st.error(problem, icon=":material/error:")
    elif sent:
        st.rerun()


def _said(problem: str, good: str) -> None:
    st.toast(problem or good, icon=":material/error:" if problem else ":material/check:")
    st.rerun()
