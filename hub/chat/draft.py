"""A message of a person that is checked and not stored yet."""

from __future__ import annotations

from dataclasses import dataclass

from hub.chat.records import Attachment


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it will be stored, its files, and what was changed to make it storable."""

    text: str
    files: tuple[Attachment, ...] = ()
    notices: tuple[str, ...] = ()
