"""Every tool that a chat may be given, by its group, with a switch."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from components.mcp.words import plain
from hub.tools.records import Ruling
from hub.turns import Permission, Tool

SAYS: dict[Permission, str] = {"always": "Runs", "ask": "Asks first", "never": "Never runs"}
_COLOURS = {"always": "green", "ask": "orange", "never": "red"}


def tool_search() -> str:
    """The field above the tools; what is looked for."""
    words = st.text_input(
        "Search tools",
        key="tools_search",
        type="search",
        live="200ms",
        placeholder="Search tools",
        label_visibility="collapsed",
    )
    return words or ""


def tool_list(tools: Sequence[tuple[Tool, Ruling]], off: Collection[str], words: str) -> tuple[str, bool] | None:
    """Draw the tools that fit `words`; the id that was switched, and how."""
    wanted = words.casefold().split()
    fitting = [one for one in tools if all(word in _text(one[0]) for word in wanted)]
    if not fitting:
        st.caption("No tool fits these words." if wanted else "There are no tools.")
        return None
    asked: tuple[str, bool] | None = None
    fitting.sort(key=lambda one: ":" in one[0].stable_id and not one[0].stable_id.startswith("hub:"))
    for group in dict.fromkeys(one.group for one, _ in fitting):
        st.subheader(plain(group or "The hub's own"), anchor=False)
        for tool, ruling in (one for one in fitting if one[0].group == group):
            asked = _row(tool, ruling.permission, tool.stable_id not in off) or asked
    return asked


def _row(tool: Tool, permission: Permission, on: bool) -> tuple[str, bool] | None:
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, gap="small", key=f"row_tool_{tool.stable_id}"
    ):
        with st.container(gap=None):
            st.markdown(f":material/{tool.icon}: **{plain(tool.title)}**  :gray[:small[{plain(tool.name)}]]")
            st.caption(plain(tool.spec.description.strip().partition("\n")[0][:160]))
        st.badge(SAYS[permission], color=_COLOURS[permission], width="content")  # pyright: ignore[reportArgumentType]
        wanted = st.toggle(
            f"Use {tool.title}", on, key=f"tool_{tool.stable_id}_{on}", label_visibility="collapsed", width="content"
        )
    return None if wanted == on else (tool.stable_id, wanted)


def _text(tool: Tool) -> str:
    return f"{tool.title} {tool.name} {tool.group} {tool.spec.description}".casefold()
