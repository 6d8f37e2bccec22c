"""What is opened of what went into an answer, wherever answers stand: sources in the panel, the rest on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from components.state.shell import shell


class Beside(Protocol):
    """A page with a panel beside its answers: the open source is (message, its place there)."""

    panel: tuple[str, int] | None
    leaving: tuple[str, dict[str, str]] | None


def take_given(page: Beside, action: Mapping[str, Any]) -> bool:
    """Do what opens or closes something that went into an answer; False when `action` is something else."""
    match action:
        case {"kind": "source", "message": message, "at": at}:
            page.panel = (message, at)
        case {"kind": "step", "to": at} if page.panel:
            page.panel = (page.panel[0], at)
        case {"kind": "close"}:
            page.panel = None
        case {"kind": "open-document", "document": document}:
            page.leaving = ("document", {"d": document})
        case {"kind": "memory-wrong", "fact": fact}:
            shell().wrong = fact
        case {"kind": "open-page", "page": name, "query": query}:
            page.leaving = (str(name), dict(query))
        case {"kind": "open-fact", "fact": fact}:
            page.leaving = ("memory", {"fact": fact})
        case {"kind": "open-message", "conversation": conversation, "to": message}:
            page.leaving = ("chat", {"c": conversation, "m": message})
        case _:
            return False
    return True
