"""Plugins, for administrators: what is there, on or off, its settings, and what went wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from components import state, troubles
from components.clock import long_ago, viewer_now
from components.error_note import error_note
from components.plugins.plugin_list import PluginCard, Trouble, plugin_list
from components.plugins.settings_form import Setting
from components.state import script
from hub import hooks, plugins
from hub.errors import HubError, StoreDown
from hub.plugins.finding import FOLDER
from hub.settings import settings

ADDS = {
    "tools": "tools",
    "chat_context": "context for answers",
    "document_loaders": "kinds of documents",
    "exporters": "exports",
    "model_providers": "models",
    "pages": "pages",
}
"""What the hooks give, in words; the others follow what happens."""
who = state.who()


def tried(call: Callable[[], object]) -> str:
    """What went wrong with `call` in a sentence, "" for nothing."""
    try:
        call()
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def switch(name: str, on: bool) -> str:
    """Switch a plugin."""
    return tried(lambda: plugins.switch_plugin(who, name, on=on))


def save(name: str, changes: Mapping[str, Any]) -> str:
    """Store settings of a plugin."""
    return tried(lambda: plugins.save_settings(who, name, changes))


def clear(name: str) -> str:
    """Forget what went wrong in a plugin."""
    return tried(lambda: plugins.clear_errors(who, name))


def adds(one: plugins.Plugin) -> str:
    """What a plugin adds, in words."""
    words = [word for name, word in ADDS.items() if name in one.adds]
    said = [f"Adds {', '.join(words)}."] if words else []
    if set(one.adds) - ADDS.keys():
        said.append("Follows what happens in the hub.")
    return " ".join(said) or "Adds nothing."


def card(one: plugins.Plugin) -> PluginCard:
    """A plugin as its card shows it."""
    where = {"package": "package", "folder": "plugins folder"}[one.origin]
    settings_ = tuple(
        Setting(**{part.name: getattr(field, part.name) for part in fields(field)}) for field in one.fields
    )
    now = viewer_now()
    wrong = tuple(
        Trouble(failure.where, f"{failure.kind}: {failure.message}", long_ago(failure.at, now), failure.count)
        for failure in one.failures
    )
    origin = f"{where} {one.version}".strip()
    return PluginCard(one.name, one.about, origin, adds(one), one.enabled, one.works, settings_, wrong)


with st.container(key="page_settings"):
    if st.button("Settings", icon=":material/arrow_back:", type="tertiary", key="back"):
        st.switch_page(script("settings"), query_params={"group": "About"})
    st.title("Plugins", anchor=False)
    try:
        hooks.plugins()
        found = [card(one) for one in plugins.every(who)]
        plugin_list(found, str(settings().data.absolute() / FOLDER), switch, save, clear)
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="plugins_error")
