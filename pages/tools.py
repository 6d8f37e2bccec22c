"""Tools that models may call: what there is, MCP servers, and what is decided about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.group_bar import group_bar
from components.mcp import dialogs
from components.mcp.server_bar import server_bar
from components.mcp.server_card import server_card
from components.tools.permission_list import permission_form, permission_list
from components.tools.tool_list import tool_list, tool_search
from hub import hooks, mcp
from hub.errors import HubError, StoreDown
from hub.mcp.act import act
from hub.mcp.act import save as store
from hub.models.types import ModelInfo
from hub.tools import decide, policy, switches
from hub.turns import Tool, Turn

who, page, now = state.who(), state.tools(), viewer_now()
admin = who.role == "admin"
ANY = ModelInfo("", "", "", "", "", "", abilities=frozenset({"tools"}))


def tried(call: Callable[[], object]) -> str:
    """What went wrong with `call` in a sentence, "" for nothing."""
    try:
        call()
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def offered() -> list[Tool]:
    """What a new chat would be given, switched off ones too."""
    found, said = hooks.tools(Turn(who, "0" * 24, "0" * 24, "", ANY))
    for sentence in said:
        st.caption(f":orange[:material/warning:] {sentence}")
    return found


def show_tools() -> None:
    """Every tool with its switch."""
    st.caption("What a chat with a model may call. Switch off what you do not want; a chat can differ.")
    if st.button("Web search and interfaces", icon=":material/api:", type="tertiary", key="to_interfaces"):
        st.switch_page(state.script("interfaces"))
    words = tool_search()
    rules = [rule for rule in decide.rules(who) if not rule.conversation]
    found = [(one, policy.ruling(one, {}, rules)) for one in offered()]
    if switched := tool_list(found, switches.off(who), words):
        switches.switch(who, switched[0], on=switched[1])
        st.rerun()


def save(id_: str, draft: mcp.Draft) -> str:
    """Stores a server and asks it for its tools; what was wrong with storing it. How it is, its card says."""
    made: list[str] = []
    if wrong := tried(lambda: made.append(store(who, id_, draft))):
        return wrong
    with st.spinner("Connecting"):
        tried(lambda: act(who, "test", made[0]))
    return ""


def take(text: str, everybody: bool) -> None:
    """Imports a list of servers."""
    try:
        page.imported = mcp.import_servers(who, text, everybody=everybody)
    except HubError as error:
        page.imported = f"{error.message} {error.hint}".strip()


def open_dialog(what: str, id_: str) -> None:
    """Draws the open dialog."""
    match what:
        case "import":
            dialogs.import_dialog(admin, page.imported, take, page.close)
        case "export":
            dialogs.export_dialog(mcp.export_servers(who), page.close)
        case "remove":
            gone = mcp.server(who, id_).name
            dialogs.remove_dialog(gone, lambda: tried(lambda: act(who, "remove", id_)), page.close)
        case _:
            found = (mcp.server(who, id_), mcp.access(who, id_)) if id_ else None
            dialogs.edit_dialog(admin, found, partial(save, id_), page.close)


@st.fragment(run_every="2s")
def watch(before: list[tuple[str, str, int]]) -> None:
    """Draws the page again when a server comes, goes or offers something else."""
    if [mcp.shown(one) for one in mcp.cards(who)] != before:
        st.rerun()


def show_servers() -> None:
    """A card for each server, and ways to more of them."""
    found, asked = mcp.cards(who), None
    if wanted := server_bar(none=not found):
        page.dialog = (wanted, "")
    for card in found:
        asked = server_card(card, partial(mcp.log, who, card.server.id), now) or asked
    if asked and asked[0] in ("change", "remove"):
        page.dialog = asked[:2]
    elif asked:
        with st.spinner("Working on it"):
            page.said = tried(lambda: act(who, *asked))
        st.rerun()
    if page.dialog:
        open_dialog(*page.dialog)
    watch([mcp.shown(one) for one in found])


def show_permissions() -> None:
    """The rules, and a form for one more."""
    st.caption("What happens when a model calls a tool. Of several rules the one that says most counts.")
    rules = [rule for rule in decide.rules(who) if not rule.conversation]
    names = {one.stable_id: f"{one.title} · {one.group or 'The hub'}" for one in offered()}
    names |= {f"mcp:{one.server.id}/*": f"Everything of {one.server.name}" for one in mcp.cards(who)}
    if gone := permission_list(rules, names, admin=admin):
        drop = decide.drop_for_everybody if gone.by == "admin" else decide.drop_rule
        page.said = tried(lambda: drop(who, gone.id)) or "The rule is gone."
        st.rerun()
    if new := permission_form(names, admin=admin, key=page.added):
        put = decide.set_for_everybody if new.everybody else decide.set_rule
        page.said = tried(lambda: put(who, new.tool, new.permission, arguments=new.arguments)) or "The rule holds now."
        page.added += 1
        st.rerun()


with st.container(key="page_tools"):
    st.title("Tools", anchor=False)
    try:
        page.tell()
        parts = {"Tools": show_tools, "Servers": show_servers, "Permissions": show_permissions}
        parts[group_bar("Part", list(parts), key="part")]()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="tools_error")
