"""What a person does with an account: password, sessions; and the form for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import streamlit as st

from components.state import script


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser as it is listed. `current` is this one."""

    id: str
    device: str
    address: str
    seen: str
    current: bool = False


def no_accounts() -> None:
    """A hub of one person, and how to change that."""
    st.markdown("This hub has no accounts: whoever sits at this machine is its one owner.")
    st.caption(
        "To ask for sign-in, make the first account; it becomes the admin and keeps everything that is here. "
        "`HUB_AUTH=on`, or a `HUB_HOST` that others can reach, asks for it at the next start."
    )
    st.html('<a class="hub-button" href="/setup" target="_self">Make the first account</a>')
    _keys()


def signed_in(name: str, role: str) -> None:
    """Who this is, and the way out."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{plain(name)}**")
            st.caption("Admin" if role == "admin" else "Member")
        with st.container(width="content"):
            st.html('<a class="hub-button" href="/logout" target="_self">Sign out</a>')
    _keys()


def _keys() -> None:
    """The way to the keys for programs."""
    if st.button("Manage API keys", icon=":material/key:", key="manage_keys"):
        st.switch_page(script("api_keys"))


def plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()#+-.!|<>~$:" else char for char in text)


def session_list(rows: Sequence[SessionRow]) -> str | None:
    """One row for each session; the id of the one to end, if that was asked for."""
    ended: str | None = None
    st.subheader("Where you are signed in", anchor=False)
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card_session_{row.id}"):
            with st.container(gap=None):
                st.markdown(f"**{row.device}**" + ("  :green-badge[this browser]" if row.current else ""))
                st.caption(f"{row.address}  ·  last used {row.seen}")
            if not row.current and st.button("End session", key=f"session_{row.id}"):
                ended = row.id
    return ended


def password_form(*, key: str = "password") -> tuple[str, str] | None:
    """The present and the new password, once they were sent and the new one was repeated right."""
    st.subheader("Password", anchor=False)
    with st.form(key, border=False, clear_on_submit=True):
        old = st.text_input("Present password", type="password", key=f"{key}_old", autocomplete="current-password")
        new = st.text_input("New password", type="password", key=f"{key}_new", autocomplete="new-password")
        again = st.text_input("New password again", type="password", key=f"{key}_again", autocomplete="new-password")
        sent = st.form_submit_button("Change password", type="primary")
    if sent and new != again:
        st.error("The two new passwords differ. Nothing was changed.", icon=":material/error:")
        return None
    return (old, new) if sent else None


def person_form(*, key: str = "person") -> tuple[str, str, Literal["admin", "member"]] | None:
    """Name, first password and role of a new account. What was typed stays until `key` is another."""
    st.subheader("Create an account", anchor=False)
    with st.form(key, border=False):
        name = st.text_input("Name", key=f"{key}_name", autocomplete="off")
        password = st.text_input("First password", type="password", key=f"{key}_password", autocomplete="new-password")
        role = st.segmented_control(
            "Role", ["member", "admin"], default="member", required=True, format_func=str.capitalize, key=f"{key}_role"
        )
        sent = st.form_submit_button("Create account", type="primary")
    return (name, password, cast(Literal["admin", "member"], role)) if sent else None
