"""What is decided about tools: a row for each rule, and a form for one more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from components.mcp.words import plain
from components.tools.tool_list import SAYS
from hub.tools.records import Rule
from hub.turns import Permission

_ICONS: dict[Permission, str] = {"always": "check_circle", "ask": "front_hand", "never": "block"}


@dataclass(frozen=True, slots=True)
class NewRule:
    """What the form asks for. `tool` is an id or a pattern of ids."""

    tool: str
    permission: Permission
    arguments: Mapping[str, str]
    everybody: bool = False


def permission_list(rules: Sequence[Rule], names: Mapping[str, str], *, admin: bool) -> Rule | None:
    """Draw the rules; the one to take back."""
    gone: Rule | None = None
    for rule in rules:
        with st.container(horizontal=True, vertical_alignment="center", key=f"row_rule_{rule.id}"):
            with st.container(gap=None):
                st.markdown(f":material/{_ICONS[rule.permission]}: **{plain(named(rule.tool, names))}**")
                st.caption("  ·  ".join(_facts(rule)))
            may = rule.by == "person" or admin
            if may and st.button("Remove rule", key=f"rule_{rule.id}", icon=":material/delete:", type="tertiary"):
                gone = rule
    if not rules:
        st.caption("Nothing is decided yet. When a tool asks in a chat, “Always allow” makes a rule here.")
    return gone


def permission_form(names: Mapping[str, str], *, admin: bool, key: int) -> NewRule | None:
    """The form; what was sent."""
    st.subheader("Add a rule", anchor=False)
    with st.form(f"rule_form_{key}", border=False):
        tool = st.selectbox("Tool", list(names), format_func=lambda id_: names[id_], key=f"rule_tool_{key}")
        permission = st.segmented_control(
            "What happens",
            list(SAYS),
            default="ask",
            required=True,
            format_func=lambda one: SAYS[cast(Permission, one)],
            key=f"rule_what_{key}",
        )
        left, right = st.columns(2)
        argument = left.text_input("Only where the argument", key=f"rule_argument_{key}", placeholder="path")
        like = right.text_input("fits", key=f"rule_like_{key}", placeholder="/notes/*")
        everybody = admin and st.toggle("For everybody; people can only be stricter", key=f"rule_everybody_{key}")
        sent = st.form_submit_button("Add rule", type="primary")
    if not sent or tool is None:
        return None
    arguments = {argument.strip(): like.strip() or "*"} if argument.strip() else {}
    return NewRule(tool, cast(Permission, permission), arguments, everybody)


def named(tool: str, names: Mapping[str, str]) -> str:
    """A tool as people know it; a pattern as it is."""
    return names.get(tool, tool)


def _facts(rule: Rule) -> list[str]:
    found = [SAYS[rule.permission]]
    found += [f"where {plain(name)} fits {plain(like)}" for name, like in rule.arguments.items()]
    if rule.conversation:
        found.append("in one chat")
    found.append("by an administrator, for everybody" if rule.by == "admin" else "by you")
    return found
