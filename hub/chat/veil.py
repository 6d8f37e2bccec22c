"""Answers of a blind comparison: as long as `veiled` stands on one, nothing read of it tells which model it is from."""

from __future__ import annotations

from hub.db.mongo import Document

_TELLING = (
    "model",
    "params",
    "usage",
    "cost",
    "timing",
    "steps",
    "reasoning_ms",
    "finish",
    "notices",
    "context_used",
    "tokens",
)
"""What would give the model away: its name, price, speed, window."""
HIDDEN = {
    "kind": "veiled",
    "message": "This model could not answer.",
    "hint": "Try again. The reason is shown when the names are.",
    "retryable": True,
}


def called(document: Document) -> Document:
    """What an answer in the place of this one is called, and whether its name is hidden."""
    return {name: document[name] for name in ("letter", "veiled") if name in document}


def veil(document: Document) -> Document:
    """The stored message as it may be read: the same, or without what names the model."""
    letter = document.get("veiled")
    if not letter:
        return document
    shown = {name: value for name, value in document.items() if name not in _TELLING}
    return {**shown, "model_label": letter, **({"error": HIDDEN} if "error" in document else {})}


def veil_conversation(document: Document) -> Document:
    """The stored conversation as it may be read: sums and the model asked last say as much as a name."""
    if not document.get("veiled"):
        return document
    return {name: value for name, value in document.items() if name not in {"model", "params", "totals"}}
