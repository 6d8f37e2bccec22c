"""One connection to a provider, with what can be done with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import streamlit as st

Do = Literal["test", "edit", "enable", "disable", "remove", "better"]
_WORDS: dict[Do, str] = {
    "edit": ":material/edit: Change connection",
    "enable": ":material/toggle_on: Turn on",
    "disable": ":material/toggle_off: Turn off",
    "remove": ":material/delete: Remove connection",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What the card shows. `variable` is the environment's name for a connection that is read-only here, `models` is
    None while that is unknown. `said` is what the last test said, `fine` whether it went well, `better` an address
    that works in place of one that does not.
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
    better: str = ""
    demo: bool = False


def connection_card(card: Card) -> Do | None:
    """Draw the card; return what was asked for, if anything."""
    with st.container(border=True, key=f"card_{card.id}", gap="xsmall"):
        asked = _head(card)
        st.caption("  ·  ".join(facts(card)))
        if card.said:
            colour, icon = ("green", "check_circle") if card.fine else ("red", "error")
            st.markdown(f":small[:{colour}[:material/{icon}:]  {plain(card.said)}]")
        if card.better and not card.variable and st.button(f"Use {card.better}", key=f"better_{card.id}"):
            asked = "better"
    return asked


def facts(card: Card) -> list[str]:
    """The line under the name."""
    if card.demo:
        return ["No AI: prepared answers that show every part of a chat"]
    found = [plain(card.provider)] if card.provider != card.name else []
    if card.address:
        found.append(f"`{card.address}`")
    if card.variable:
        found.append(f"set by `{card.variable}`, read-only here")
    if card.key_hint:
        found.append(f"key ending in `{card.key_hint}`")
    if card.models == 0:
        found.append("no list of models yet")
    elif card.models is not None:
        found.append("1 model" if card.models == 1 else f"{card.models:,} models")
    return found


def plain(text: str) -> str:
    """Text that Markdown shows as it is; addresses stand out and are no links."""
    parts = re.split(r"(https?://[^\s,\"]*[^\s,\".:])", text)
    return "".join(f"`{part}`" if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]:$<>~#" else letter for letter in text)


def _head(card: Card) -> Do | None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"head_{card.id}"):
        st.markdown(f"**{plain(card.name)}**", width="content")
        if card.demo or not card.enabled:
            st.badge("Built in" if card.demo else "Off", color="gray")
        st.space("stretch")
        return None if card.demo else _actions(card)


def _actions(card: Card) -> Do | None:
    pressed = card.enabled and st.button(
        "Test connection", key=f"test_{card.id}", type="tertiary", help="Asks for the list of models; costs nothing"
    )
    if card.variable:
        return "test" if pressed else None
    own: list[Do] = ["edit", "disable" if card.enabled else "enable", "remove"]
    chosen = st.menu_button(
        ":material/more_horiz:", own, key=f"more_{card.id}", type="tertiary", format_func=lambda word: _WORDS[word]
    )
    return "test" if pressed else chosen
