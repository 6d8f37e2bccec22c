"""What reading gives: the child's side of `hub.files.records.Reading`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Found:
    """`kind` is text, image or pages; `pictures` are (mime, bytes); `warnings` are sentences for the person."""

    kind: str
    mime: str
    text: str = ""
    pictures: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    warnings: list[str] = field(default_factory=list[str])
    pages: int | None = None
