"""Rows that every turn reads and hardly anybody changes, remembered by the process for some seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from hub.settings import settings

V = TypeVar("V")
MOST_OWNERS = 500


class Memo(Generic[V]):
    """Values by owner and key. A write of this process drops its owner's values at once; what another process writes is
    seen after `seconds` at the latest.

    Without it 50 turns in one second read the same connection, model and preference rows 600 times.
    """

    def __init__(self, seconds: float = 3.0) -> None:
        self._seconds = seconds
        self._owners: dict[tuple[str, str], dict[Hashable, tuple[float, V]]] = {}
        self._drops = 0
        self._lock = threading.Lock()

    def get(self, owner: str, key: Hashable, load: Callable[[], V]) -> V:
        """The remembered value, else what `load` returns; what it raises is not remembered."""
        place = (settings().mongo_database, owner)
        with self._lock:
            known = self._owners.get(place, {}).get(key)
            drops = self._drops
        if known is not None and time.monotonic() - known[0] < self._seconds:
            return known[1]
        began = time.monotonic()
        value = load()
        with self._lock:
            if drops == self._drops:  # else something was written while this was read
                if len(self._owners) >= MOST_OWNERS:
                    self._owners.clear()
                self._owners.setdefault(place, {})[key] = (began, value)
        return value

    def drop(self, owner: str) -> None:
        """Forgets everything of `owner`; call it after a write."""
        with self._lock:
            self._drops += 1
            self._owners.pop((settings().mongo_database, owner), None)
