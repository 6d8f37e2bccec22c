"""Room on the disk that the embedded stores write to: better to refuse in words than to let a store run dry."""

from __future__ import annotations

import shutil
from urllib.parse import urlsplit

from hub.errors import StoreDown
from hub.settings import settings

LEAST_FREE = 64_000_000
"""Bytes that stay free for the answers that are being written: a store that cannot write its log breaks down."""


def free() -> int | None:
    """Bytes that are free where the hub stores things; None when the database is on another machine."""
    address = urlsplit(settings().mongo_url)
    if address.hostname not in {"127.0.0.1", "localhost", "::1"}:
        return None
    try:
        return shutil.disk_usage(settings().data).free
    except FileNotFoundError:
        return None


def full(least: int = LEAST_FREE) -> bool:
    """Whether less than `least` bytes are free."""
    left = free()
    return left is not None and left < least


def need_room(more: int = 0) -> None:
    """Raises StoreDown (kind "disk_full") when `more` bytes would not leave enough for what goes on."""
    if full(LEAST_FREE + more):
        raise StoreDown(
            f"The hub's disk is full: {(free() or 0) / 1e6:,.0f} MB are left. Nothing was saved.",
            hint="Free some space, then send it again.",
            kind="disk_full",
        )
