"""The form for a connection: which provider, and what that provider needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider that can be connected. `base_url` is its usual address, `key_page` where a key is made."""

    key: str
    title: str
    base_url: str = ""
    key_page: str = ""
    needs_key: bool = True
    asks_base_url: bool = False
    sign_in: str = ""
    """The address of a one-click sign-in, if there is one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was filled in. Empty strings are left to the provider's own values."""

    provider: str
    name: str = ""
    key: str = ""
    base_url: str = ""
    litellm_provider: str = ""


def connection_form(offers: Sequence[Offer], litellm_providers: Sequence[str], *, key: str = "connect") -> Wanted | None:
    """Draw the choice of providers and the fields of the chosen one; return what was sent, if anything."""
    by_key = {offer.key: offer for offer in offers}
    chosen = st.pills(
        "Provider",
        list(by_key),
        default=offers[0].key,
        format_func=lambda name: by_key[name].title,
        required=True,
        key=f"{key}_provider",
        label_visibility="collapsed",
        wrap=True,
    )
    offer = by_key[chosen or offers[0].key]
    if offer.sign_in:
        _sign_in(offer)
    with st.form(f"{key}_{offer.key}", border=False):
        litellm = _litellm(litellm_providers, key) if offer.key == "litellm" else ""
        url = _address(offer, key) if offer.asks_base_url or offer.key == "litellm" else ""
        secret = _key(offer, key)
        name = st.text_input("Name", key=f"{key}_name_{offer.key}", placeholder=f"{offer.title} (optional)")
        sent = st.form_submit_button(f"Connect {_short(offer)}", type="primary", icon=":material/add_link:")
    return Wanted(offer.key, name, secret, url, litellm) if sent else None


def change_form(offer: Offer, name: str, base_url: str, *, key: str = "change") -> Wanted | None:
    """The fields of a connection that exists; an empty key keeps the one that is stored."""
    with st.form(key, border=False):
        new_name = st.text_input("Name", name, key=f"{key}_name")
        url = base_url
        if offer.asks_base_url or not offer.needs_key:
            url = st.text_input("Address", base_url, key=f"{key}_url")
        secret = st.text_input("New key", key=f"{key}_key", type="password", placeholder="Empty keeps the present key")
        sent = st.form_submit_button("Save connection", type="primary")
    return Wanted(offer.key, new_name, secret, url) if sent else None


def _sign_in(offer: Offer) -> None:
    st.html(f'<a class="hub-button" href="{offer.sign_in}" target="_self">Sign in with {offer.title}</a>')
    st.caption(f"One click, no key to copy. Or paste a key from {offer.title}:")


def _key(offer: Offer, key: str) -> str:
    label = "Key" if offer.needs_key else "Key (if it asks for one)"
    return st.text_input(
        label,
        key=f"{key}_key_{offer.key}",
        type="password",
        autocomplete="off",
        placeholder="Paste the key; it is stored encrypted",
        help=f"Keys are made at {offer.key_page}" if offer.key_page else None,
    )


def _address(offer: Offer, key: str) -> str:
    optional = offer.key == "litellm"
    return st.text_input(
        "Address (optional)" if optional else "Address",
        offer.base_url,
        key=f"{key}_url_{offer.key}",
        placeholder="Only for providers with an address of your own" if optional else "https://host/v1",
    )


def _litellm(names: Sequence[str], key: str) -> str:
    found = st.selectbox("LiteLLM provider", names, index=None, key=f"{key}_litellm", placeholder="groq, bedrock, …")
    return found or ""


def _short(offer: Offer) -> str:
    return {"openai_compatible": "server", "litellm": "provider"}.get(offer.key, offer.title)
