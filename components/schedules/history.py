"""What became of a schedule: a table of its runs, and one of them in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from components.empty_state import empty_state
from components.item_list import Deed, Item, item_list
from components.markdown import label
from components.schedules.words import CAUSES, GOING, STATUS, Tone, lasted, moment, spent
from hub import render
from hub.schedules.records import Occurrence

NOTHING = "Nothing has been due yet. “Run now” starts it once, whenever you like."


def run_item(one: Occurrence, now: datetime) -> Item:
    """The row of a run: how it stands, why it began, when it was due, how long it took and what it used."""
    word, icon = STATUS[one.status]
    tones: dict[str, Tone] = {"failed": "error", "missed": "warn", "running": "busy", "queued": "busy"}
    used = f"{one.usage.input + one.usage.output:,} tokens" if one.usage else ""
    facts = [lasted(one.seconds), used, spent(one.cost) if one.usage else ""]
    lines = [CAUSES[one.cause], f"{one.attempts + 1} tries" if one.attempts else ""]
    lines += [f"{one.more} more before it" if one.more else "", "not worth telling" if one.quiet else ""]
    lines += [f"needs you: {', '.join(one.needs)}" if one.needs else "", one.error or _begin(one.said)]
    deeds: list[Deed] = []
    if one.status in GOING:
        deeds.append(Deed("stop", "Stop", "stop_circle"))
    if one.conversation:
        deeds.append(Deed("chat", "Open the chat", "forum"))
        deeds.append(Deed("trace", "Show the trace", "timeline"))
    if one.conversation and one.status == "done":
        deeds.append(Deed("replay", "Replay on another model", "compare"))
    return Item(
        one.id,
        icon,
        f"{word.capitalize()} · {moment(one.due_at, now)}",
        " · ".join(line for line in lines if line),
        " · ".join(fact for fact in facts if fact),
        "warn" if one.needs else tones.get(one.status, ""),
        deeds=tuple(deeds),
    )


def history(runs: Sequence[Occurrence], now: datetime) -> tuple[str, str] | None:
    """Draw the runs, the newest first; what was done with which."""
    if not runs:
        empty_state("history", "No runs yet", NOTHING, key="runs")
        return None
    event = item_list([run_item(one, now) for one in runs], label="Runs", address="inbox?open=", key="runs")
    return (event.do, event.id) if event else None


def failure(one: Occurrence, now: datetime) -> None:
    """Why the last run failed, above everything else."""
    tried = f" It was tried {one.attempts + 1} times." if one.attempts else ""
    st.error(
        f"**The run of {moment(one.due_at, now)} failed.** {label(f'{one.error} {one.hint}'.strip())}{tried}",
        icon=":material/error:",
    )


def _begin(text: str) -> str:
    line = render.words(text[:400])
    return line if len(line) <= 160 else f"{line[:159].rstrip()}…"
