"""What a check of `hub doctor` gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: good, note (works, but worth knowing) or broken. `todo` is empty when nothing is to be done."""

    part: str
    state: Literal["good", "note", "broken"]
    says: str
    todo: str = ""
