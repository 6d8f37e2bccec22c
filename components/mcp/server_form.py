"""The form of a server: by its address, or a program on this machine."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import streamlit as st

from hub.mcp.records import Access, Draft, Server, Transport

ADDRESS, PROGRAM = "Address", "Program"


def server_form(admin: bool, found: tuple[Server, Access] | None = None) -> Draft | str | None:
    """Draw the form, filled in with `found`; what was sent, or a sentence about what cannot be read of it."""
    server, access = found or (None, Access())
    kinds = [ADDRESS, PROGRAM] if admin else [ADDRESS]
    first = PROGRAM if server and server.transport == "stdio" else ADDRESS
    kind = first
    if len(kinds) > 1 and server is None:
        kind = st.segmented_control("Reached by", kinds, default=first, required=True, key="mcp_kind") or first
    with st.form("mcp_form", border=False):
        name = st.text_input("Name", server.name if server else "", key="mcp_name", placeholder="Issues")
        made = _program(access) if kind == PROGRAM else _address(access, server)
        trusts = st.toggle(
            "Run tools that call themselves read-only without asking",
            server.trusts_hints if server else False,
            key="mcp_trusts",
        )
        everybody = admin and st.toggle(
            "For everybody on this hub", server.everybody if server else False, key="mcp_everybody"
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            sent = st.form_submit_button("Save server" if server else "Add server", type="primary")
    if not sent:
        return None
    if isinstance(made, str):
        return made
    transport, wanted = made
    return Draft(name.strip() or _name(wanted), transport, wanted, everybody=everybody, trusts_hints=trusts)


def _address(access: Access, server: Server | None) -> tuple[Transport, Access] | str:
    url = st.text_input("Address", access.url, key="mcp_url", placeholder="https://mcp.example.com/mcp")
    headers = st.text_area(
        "Headers",
        _lines(access.headers, ": "),
        key="mcp_headers",
        height=80,
        placeholder="Authorization: Bearer …",
        help="One a line. They are encrypted and not shown again; leave a value empty to keep it.",
    )
    with st.expander("More", type="compact"):
        old = st.toggle(
            "It speaks the older server-sent events", bool(server and server.transport == "sse"), key="mcp_sse"
        )
        client = st.text_input(
            "Client ID for signing in",
            access.client_id,
            key="mcp_client",
            help="Only where one was registered by hand.",
        )
        secret = st.text_input("Client secret", type="password", key="mcp_secret", autocomplete="off")
    read = _pairs(headers, ":")
    if read is None:
        return "A header has to look like “Name: value”. Nothing was saved."
    return "sse" if old else "http", Access(
        url=url, headers=read, client_id=client.strip(), client_secret=secret.strip()
    )


def _program(access: Access) -> tuple[Transport, Access] | str:
    line = shlex.join((access.command, *access.args)) if access.command else ""
    typed = st.text_input("Command", line, key="mcp_command", placeholder="npx -y @example/server /data")
    variables = st.text_area(
        "Variables",
        _lines(access.env, "="),
        key="mcp_env",
        height=80,
        placeholder="API_KEY=…",
        help="One a line. They are encrypted and not shown again; leave a value empty to keep it.",
    )
    st.caption(
        "It runs on this machine with the rights of the hub, limited in memory and files. Add only what you trust."
    )
    env = _pairs(variables, "=")
    if env is None:
        return "A variable has to look like “NAME=value”. Nothing was saved."
    try:
        command, *args = shlex.split(typed) or [""]
    except ValueError:
        return "The command has a quote that is not closed. Nothing was saved."
    return "stdio", Access(command=command, args=tuple(args), env=env)


def _lines(pairs: Mapping[str, str], between: str) -> str:
    return "\n".join(f"{name}{between}{value}".rstrip() for name, value in pairs.items())


def _pairs(text: str, between: str) -> dict[str, str] | None:
    made: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, found, value = line.partition(between)
        if not found:
            return None
        made[name.strip()] = value.strip()
    return made


def _name(access: Access) -> str:
    return access.url.split("/")[2] if access.url.count("/") > 2 else access.url or access.command.rsplit("/", 1)[-1]
