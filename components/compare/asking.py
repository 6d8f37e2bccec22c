"""The composer of the page that compares models, and above it what did not work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components.compare import views
from components.composer import composer
from components.state import CompareState
from hub.chat.records import Opened
from hub.compare.records import Shown


def asking(
    found: Opened,
    shown: Shown | None,
    page: CompareState,
    person: str,
    *,
    max_mb: int,
    on_event: Callable[[dict[str, Any]], None],
) -> None:
    """Draw where `person` asks the columns of `shown`, or those of the comparison that there is not yet."""
    said = shown.panes[0].messages if shown else ()
    composer(
        place=page.place,
        person=person,
        conversation=page.comparison,
        model=None,
        temporary=True,
        running=shown.running if shown else (),
        prompts=found.prompts,
        commands=(),
        recall=[message.text for message in said if message.role == "user"],
        enter_sends=found.likes.enter_sends,
        when_running="now",
        whom=[(one.pane.id, views.pane_name(one.pane)) for one in shown.panes] if shown else (),
        max_mb=max_mb,
        placeholder="Ask them all, or / for prompts",
        on_event=on_event,
    )
