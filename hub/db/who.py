"""Who asks: the first argument of every store query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["admin", "member"]


@dataclass(frozen=True, slots=True)
class Who:
    """A signed-in person. `id` is the owner written on every stored thing."""

    id: str
    name: str
    role: Role = "member"


OWNER = Who("owner", "Owner", "admin")
"""The one person of a hub without accounts."""
