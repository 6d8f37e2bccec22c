"""The composer of the page that compares models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from components.compare import views
from components.composer import composer
from components.state import CompareState
from hub.chat.records import Opened
from hub.compare.records import Shown
from hub.documents.records import Collection
from hub.mcp.records import Offering


def asking(
    found: Opened,
    shown: Shown | None,
    page: CompareState,
    person: str,
    *,
    shelf: Sequence[Collection],
    servers: Sequence[Offering],
    max_mb: int,
    on_event: Callable[[dict[str, Any]], None],
) -> None:
    """Draw where `person` asks the columns of `shown`, or those of the comparison that there is not yet, which may read
    the collections on the `shelf`; what `servers` have can be put into the message."""
    said = shown.panes[0].messages if shown else ()
    composer(
        place=page.place,
        person=person,
        conversation=page.comparison,
        model=None,
        temporary=bool(shown and shown.comparison.temporary),
        shelf=shelf,
        attached=shown.comparison.attached if shown else page.attached,
        running=shown.running if shown else (),
        prompts=found.prompts,
        servers=servers,
        commands=(),
        recall=[message.text for message in said if message.role == "user"],
        enter_sends=found.likes.enter_sends,
        when_running="now",
        whom=[(one.pane.id, views.pane_name(one.pane)) for one in shown.panes] if shown else (),
        max_mb=max_mb,
        placeholder="Ask them all, or / for prompts",
        on_event=on_event,
    )
