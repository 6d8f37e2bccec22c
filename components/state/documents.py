"""What the documents page remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from components.state.pages import script

DOCUMENTS = "documents_page"


@dataclass(slots=True)
class DocumentsState:
    """The documents page of one tab: how often something was added, so that the ways to add are empty again; what could
    not be added, with the reason; the passage that is open; the document that is open while it is being read."""

    added: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    said: str = ""
    panel: str = ""
    reading: str = ""

    leaving: str = ""
    """The document that was asked for in the panel."""

    def take(self, event: Mapping[str, Any]) -> None:
        """What was done in the panel."""
        self.panel = ""
        self.leaving = str(event.get("document", ""))

    def leave(self) -> None:
        """Go to the document that was asked for, if one was."""
        if self.leaving:
            document, self.leaving = self.leaving, ""
            st.switch_page(script("document"), query_params={"d": document})


def documents() -> DocumentsState:
    """The documents page's state, made on first use."""
    return cast(DocumentsState, st.session_state.setdefault(DOCUMENTS, DocumentsState()))
