"""What the page of tools remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from hub.mcp.records import Imported

TOOLS = "tools_page"


@dataclass(slots=True)
class ToolsState:
    """The page of tools of one tab: the open dialog with the server that it is about, what came of an import (or what
    is wrong with it), how many rules were added, and what is to be said once."""

    dialog: tuple[str, str] | None = None
    imported: Sequence[Imported] | str = ()
    added: int = 0
    said: str = ""

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog, self.imported = None, ()

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said)
            self.said = ""


def tools() -> ToolsState:
    """The page's state, made on first use."""
    return cast(ToolsState, st.session_state.setdefault(TOOLS, ToolsState()))
