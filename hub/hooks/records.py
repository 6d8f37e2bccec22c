"""What plugins hand over beside tools and context: loaders, exporters, pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.db.who import Who
from hub.models.types import Params
from hub.runs.records import Limits
from hub.turns import Said


@dataclass(frozen=True, slots=True)
class Guide:
    """How the answers of a conversation are made, where an agent answers in it.

    `attached` is everything that is attached to the conversation, with what the agent brings. `agent` is its id, with
    `name` and `version`, `draft` whether changes to it are being tried. `instructions` stand first in the system
    prompt. `model` ("" is none) and `params` are what a chat begins with or goes on with when it is handed over;
    `fallbacks` are asked when a model cannot answer. `schema` is a JSON schema that an answer must fit. `notices` are
    said on the answer.
    """

    attached: Mapping[str, Any]
    agent: str = ""
    draft: bool = False
    name: str = ""
    version: int = 0
    instructions: str = ""
    model: str = ""
    params: Params = field(default_factory=Params)
    fallbacks: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentLoader:
    """Turns the bytes of some kinds of files into Markdown.

    It takes files whose name ends in one of `endings` (".org", small letters), or whose MIME type, as the name tells
    it, is in `mimes`. `read` gets name and bytes, may run several times at once, and raises HubError with a sentence
    for a file that cannot be read.
    """

    name: str
    read: Callable[[str, bytes], str]
    endings: frozenset[str] = frozenset()
    mimes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it is exported: the open branch, oldest first. `model` of a message is the name that the person
    sees, hidden where a comparison hides it."""

    id: str
    title: str
    messages: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A form of conversations to take away: `name` stands on the button ("Org mode"), `ending` is of the file."""

    name: str
    ending: str
    write: Callable[[Talk], str | bytes]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to download."""

    name: str
    ending: str
    content: str | bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the navigation, at the address `/path`.

    `draw` is called with who looks, or is a Streamlit script that is run. `icon` is the name of a Material symbol,
    `words` more words that lead there in the palette. A page for `admins` is not there for others.
    """

    path: str
    title: str
    draw: Callable[[Who], None] | Path
    icon: str = "extension"
    words: str = ""
    admins: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A page with the name of its plugin."""

    plugin: str
    page: Page
