"""What watchers may see of a target whose model is not to be known: its words, and that it has ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hub.runs.records import Event

FAILED = {
    "message": "This model could not answer.",
    "hint": "Try again. The reason is shown when the names are.",
}


def masked(batch: Sequence[Event], veiled: Collection[int]) -> list[Event]:
    """`batch` without what gives the targets in `veiled` away: usage, times, notices, the provider's errors."""
    shown = [_masked(event) if event.target in veiled else event for event in batch]
    return [event for event in shown if event is not None]


def _masked(event: Event) -> Event | None:
    match event.type:
        case "usage" | "notice" | "step" | "model":
            return None
        case "error":
            return event._replace(data=FAILED | {"kind": "veiled"})
        case "done":
            return event._replace(data={"status": event.data.get("status"), "finish": ""})
        case _:
            return event
