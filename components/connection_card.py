"""One connection to a provider, with what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

Do = Literal["test", "edit", "refresh", "enable", "disable", "remove"]
_WORDS: dict[Do, str] = {
    "test": "Test connection",
    "refresh": "Refresh models",
    "edit": "Change connection",
    "enable": "Turn on",
    "disable": "Turn off",
    "remove": "Remove connection",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What the card shows. `variable` is the environment's name for a read-only connection, `models` None unknown.

    `said` is what the last test said, `fine` whether it went well.
    """

    id: str
    name: str
    provider: str
    address: str
    key_hint: str = ""
    variable: str = ""
    enabled: bool = True
    models: int | None = None
    said: str = ""
    fine: bool = True


def connection_card(card: Card) -> Do | None:
    """Draw the card; return what was asked for, if anything."""
    with st.container(border=True, key=f"card_{card.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{_plain(card.name)}**", width="content")
            if card.provider != card.name:
                st.badge(card.provider, color="gray")
            if not card.enabled:
                st.badge("Off", color="gray", icon=":material/toggle_off:")
            st.space("stretch")
            asked = _actions(card)
        st.caption("  ·  ".join(facts(card)))
        if card.said:
            colour, icon = ("green", "check_circle") if card.fine else ("red", "error")
            st.markdown(f":{colour}[:material/{icon}:] {_plain(card.said)}")
    return asked


def facts(card: Card) -> list[str]:
    """The line under the name."""
    found = [_plain(card.address)] if card.address else []
    if card.variable:
        found.append(f"set by `{card.variable}`, read-only here")
    elif card.key_hint:
        found.append(f"key ending in `{card.key_hint}`")
    if card.models is not None:
        found.append("1 model" if card.models == 1 else f"{card.models:,} models")
    return found or ["built in"]


def _actions(card: Card) -> Do | None:
    pressed = st.button("Test", key=f"test_{card.id}", icon=":material/network_check:")
    own: list[Do] = [] if card.variable else ["edit", "disable" if card.enabled else "enable", "remove"]
    chosen = st.menu_button(
        "More",
        ["refresh", *own],
        key=f"more_{card.id}",
        icon=":material/more_horiz:",
        type="tertiary",
        format_func=lambda word: _WORDS[word],
    )
    return "test" if pressed else chosen


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]:$<>~#" else letter for letter in text)
