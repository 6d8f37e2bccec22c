"""What the page of interfaces remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import streamlit as st

INTERFACES = "interfaces_page"


@dataclass(slots=True)
class InterfacesState:
    """The page of one tab: the open dialog ("add", "change" or "engine") with the interface that it is about."""

    dialog: tuple[str, str] | None = None

    def open(self, what: str, id: str = "") -> None:
        """Have a dialog open from now on."""
        self.dialog = (what, id)

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog = None


def interfaces() -> InterfacesState:
    """The page's state, made on first use."""
    return cast(InterfacesState, st.session_state.setdefault(INTERFACES, InterfacesState()))


def origin() -> str:
    """Where the hub is reached from this tab, without a slash at the end."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}"
