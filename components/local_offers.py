"""Model servers that were found on this machine, each to be connected with one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Found:
    """A server that answers: the provider's key and title, where it is, the names of its models."""

    provider: str
    title: str
    base_url: str
    models: tuple[str, ...] = ()


def local_offers(servers: Sequence[Found], *, key: str = "local") -> Found | None:
    """Draw one line a server; return the one to connect in the run in which its button was pressed."""
    wanted = None
    for server in servers:
        with st.container(
            border=True,
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key=f"card_{key}_{server.base_url}",
        ):
            with st.container(width="content", gap=None):
                st.markdown(f":material/lan: **{server.title}** answers on this machine")
                st.caption(f"`{server.base_url}`  ·  {_models(server.models)}")
            if st.button(f"Connect {server.title}", key=f"{key}_{server.base_url}"):
                wanted = server
    return wanted


def _models(names: Sequence[str]) -> str:
    if not names:
        return "no model loaded"
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return ", ".join(f"`{name}`" for name in names[:2]) + more
