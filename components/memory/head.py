"""The top of the memory page: whose memory it is, how it stands, what can be done with all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from components.memory.words import Wish, many
from hub.memory.records import Settings

MORE = {
    "pause": (":material/pause_circle:", "Pause learning"),
    "resume": (":material/play_circle:", "Resume learning"),
    "import": (":material/upload:", "Import memories"),
    "export": (":material/download:", "Export memories"),
}


def memory_head(names: Mapping[str, str], scope: str, liked: Settings) -> tuple[str, Wish | None]:
    """Title, scope and actions; the chosen scope and what was asked for. `names` has every scope."""
    asked = ""
    with st.container(horizontal=True, vertical_alignment="center", key="memory_head"):
        st.title("Memory", anchor=False, width="stretch")
        if len(names) > 1:
            scope = st.selectbox(
                "Whose memory",
                list(names),
                index=list(names).index(scope),
                format_func=names.__getitem__,
                key="memory_scope",
                label_visibility="collapsed",
                width=200,
            )
        if st.button("Add memory", icon=":material/add:", type="primary", key="memory_add"):
            asked = "add"
        word = st.menu_button(
            "More",
            ["resume" if liked.paused else "pause", "import", "export"],
            key="memory_more",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=lambda name: " ".join(MORE[name]),
        )
    done = word or asked
    return scope, (done, ()) if done else None


def standing(liked: Settings, pending: int, *, model: bool) -> Wish | None:
    """One line for each thing that keeps memory from its work, with the way out; what was asked for, if anything.
    `model`: whether any real model is there to learn with."""
    asked = ""
    if not liked.enabled:
        asked = _line(
            "turn_on", "bookmark_remove", "Memory is off. Nothing is read and nothing is kept.", "Turn on memory"
        )
    elif liked.paused:
        text = "Learning is paused. What is known is still used; nothing new is kept."
        asked = _line("resume", "pause_circle", text, "Resume learning")
    elif not model:
        text = "Without a model nothing is learned by itself. Your earlier messages are found all the same."
        asked = _line("models", "hub", text, "Connect a provider")
    if pending and st.session_state.get("part") != "Changes":
        _line("review", "rate_review", f"{many(pending, 'change', 'changes')} to look at.", "Review", on_click=_review)
    return (asked, ()) if asked else None


def _review() -> None:
    st.session_state["part"] = "Changes"


def _line(name: str, icon: str, text: str, action: str, on_click: Callable[[], None] | None = None) -> str:
    with st.container(horizontal=True, vertical_alignment="center", key=f"facts_{name}", gap="small"):
        st.markdown(f":gray[:material/{icon}: {text}]", width="content")
        pressed = st.button(action, key=f"memory_{name}", type="tertiary", on_click=on_click)
    return name if pressed else ""
