"""When a schedule runs, in the person's own words, read back before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from components.markdown import label
from components.schedules.words import moment
from hub.schedules.preview import Preview
from hub.schedules.when.records import When

Look = Callable[[str], Preview]
"""What words about a time mean."""


def when_field(
    said: str, saved: When | None, look: Look, ask: Look, now: datetime, *, key: str
) -> tuple[When | None, str]:
    """Draw the field over `said`, the words of the time `saved`; the time that it says now (None: none), and what is
    wrong with the words. Those that `look` cannot read may be given to a model, which is what `ask` does."""
    text = st.text_input(
        "When",
        said,
        key=key,
        live="400ms",
        placeholder="every weekday at 9",
        help="Plain words, English or German, or a cron expression. Leave it empty for a schedule without a clock.",
    )
    text = (text or "").strip()
    found = look(text)
    if saved is not None and text == said:  # a time that has begun or has passed stays what it is
        read_back(found if found.when == saved else Preview(saved, said, found.times, found.notes), now)
        return saved, ""
    if found.unreadable:
        found = _asked(text, found, ask, key=f"{key}_asked")
    read_back(found, now)
    return found.when, found.problem


def _asked(text: str, found: Preview, ask: Look, *, key: str) -> Preview:
    kept = st.session_state.get(key)
    known = kept[1] if kept and kept[0] == text else found
    if known.when is None and st.button("Ask a model", icon=":material/auto_awesome:", key=f"{key}_now"):
        with st.spinner("A model reads it"):
            known = ask(text)
        st.session_state[key] = (text, known)
        if known.when is not None:
            st.rerun()
    return known


def read_back(found: Preview, now: datetime) -> None:
    """A time as it was understood: the sentence, the next times where the viewer is, what one should know of them."""
    if found.problem:
        st.caption(f":red[:material/error: {label(found.problem)}]")
        return
    if found.when is None:
        st.caption("No time: it runs when something else starts it, or by hand.")
        return
    with st.container(border=True, gap="xsmall", key="card_when"):
        st.markdown(f":material/event_repeat: **{label(found.said)}**")
        if found.times:
            zone = str(now.tzinfo or "UTC")
            st.caption(f"Next times, {label(zone)}")
            st.markdown("  \n".join(label(_day(one, now)) for one in found.times))
        else:
            st.caption("It has no time ahead.")
        if found.by:
            st.caption(":material/auto_awesome: A model read your words so. Check it before you save.")
        for note in found.notes:
            st.caption(f":orange[:material/schedule:] {label(note)}")


def _day(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    near = moment(at, now).split()[0]
    said = f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
    return f"{said} ({near})" if near in ("today", "tomorrow") else said
