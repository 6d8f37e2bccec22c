"""Tools by their groups: a switch, what each does and costs, and whether its calls are asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from components.empty_state import empty_state
from components.markdown import label
from hub.tools.shown import GroupRow, ToolRow
from hub.turns import Permission

PAGE = 40
"""Rows that are drawn at once; more come by a button."""
Choice = Permission | Literal[""]
CHOICES: dict[Choice, str] = {"": "Default", "always": "Always allow", "ask": "Ask each time", "never": "Never"}
HOLDS: dict[Permission, str] = {"always": "allowed", "ask": "asks", "never": "never runs"}


Switch = Callable[[str, bool], None]
Decide = Callable[[str, Choice], None]


def group_list(
    groups: Sequence[GroupRow],
    switch: Switch,
    decide: Decide,
    change: Callable[[str], None],
    sign_out: Callable[[str], None],
) -> None:
    """One card for each group; its tools are drawn when it is opened. `change` opens the dialog of an interface,
    `sign_out` ends the person's sign-in at one."""
    for group in groups:
        with st.container(border=True, key=f"card_{_key(group.id)}", gap="small"):
            opened = _head(group, switch, change)
            _own_sign_in(group, sign_out)
            if opened:
                _rows(group.tools, _key(group.id), switch, decide)


def _own_sign_in(group: GroupRow, sign_out: Callable[[str], None]) -> None:
    """Where each person signs in: the way there, or out again."""
    if group.sign_in:
        st.caption("Its tools can be called once you have signed in there.")
        sign_in_link(group.sign_in)
    elif api := group.sign_out:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("You are signed in there.", width="content")
            out = {"key": f"sign_out_{api}", "icon": ":material/logout:", "help": "The hub forgets your sign-in."}
            st.button("Sign out", type="tertiary", on_click=sign_out, args=[api], **out)


def sign_in_link(api: str) -> None:
    """Leads to where the person signs in at an interface, and back here."""
    address = f"/api/tools/oauth/start?api={api}"
    st.html(f'<a class="hub-button" href="{address}" target="_self">Sign in</a>', width="content")


def found_tools(rows: Sequence[ToolRow], switch: Switch, decide: Decide) -> None:
    """Tools that a search found, of all groups."""
    if rows:
        with st.container(border=True, key="card_found", gap="small"):
            _rows(rows, "found", switch, decide)
    else:
        empty_state("search_off", "No tool fits", "Try other words, or add an interface.", key="tools")


def _head(group: GroupRow, switch: Switch, change: Callable[[str], None]) -> bool:
    """The head of a card; whether the group is open."""
    key = _key(group.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            st.markdown(f"**{label(group.name)}**")
            many = "1 tool" if len(group.tools) == 1 else f"{len(group.tools)} tools"
            st.caption(f"{many}  ·  {group.tokens:,} tokens  ·  {label(group.origin)}")
        if group.api and st.button("Change", key=f"change_{key}", icon=":material/edit:", type="tertiary"):
            change(group.api)
        opened = bool(st.session_state.get(f"opened_{key}"))
        icon = "expand_less" if opened else "expand_more"
        word = "Hide tools" if opened else "Show tools"
        if st.button(word, key=f"open_{key}", icon=f":material/{icon}:", type="tertiary"):
            st.session_state[f"opened_{key}"] = not opened
            st.rerun()
        _toggle(f"Use {group.name}", group.id, group.on, switch)
    return opened


def _rows(rows: Sequence[ToolRow], where: str, switch: Switch, decide: Decide) -> None:
    more = f"more_{where}"
    shown = PAGE + int(st.session_state.get(more, 0))
    for row in rows[:shown]:
        _row(row, where, switch, decide)
    if len(rows) > shown and st.button(f"Show {min(PAGE, len(rows) - shown)} more", key=f"show_{more}"):
        st.session_state[more] = shown
        st.rerun()


def _row(row: ToolRow, where: str, switch: Switch, decide: Decide) -> None:
    key = f"{where}_{_key(row.id)}"
    with st.container(key=f"row_tool_{key}", gap="xsmall"):
        left, right = st.columns([6, 3.4], vertical_alignment="center")
        with left.container(gap=None):
            st.markdown(
                f":material/{row.icon}: **{label(row.title)}**  :gray[:small[`{row.name}` · {row.tokens} tokens]]"
            )
            st.caption(label(row.about if len(row.about) <= 180 else f"{row.about[:179]}…"))
            if row.why:
                st.caption(f":orange[{label(row.why)}]")
        with right.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", wrap=False):
            chosen = _choice(row, key)
            _toggle(f"Use {row.title}", row.id, row.on, switch, where)
    if chosen != row.chosen:
        decide(row.id, chosen)


def _choice(row: ToolRow, key: str) -> Choice:
    """What the person wants of all calls of a tool."""
    usual = {**CHOICES, "": f"Default: {HOLDS[row.usual]}"}
    return st.selectbox(
        f"Permission of {row.title}",
        list(CHOICES),
        index=list(CHOICES).index(row.chosen),
        format_func=usual.__getitem__,
        key=f"permission_{key}_{row.chosen}",
        label_visibility="collapsed",
    )


def _toggle(say: str, id: str, on: bool, switch: Switch, where: str = "") -> None:
    key = f"on_{where}_{_key(id)}_{on}"
    if st.toggle(say, on, key=key, label_visibility="collapsed", width="content") != on:
        switch(id, not on)


def _key(id: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in id)
