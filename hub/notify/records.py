"""A place that a person is told through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel, without its address, which may hold a key. `kind` is the service ("ntfy"), `shown` the address with
    what is secret left out; `trouble` says why the last message did not arrive ("" it did, or none was sent)."""

    id: str
    name: str
    kind: str
    shown: str
    trouble: str = ""
    sent_at: datetime | None = None
