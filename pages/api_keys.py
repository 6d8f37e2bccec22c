"""Keys with which programs use the hub in a person's name."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.api_keys import KeyRow, api_keys
from components.clock import long_ago, viewer_now
from components.error_note import error_note
from components.state import script
from hub import people
from hub.errors import HubError, StoreDown

who, page = state.who(), state.settings()


def rows() -> list[KeyRow]:
    """The keys as they are listed."""
    now, found = viewer_now(), people.api_keys(who)
    used = {one.id: f"used {long_ago(one.used_at, now)}" if one.used_at else "never used" for one in found}
    return [KeyRow(one.id, one.name, one.hint, long_ago(one.created_at, now), used[one.id]) for one in found]


def do(what: str, about: str) -> None:
    """Make or end a key; the text of a new one is shown until it is hidden."""
    page.key = people.create_api_key(who, about)[1] if what == "create" else ""
    if what == "revoke":
        people.revoke_api_key(who, about)


with st.container(key="page_settings"):
    if st.button("Settings", icon=":material/arrow_back:", type="tertiary", key="back"):
        st.switch_page(script("settings"), query_params={"group": "Account"})
    st.title("API keys", anchor=False)
    try:
        if asked := api_keys(rows(), page.key):
            do(*asked)
            st.rerun()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="keys_error")
