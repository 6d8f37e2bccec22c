"""Where pages are, for going there."""

from __future__ import annotations

from pathlib import Path


def script(name: str) -> Path:
    """The script of a page."""
    return Path(__file__).parents[2] / "pages" / f"{name}.py"
