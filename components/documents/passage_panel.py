"""The passage that was opened in a list, beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from components.source_panel import source_panel
from components.source_panel.words import shown_passage
from components.state import DocumentsState
from hub.documents.records import Cited
from hub.turns import Source


def passage_panel(
    page: DocumentsState, opened: str | None, sources: Mapping[str, Source], find: Callable[[Source], Cited]
) -> None:
    """Show the passage `opened`, or the one that was open, of those that are listed; `find` reads its document."""
    page.panel = opened or page.panel
    source = sources.get(page.panel)
    shown = shown_passage(page.panel, source, find(source)) if source else None
    source_panel(shown, on_event=page.take)
