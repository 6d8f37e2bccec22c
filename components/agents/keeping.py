"""The keys of a form's fields: a field keeps what is written in it as long as its key is the same."""

from __future__ import annotations

from collections.abc import Callable

Keep = Callable[[str], str]
"""Takes the name of a field; gives its key."""


def keeping(stamp: str) -> Keep:
    """Keys that begin with `stamp`, which changes when the form is filled anew. Values are given as defaults: one that
    is set through the session is lost when the browser has the field only after the next run."""
    return lambda name: f"{stamp}_{name}"
