"""A file that cannot be taken, in a sentence."""

from __future__ import annotations


class Refusal(Exception):
    """`message` says why, `hint` the next step; both are shown to the person."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
