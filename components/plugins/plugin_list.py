"""Plugins as an administrator sees them: what each is and adds, its switch, its settings, what went wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.empty_state import empty_state
from components.markdown import label
from components.plugins.settings_form import Setting, settings_form


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong: where, what was said, when in words, how often."""

    where: str
    said: str
    when: str
    count: int


@dataclass(frozen=True, slots=True)
class PluginCard:
    """A plugin in the list. `origin` says where it comes from, `adds` what it does, both in words. `works` is whether
    it could be loaded."""

    name: str
    about: str
    origin: str
    adds: str
    enabled: bool
    works: bool
    settings: tuple[Setting, ...] = ()
    troubles: tuple[Trouble, ...] = ()


Switch = Callable[[str, bool], str]
"""Switches a plugin; what went wrong with that, "" for nothing."""
Save = Callable[[str, Mapping[str, Any]], str]
Clear = Callable[[str], str]


def plugin_list(cards: Sequence[PluginCard], folder: str, switch: Switch, save: Save, clear: Clear) -> None:
    """One card for each plugin; `folder` is where more can be put."""
    for card in cards:
        with st.container(border=True, key=f"card_plugin_{_key(card.name)}", gap="small"):
            _head(card, switch)
            if card.troubles:
                _troubles(card, clear)
            if card.settings and card.works:
                with st.expander("Settings", icon=":material/tune:", key=f"plugin_settings_{_key(card.name)}"):
                    settings_form(card.name, card.settings, save)
    if not cards:
        empty_state(
            "extension",
            "No plugins yet",
            "A plugin adds tools, models, kinds of documents, exports or pages.",
            key="plugins",
        )
    st.caption(
        f"Plugins are installed Python packages, or modules in `{folder}`. New ones are found when the hub starts; a "
        "switch works at once. A plugin can do whatever the hub can do, so put only what you trust there."
    )


def _head(card: PluginCard, switch: Switch) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        with st.container(gap=None):
            st.markdown(f"**{label(card.name)}**  :gray[:small[{label(card.origin)}]]")
            if card.about:
                st.markdown(label(card.about))
            if card.works:
                st.caption(card.adds)
        if not card.works:
            st.badge("Not loaded", icon=":material/error:", color="red", width="content")
            return
        key = f"plugin_on_{_key(card.name)}_{card.enabled}"
        on = st.toggle(f"Use {card.name}", card.enabled, key=key, label_visibility="collapsed", width="content")
    if on != card.enabled:
        _tell(switch(card.name, on), f"{card.name} is {'on' if on else 'off'}.")


def _troubles(card: PluginCard, clear: Clear) -> None:
    for one in card.troubles:
        with st.container(gap=None):
            st.markdown(f":red[:material/error:] **{label(one.where)}**  {label(one.said)}")
            st.caption(f"once, {one.when}" if one.count == 1 else f"{one.count} times, last {one.when}")
    if not card.works:
        st.caption("It is left out, and nothing else is touched. Mend it or take it away, then start the hub again.")
    elif st.button("Clear errors", key=f"plugin_clear_{_key(card.name)}", type="tertiary"):
        _tell(clear(card.name), "The errors are cleared.")


def _tell(problem: str, said: str) -> None:
    """Says what came of it, and draws the page anew where it went well."""
    if problem:
        st.error(problem, icon=":material/error:")
        return
    st.toast(said, icon=":material/check_circle:")
    st.rerun()


def _key(name: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in name)
