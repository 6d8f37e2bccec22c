"""What stands above the evaluate pages."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.connection_card import plain
from components.empty_state import empty_state
from components.group_bar import group_bar

VIEWS = ("Runs", "Prompt sets", "Leaderboard")
_ADD = {"Runs": ("New run", ":material/play_arrow:"), "Prompt sets": ("New prompt set", ":material/add:")}


def evaluate_head(*, full: bool) -> tuple[str, bool]:
    """The title and the bar of views; the chosen view, and whether a new run or set is wanted. `full`: there is
    something to see, so that the button stands here and not in an empty page."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.title("Evaluate", anchor=False, width="content")
        slot = st.container(width="content")
    with st.container(key="group"):
        view = group_bar("View", VIEWS, key="view")
    adding = False
    if full and view in _ADD:
        label, icon = _ADD[view]
        adding = slot.button(label, icon=icon, type="primary", key="evaluate_add")
    return view, adding


def run_head(title: str, about: str, parts: Sequence[str], *, key: str) -> tuple[bool, str]:
    """The head of a run, low so that its grid has room: whether to go back, and the part that is chosen."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="run_head"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            leaving = _back("Runs")
            with st.container(gap=None, width="content"):
                st.subheader(plain(title), anchor=False)
                st.caption(plain(about))
        return leaving, _parts(parts, key)


def set_head(title: str, about: str, parts: Sequence[str], *, key: str) -> tuple[bool, str, DeltaGenerator]:
    """The head of a prompt set: whether to go back, the part that is chosen, and a place for what can be done with the
    whole set."""
    with st.container(gap="xsmall"):
        leaving = _back("Prompt sets")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            _title(title, about)
            slot = st.container(horizontal=True, width="content")
    return leaving, _parts(parts, key), slot


def _back(label: str) -> bool:
    return st.button(label, icon=":material/arrow_back:", type="tertiary", key="back")


def _title(title: str, about: str) -> None:
    with st.container(gap="xsmall", width="content"):
        st.title(plain(title), anchor=False)
        st.caption(plain(about))


def _parts(parts: Sequence[str], key: str) -> str:
    with st.container(key="group", width="content"):
        part = st.segmented_control(
            "Part", parts, default=parts[0], required=True, key=f"part_{key}", label_visibility="collapsed"
        )
    return part or parts[0]


def no_sets(key: str = "sets") -> bool:
    """No prompt set is there yet; True when the first one is wanted."""
    text = (
        "A prompt set is a table of questions with what a good answer has to hold. Write one here, bring a CSV, JSONL, "
        "YAML or promptfoo file, or collect prompts from chats."
    )
    return empty_state("dataset", "No prompt sets yet", text, action="New prompt set", key=key)


def no_runs(*, sets: bool) -> bool:
    """No run is there yet; True when the first one (or, without a set, the first set) is wanted."""
    text = (
        "Run a prompt set on several models: every answer side by side, judged by checks, with pass rates, speed and "
        "cost, and intervals that say which differences are real."
    )
    return empty_state("grid_on", "No runs yet", text, action="New run" if sets else "New prompt set", key="runs")


def new_head() -> bool:
    """The head of a new run; whether to go back."""
    with st.container(gap="xsmall"):
        leaving = _back("Evaluate")
        st.title("New run", anchor=False)
    return leaving


def extend_head(name: str) -> bool:
    """The head of adding to a run; whether to go back to it."""
    with st.container(gap="xsmall"):
        leaving = _back("Back to the run")
        st.title("Add models or rows", anchor=False)
        st.caption(plain(name))
    return leaving


def section(title: str) -> None:
    """The title of a part of a form."""
    st.subheader(title, anchor=False)
