"""The errors that reach a person: what happened, whether anything was lost, what to do next."""

from __future__ import annotations

from collections.abc import Callable


class HubError(Exception):
    """An error with a sentence for the person.

    `kind` is a stable snake_case word for programs, `message` says what happened, `hint` the next step.
    """

    kind = "error"

    def __init__(self, message: str, *, hint: str = "", kind: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if kind is not None:
            self.kind = kind

    @property
    def sentence(self) -> str:
        """What happened and the next step, for a place that shows both in one."""
        return f"{self.message} {self.hint}".strip()

    def record(self) -> dict[str, object]:
        """The stored and transmitted form: kind, message, hint."""
        return {"kind": self.kind, "message": self.message, "hint": self.hint}


class NotFound(HubError):
    """The thing does not exist, or does not belong to who asks: the two look the same from outside."""

    kind = "not_found"


class BadInput(HubError):
    """What was sent cannot be taken; the message says which part and why."""

    kind = "bad_input"


class StoreDown(HubError):
    """MongoDB or PostgreSQL does not answer; nothing was saved by the call that raised this."""

    kind = "store_down"


def tried(call: Callable[[], object]) -> str:
    """Calls; what went wrong in a sentence, "" for nothing."""
    try:
        call()
    except HubError as error:
        return error.sentence
    return ""
