"""Dialogs of servers: add, change, import, export, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.dialog import dialog
from components.mcp.server_form import server_form
from components.mcp.words import plain
from hub.mcp.records import Access, Draft, Imported, Server

Save = Callable[[Draft], str]
"""Stores a server; what was wrong with it, "" for nothing."""


def edit_dialog(admin: bool, found: tuple[Server, Access] | None, save: Save, close: Callable[[], None]) -> None:
    """The form of a new server, or of one that is there."""

    def draw() -> None:
        sent = server_form(admin, found)
        if sent is None:
            return
        if problem := sent if isinstance(sent, str) else save(sent):
            st.error(problem, icon=":material/error:")
        else:
            close()
            st.rerun()

    dialog("Change server" if found else "Add MCP server", close, draw)


def import_dialog(
    admin: bool, done: Sequence[Imported] | str, take: Callable[[str, bool], None], close: Callable[[], None]
) -> None:
    """Pasting or choosing a list, handed to `take`; `done` is what came of each of its servers, or what is wrong."""

    def draw() -> None:
        if done and not isinstance(done, str):
            _done(done)
            if st.button("Show servers", type="primary", key="mcp_import_done"):
                close()
                st.rerun()
            return
        with st.form("mcp_import", border=False):
            text = st.text_area(
                "List of servers",
                key="mcp_json",
                height=220,
                placeholder='{"mcpServers": {"files": {"command": "npx", "args": ["-y", "…"]}}}',
            )
            st.caption("The JSON of Claude Desktop, Cursor or VS Code.")
            file = st.file_uploader("Or its file", type="json", key="mcp_file")
            everybody = admin and st.toggle("For everybody on this hub", key="mcp_import_everybody")
            with st.container(horizontal=True, horizontal_alignment="right"):
                sent = st.form_submit_button("Import servers", type="primary")
        if isinstance(done, str) and done:
            st.error(done, icon=":material/error:")
        if sent:
            take(file.getvalue().decode("utf-8", "replace") if file else text, everybody)
            st.rerun()

    dialog("Import MCP servers", close, draw, width="medium")


def _done(done: Sequence[Imported]) -> None:
    for one in done:
        icon = ":green[:material/check_circle:]" if one.id else ":orange[:material/info:]"
        st.markdown(f"{icon} **{plain(one.name)}**  {plain(one.said)}")
    st.caption("Nothing is connected yet: test a server to see its tools.")


def export_dialog(text: str, close: Callable[[], None]) -> None:
    """The person's own servers as JSON."""

    def draw() -> None:
        st.caption("Your own servers. Every secret is a blank such as `${API_KEY}`.")
        st.code(text, language="json", height=320)
        st.download_button("Download list", text, "mcp.json", "application/json", type="primary", key="mcp_download")

    dialog("Export MCP servers", close, draw, width="medium")


def remove_dialog(name: str, remove: Callable[[], str], close: Callable[[], None]) -> None:
    """Keys and sign-ins cannot be brought back, so this asks first."""

    def draw() -> None:
        st.markdown(f"**{plain(name)}**, its keys, sign-ins and log are deleted for good. Your chats stay as they are.")
        st.caption("To keep it for later, turn it off instead.")
        with st.container(horizontal=True, horizontal_alignment="right"):
            kept = st.button("Keep server", key="mcp_keep")
            gone = st.button("Remove server", type="primary", key="mcp_remove")
        problem = remove() if gone else ""
        if problem:
            st.error(problem, icon=":material/error:")
        elif kept or gone:
            close()
            st.rerun()

    dialog("Remove server", close, draw)
