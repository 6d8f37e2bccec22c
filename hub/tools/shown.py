"""Tools and their groups as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.turns import Permission


@dataclass(frozen=True, slots=True)
class ToolRow:
    """A tool. `tokens` is what its schema takes in a prompt; `chosen` what the person has decided of all its calls, ""
    for nothing, `usual` what holds without, and `why` who else wants it so."""

    id: str
    title: str
    name: str
    about: str
    icon: str
    tokens: int
    on: bool
    chosen: Permission | Literal[""]
    usual: Permission
    why: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group: `id` is that of its switch, `origin` where it comes from in words, `api` the interface behind it if
    there is one that may be changed. `sign_in` and `sign_out` are the interface behind it where the person is not
    signed in on their own yet, or is."""

    id: str
    name: str
    origin: str
    on: bool
    tools: tuple[ToolRow, ...]
    api: str = ""
    sign_in: str = ""
    sign_out: str = ""

    @property
    def tokens(self) -> int:
        """What all its tools take in a prompt."""
        return sum(tool.tokens for tool in self.tools)
