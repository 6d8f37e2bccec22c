"""What is decided about tools, and what a person answered when a tool asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hub.turns import Permission

By = Literal["admin", "person"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for calls of a tool, by the pattern of its id ("mcp:<server>/*") and of its arguments.

    `arguments` names arguments and the pattern that their text must fit (`*` is anything); all of them must. A rule of
    an admin holds for everybody and can only be made stricter. `conversation` "" is everywhere. What allows a tool
    holds for the `version` of it that was looked at, "" for every one.
    """

    id: str
    tool: str
    permission: Permission
    arguments: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    conversation: str = ""
    version: str = ""
    by: By = "person"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What happens with a call, and a sentence that says who wants it so."""

    permission: Permission
    why: str = ""
