"""What a stored file is, and what reading it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FileKind = Literal["text", "image", "pages"]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a person. `kind`: text (its text was read), image, or pages (a document that is only pictures).

    `how` says in words how it will go into a prompt, `warning` what the person should know; `tokens` is an estimate
    of the whole. `size` is bytes of the original.
    """

    id: str
    name: str
    mime: str
    size: int
    kind: FileKind
    created_at: datetime
    how: str = ""
    tokens: int = 0
    warning: str = ""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that goes into prompts: scaled, without metadata."""

    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found in a file."""

    kind: FileKind
    mime: str
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[str, ...] = ()
    pages: int | None = None
