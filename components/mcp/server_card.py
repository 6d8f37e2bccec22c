"""One server: how it is, what it offers with switches, what happened lately, what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import streamlit as st

from components.clock import long_ago
from components.mcp.words import facts, plain, state_of, trouble
from hub.mcp.records import Card, Event, RememberedTool

Do = Literal["test", "change", "on", "off", "sign_out", "remove", "trust", "distrust", "tool_on", "tool_off"]
Wish = tuple[Do, str, str]
"""What was asked for, of which server, and of which of its tools."""

_WORDS: dict[Do, str] = {
    "change": ":material/edit: Change server",
    "on": ":material/toggle_on: Turn on",
    "off": ":material/toggle_off: Turn off",
    "sign_out": ":material/logout: Sign out",
    "remove": ":material/delete: Remove server",
}


def server_card(card: Card, log: Callable[[], Sequence[Event]], now: datetime) -> Wish | None:
    """Draw the card; what was asked for, if anything."""
    id_ = card.server.id
    with st.container(border=True, key=f"card_mcp_{id_}", gap="xsmall"):
        asked = _head(card)
        st.caption("  ·  ".join(facts(card)))
        if said := trouble(card):
            _, colour, icon = state_of(card.status)
            st.markdown(f":small[:{colour}[:material/{icon}:]  {plain(said)}]")
        if card.status.state == "sign_in" or card.signed_in is False:
            address = f"/api/mcp/oauth/start?server={id_}"
            st.html(f'<a class="hub-button" href="{address}" target="_self">Sign in</a>')
        return _offers(card) or _log(card, log, now) or asked


def _head(card: Card) -> Wish | None:
    server = card.server
    word, colour, icon = state_of(card.status)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"head_mcp_{server.id}"):
        st.markdown(f"**{plain(server.name)}**", width="content")
        st.badge(word, color=colour, icon=f":material/{icon}:")
        if server.everybody:
            st.badge("Everybody", color="gray")
        st.space("stretch")
        pressed = server.enabled and st.button(
            "Test server", key=f"mcp_test_{server.id}", type="tertiary", help="Connects and asks for its tools anew"
        )
        chosen = _menu(card)
    return ("test", server.id, "") if pressed else (chosen, server.id, "") if chosen else None


def _menu(card: Card) -> Do | None:
    can: list[Do] = ["change", "off" if card.server.enabled else "on"] if card.may_change else []
    if card.signed_in:
        can.append("sign_out")
    if card.may_change:
        can.append("remove")
    if not can:
        return None
    return st.menu_button(
        ":material/more_horiz:",
        can,
        key=f"mcp_more_{card.server.id}",
        type="tertiary",
        format_func=lambda word: _WORDS[word],
    )


def _offers(card: Card) -> Wish | None:
    """The tools, each with its switch where it may be changed."""
    if not card.listing.tools:
        return None
    asked: Wish | None = None
    id_ = card.server.id
    with st.expander("Tools", on_change="rerun", key=f"mcp_tools_{id_}", type="compact") as opened:
        if not opened.open:
            return None
        if card.may_change:
            trusts = st.toggle(
                "Run tools that call themselves read-only without asking",
                card.server.trusts_hints,
                key=f"mcp_trust_{id_}_{card.server.trusts_hints}",
                help="The server says so itself, and nobody checks it. All other tools ask first.",
            )
            if trusts != card.server.trusts_hints:
                asked = ("trust" if trusts else "distrust", id_, "")
        for tool in card.listing.tools:
            asked = _tool(card, tool) or asked
    return asked


def _tool(card: Card, tool: RememberedTool) -> Wish | None:
    on, id_ = tool.name not in card.server.off, card.server.id
    with st.container(gap=None, key=f"row_mcp_{id_}_{tool.name}"):
        hint = "  :gray-badge[read-only]" if tool.read_only else ""
        if card.may_change:
            wanted = st.toggle(f"{plain(tool.title)}{hint}", on, key=f"mcp_tool_{id_}_{tool.name}_{on}")
        else:
            wanted = on
            st.markdown(f"{plain(tool.title)}{hint}" if on else f":gray[{plain(tool.title)} · off]")
        if about := tool.description.strip().partition("\n")[0]:
            st.caption(plain(about[:200]))
    return None if wanted == on else ("tool_on" if wanted else "tool_off", id_, tool.name)


def _log(card: Card, log: Callable[[], Sequence[Event]], now: datetime) -> None:
    """What happened lately, read only when it is opened."""
    with st.expander("Log", on_change="rerun", key=f"mcp_log_{card.server.id}", type="compact") as opened:
        if not opened.open:
            return
        lines = log()
        for line in lines[:30]:
            took = f"  ·  {line.ms:,.0f} ms" if line.ms is not None else ""
            mark = ":red[:material/error:] " if line.error else ""
            st.markdown(f":small[{mark}{plain(line.said)}  :gray[{long_ago(line.at, now)}{took}]]")
        if not lines:
            st.caption("Nothing has happened yet.")
