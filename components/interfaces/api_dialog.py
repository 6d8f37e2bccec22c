"""Adding an interface by its OpenAPI specification, and changing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.dialog import dialog
from components.error_note import error_note
from components.interfaces.group_list import sign_in_link
from components.markdown import label
from hub.tools.openapi.records import Access, How, Spec

HOWS: dict[How, str] = {
    "none": "Without a key",
    "header": "Key in a header",
    "query": "Key in the address",
    "bearer": "Bearer token",
    "basic": "Name and password",
    "client_credentials": "OAuth 2.0 client credentials",
    "authorization_code": "OAuth 2.0, each person signs in",
}
_OAUTH = {"client_credentials", "authorization_code"}
Problem = tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form holds: the specification as an address or a text, and how it is to be reached."""

    url: str
    text: str
    base_url: str
    name: str
    access: Access
    everybody: bool = False


Look = Callable[[str, str], Spec | tuple[str, str]]
"""What the specification at an address, or in a text, has; or what is wrong with it as (message, hint)."""


def add_dialog(look: Look, add: Callable[[Wanted], Problem], admin: bool, back: str, close: Callable[[], None]) -> None:
    """The form: first the specification, then what it has and how to sign in. `back` is the address that people come
    back to from a sign-in."""
    dialog("Add interface", close, partial(_add_form, look, add, admin, back, close), width="medium")


def _add_form(look: Look, add: Callable[[Wanted], Problem], admin: bool, back: str, close: Callable[[], None]) -> None:
    way = st.segmented_control("Specification", ["Address", "Text"], default="Address", required=True, key="api_way")
    url = text = ""
    if way == "Text":
        text = st.text_area("OpenAPI 3.0 or 3.1, JSON or YAML", key="api_text", height=220)
    else:
        example = "https://api.example.org/openapi.json"
        url = st.text_input("Address of the specification", key="api_url", placeholder=example)
    if not (url or text).strip():
        st.caption("Each operation becomes a tool that asks before it runs, until you decide otherwise.")
        return
    found = look(url.strip(), text)
    if isinstance(found, tuple):
        error_note(*found)
        return
    _shown(found)
    how = _how(found.access)
    with st.form("api_form", border=False):
        name = st.text_input("Name", found.title, key="api_name", max_chars=60)
        server = next(iter(found.servers), "")
        base_url = st.text_input("Address of the interface", server, key="api_base")
        access = _signing(how, found.access_by(how), back)
        everybody = st.checkbox("For everybody on this hub", key="api_everybody") if admin else False
        pressed = st.form_submit_button("Add interface", type="primary", key="api_add")
    if pressed:
        _end(add(Wanted(url.strip(), text, base_url.strip(), name, access, everybody)), close)


@dataclass(frozen=True, slots=True)
class Changing:
    """What can be done with an interface; `refresh` is there where its specification came from an address. `back` is
    the address that people come back to from a sign-in; `sign_in` is its id where the person can sign in on their own
    now, and `sign_out` is there where they are signed in."""

    name: str
    base_url: str
    access: Access
    key_hint: str
    save: Callable[[Wanted], Problem]
    refresh: Callable[[], Problem] | None
    remove: Callable[[], None]
    back: str = ""
    sign_in: str = ""
    sign_out: Callable[[], None] | None = None


def change_dialog(one: Changing, close: Callable[[], None]) -> None:
    """Name, address and key; reading the specification anew; removing it."""
    dialog("Change interface", close, partial(_change_form, one, close))


def _change_form(one: Changing, close: Callable[[], None]) -> None:
    how = _how(one.access)
    with st.form("api_form", border=False):
        called = st.text_input("Name", one.name, key="api_name", max_chars=60)
        address = st.text_input("Address of the interface", one.base_url, key="api_base")
        access = _signing(how, one.access, one.back, one.key_hint)
        saved = st.form_submit_button("Save interface", type="primary", key="api_save")
    if saved:
        _end(one.save(Wanted("", "", address.strip(), called, access)), close)
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.sign_in:
            sign_in_link(one.sign_in)
        if one.sign_out and st.button("Sign out", key="api_sign_out", icon=":material/logout:"):
            one.sign_out()
            close()
            st.rerun()
        if one.refresh and st.button("Read specification anew", key="api_refresh", icon=":material/refresh:"):
            _end(one.refresh(), close)
        if st.button("Remove interface", key="api_remove", icon=":material/delete:"):
            one.remove()
            close()
            st.rerun()


def _how(given: Access) -> How:
    hows = list(HOWS)
    return st.selectbox("Sign in", hows, index=hows.index(given.how), format_func=HOWS.__getitem__, key="api_how")


def _signing(how: How, given: Access, back: str, key_hint: str = "") -> Access:
    """What signing in needs."""
    kept = f"The key ending in {key_hint} stays" if key_hint and how == given.how else ""
    name = user = secret = token_url = scope = authorize_url = ""
    if how == "authorization_code":
        st.caption("Register a client there that people come back to at this address, and enter what you get.")
        st.code(back, language=None, wrap_lines=True)
    if how in {"header", "query"}:
        name = st.text_input("Name of the key", given.name, key="api_key_name", placeholder="X-API-Key")
    if how in {"basic", *_OAUTH}:
        label_ = "User name" if how == "basic" else "Client id"
        user = st.text_input(label_, given.user, key="api_user")
    if how != "none":
        words = {"basic": "Password", "client_credentials": "Client secret", "bearer": "Token"}
        words["authorization_code"] = "Client secret, if there is one"
        secret = st.text_input(words.get(how, "Key"), type="password", key="api_secret", placeholder=kept)
    if how == "authorization_code":
        authorize_url = st.text_input("Address of the sign-in", given.authorize_url, key="api_authorize_url")
    if how in _OAUTH:
        token_url = st.text_input("Address for tokens", given.token_url, key="api_token_url")
        scope = st.text_input("Scopes, separated by spaces", given.scope, key="api_scope")
    return Access(
        how, name.strip(), user.strip(), secret.strip(), token_url.strip(), scope.strip(), authorize_url.strip()
    )


def _shown(found: Spec) -> None:
    many = "1 tool" if len(found.operations) == 1 else f"{len(found.operations)} tools"
    with st.expander(f"{label(found.title)}: {many}", icon=":material/api:"):
        st.caption("  \n".join(f"`{one.name}` {label(one.description[:120])}" for one in found.operations[:60]))
        for sentence in found.left_out[:20]:
            st.caption(f":orange[{label(sentence)}]")


def _end(problem: Problem, close: Callable[[], None]) -> None:
    if problem:
        error_note(*problem)
    else:
        close()
        st.rerun()
