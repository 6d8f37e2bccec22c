"""Whether what was found holds an answer."""

from __future__ import annotations

from collections.abc import Sequence

from hub.documents.records import Found

THRESHOLD = 0.0


def sure(question: str, found: Sequence[Found]) -> float:
    """placeholder until measured"""
    return 1.0 if found else 0.0
