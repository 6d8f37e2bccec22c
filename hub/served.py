"""What rooms give to programs that come with a person's API key (`hub.web.mcp`), through `hub.hooks`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ServedTool:
    """A tool for other programs. `call` takes arguments that fit the JSON schema `parameters` and returns text; it runs
    on a thread and may raise HubError. `reads`: it changes nothing."""

    name: str
    description: str
    parameters: dict[str, Any] = field(hash=False)
    call: Callable[[dict[str, Any]], str]
    reads: bool = True


@dataclass(frozen=True, slots=True)
class ServedResource:
    """Something for other programs to read, such as a skill; `read` returns its text, on a thread. One that is not
    `listed` is read by whoever was told its address."""

    uri: str
    name: str
    description: str
    read: Callable[[], str]
    mime: str = "text/markdown"
    listed: bool = True
