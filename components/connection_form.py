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


_SHORT = {"openai_compatible": "Other server", "litellm": "LiteLLM"}
_ABOUT = {
    "openrouter": "One key for hundreds of models of all large providers.",
    "openai_compatible": "Any server that speaks the OpenAI protocol: a company gateway, Groq, Together, your own.",
    "litellm": "Any of the providers that LiteLLM knows, by its name.",
    "ollama": "Ollama on this machine or in your network.",
    "lmstudio": "LM Studio on this machine or in your network. Start its local server first.",
    "llamacpp": "A llama.cpp server on this machine or in your network.",
    "vllm": "A vLLM server on this machine or in your network.",
}


def connection_form(
    offers: Sequence[Offer], litellm_providers: Sequence[str], *, key: str = "connect"
) -> Wanted | None:
    """Draw the choice of providers and the fields of the chosen one; return what was sent, if anything."""
    by_key = {offer.key: offer for offer in offers}
    chosen = st.pills(
        "Provider",
        list(by_key),
        default=offers[0].key,
        format_func=lambda name: _SHORT.get(name, by_key[name].title),
        required=True,
        key=f"{key}_provider",
        label_visibility="collapsed",
        wrap=True,
    )
    offer = by_key[chosen or offers[0].key]
    if offer.key in _ABOUT:
        st.caption(_ABOUT[offer.key])
    if offer.sign_in:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            address = f'<a class="hub-button" href="{offer.sign_in}" target="_self">Sign in with {offer.title}</a>'
            st.html(address, width="content")
            st.caption("Nothing to copy. Or paste a key below.", width="content")
    with st.form(f"{key}_{offer.key}", border=False), st.container(gap="small"):
        litellm = _litellm(litellm_providers, key) if offer.key == "litellm" else ""
        url = _address(offer, key) if offer.asks_base_url or offer.key == "litellm" else ""
        secret = _key(offer, key)
        name = st.text_input(
            "Name (optional)", key=f"{key}_name_{offer.key}", placeholder=_SHORT.get(offer.key, offer.title)
        )
        sent = st.form_submit_button(f"Connect {_short(offer)}", type="primary", key=f"{key}_send_{offer.key}")
    return Wanted(offer.key, name, secret, url, litellm) if sent else None


def change_form(offer: Offer, name: str, base_url: str, key_hint: str = "", *, key: str = "change") -> Wanted | None:
    """The fields of a connection that exists; an empty key keeps the one that is stored."""
    keep = f"Empty keeps the key that ends in {key_hint}" if key_hint else "Empty keeps the present key"
    with st.form(key, border=False):
        new_name = st.text_input("Name", name, key=f"{key}_name")
        url = st.text_input("Address", base_url, key=f"{key}_url")
        secret = st.text_input("New key", key=f"{key}_key", type="password", autocomplete="off", placeholder=keep)
        sent = st.form_submit_button("Save connection", type="primary", key=f"{key}_send")
    return Wanted(offer.key, new_name, secret, url) if sent else None


def _key(offer: Offer, key: str) -> str:
    entered = st.text_input(
        "Key" if offer.needs_key else "Key (if it asks for one)",
        key=f"{key}_key_{offer.key}",
        type="password",
        autocomplete="off",
        placeholder="Paste the key; it is stored encrypted",
    )
    if offer.key_page:
        st.markdown(f":small[Make one at [{offer.key_page.removeprefix('https://')}]({offer.key_page}).]")
    return entered


def _address(offer: Offer, key: str) -> str:
    optional = offer.key == "litellm"
    return st.text_input(
        "Address (optional)" if optional else "Address",
        offer.base_url,
        key=f"{key}_url_{offer.key}",
        placeholder="Only for providers with an address of your own" if optional else "https://host/v1",
    )


def _litellm(names: Sequence[str], key: str) -> str:
    found = st.selectbox("Provider", names, index=None, key=f"{key}_litellm", placeholder="groq, bedrock, deepseek")
    return found or ""


def _short(offer: Offer) -> str:
    return {"openai_compatible": "server", "litellm": "provider"}.get(offer.key, offer.title)
