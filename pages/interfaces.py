"""Where tools come from besides servers: interfaces described by OpenAPI, the search of the web, pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import streamlit as st

from components import state, troubles
from components.error_note import error_note
from components.interfaces import api_dialog, search_dialog
from components.interfaces.api_dialog import Wanted
from components.interfaces.group_list import group_list
from components.setting_row import setting_row
from components.state import script
from components.state.interfaces import interfaces, origin
from hub.errors import HubError, StoreDown
from hub.models import catalogue, images
from hub.tools import openapi, overview, searching, switches
from hub.turns import Turn

who, page = state.who(), interfaces()
WHOSE = {"own": "yours", "everybody": "for everybody", "environment": "from the environment"}
Problem = tuple[str, str] | None


def tried(call: Callable[[], object]) -> Problem:
    """What went wrong with `call` as (message, hint)."""
    try:
        call()
    except HubError as error:
        return error.message, error.hint
    return None


def do(call: Callable[[], object]) -> None:
    """Do something that was asked for in the list, and draw the page anew."""
    if problem := tried(call):
        st.toast(" ".join(problem).strip(), icon=":material/error:")
    st.rerun()


@st.cache_data(ttl=300, max_entries=20, show_spinner=False)
def specification(person: str, url: str) -> str:
    """What stands at an address: what was looked at is what is added."""
    return openapi.fetch(who, url)


def look(url: str, text: str) -> openapi.Spec | tuple[str, str]:
    """What a specification has, or what is wrong with it."""
    try:
        return openapi.look(text or specification(who.id, url), url)
    except HubError as error:
        return error.message, error.hint


def add(one: Wanted) -> Problem:
    """Add an interface."""

    def call() -> None:
        text = one.text or specification(who.id, one.url)
        more = {"source": one.url, "name": one.name, "base_url": one.base_url}
        openapi.add(who, text, **more, access=one.access, everybody=one.everybody)

    return tried(call)


def change(id: str) -> None:
    """Open the dialog of an interface."""
    api, access = openapi.get(who, id), openapi.signing(who, id)

    def save(one: Wanted) -> Problem:
        return tried(lambda: openapi.change(who, id, name=one.name, base_url=one.base_url, access=one.access))

    again = (lambda: tried(lambda: openapi.refresh(who, id))) if api.source else None
    remove = partial(openapi.remove, who, id)
    inside = openapi.signed_in(who, api)
    leave = partial(openapi.sign_out, who, id) if inside else None
    one = api_dialog.Changing(
        api.name, api.base_url, access, api.key_hint, save, again, remove,
        back=openapi.way_back(origin()), sign_in=id if inside is False else "", sign_out=leave,
    )  # fmt: skip
    api_dialog.change_dialog(one, page.close)


def engine_row() -> None:
    """The engine that searches the web."""
    now = searching.chosen(who)
    said = f"{now.title}, {WHOSE[now.source]}." if now else "Not set up: models cannot search the web."
    with setting_row("web_search", "Web search", said, None):
        if st.button("Change engine" if now else "Set up engine", key="engine_open"):
            page.open("engine")


def engine_dialog() -> None:
    """The form for the engine."""

    def save(kind: str, url: str, key: str, everybody: bool) -> Problem:
        return tried(lambda: searching.choose(who, cast(searching.Kind, kind), url=url, key=key, everybody=everybody))

    now, admin = searching.chosen(who), who.role == "admin"
    own = bool(now) and (now.source == "own" or (now.source == "everybody" and admin))
    shown = search_dialog.Engine(now.engine, now.key_hint, own, now.url) if now else search_dialog.Engine()
    models = {one.id: f"{one.label}, {one.connection_name}" for one in catalogue.models(who) if not one.demo}
    forget = partial(searching.forget, who, everybody=bool(now) and now.source == "everybody")
    search_dialog.search_dialog(searching.TITLES, models, shown, admin, save, forget, page.close)


def picture_row() -> None:
    """The model that makes pictures."""
    chosen, usual = switches.image_model(who), images.usual(who)
    said = "The model that makes them, as connection/name." + ("" if chosen or usual else " No connection has one.")
    with setting_row("pictures", "Pictures", said, None):
        given = st.text_input("Model", chosen, placeholder=usual, key="image_model", label_visibility="collapsed")
    if given.strip() != chosen:
        do(lambda: switches.choose_image_model(who, given.strip()))


def show_interfaces() -> None:
    """A card for each interface, with its tools."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Interfaces", anchor=False)
        if st.button("Add interface", key="api_open", icon=":material/add:", type="primary"):
            page.open("add")
    tools = {tool.stable_id: tool for tool in openapi.tools(Turn(who, "", "", "", overview.ANY))}

    group_list(
        overview.groups(who, list(tools.values())),
        lambda id, on: do(partial(switches.switch, who, id, on=on)),
        lambda id, to: do(partial(overview.decide, who, tools[id], to or None)),
        partial(page.open, "change"),
        partial(openapi.sign_out, who),
    )
    if not tools:
        st.caption("An interface that describes itself by OpenAPI 3 becomes tools: one for each thing that it does.")


with st.container(key="page_settings"):
    if st.button("Tools", icon=":material/arrow_back:", type="tertiary", key="back"):
        st.switch_page(script("tools"))
    st.title("Web search and interfaces", anchor=False)
    try:
        engine_row()
        picture_row()
        show_interfaces()
        match page.dialog:
            case ("add", _):
                api_dialog.add_dialog(look, add, who.role == "admin", openapi.way_back(origin()), page.close)
            case ("change", id):
                change(id)
            case ("engine", _):
                engine_dialog()
            case _:
                pass
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        page.close()
        error_note(error.message, error.hint, action="Try again", key="interfaces_error")
