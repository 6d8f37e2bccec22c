"""Readers of files that plugins bring. They run in this process: what comes of them is only text."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from hub import hooks
from hub.errors import BadInput, HubError
from hub.files.records import Reading

MOST_TEXT = 10_000_000
"""Characters of one file that are kept, as of the hub's own reader."""
MARKDOWN = "text/markdown"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What plugins made of a file: a reading, or None where none did, and then `said` for each that failed."""

    reading: Reading | None = None
    said: tuple[str, ...] = ()


def load(name: str, data: bytes) -> Loaded:
    """Has the first loader that takes the file read it; when it fails, the next, and at last nobody: the hub's own
    reader is the caller's business, with what was `said`. Raises what a loader says of the file (HubError)."""
    ending, mime = PurePosixPath(name).suffix.lower(), mimetypes.guess_type(name)[0]
    said: list[str] = []
    for plugin, loader in hooks.document_loaders():
        if not (ending and ending in loader.endings) and not (mime and mime in loader.mimes):
            continue
        try:
            return Loaded(_reading(loader.read(name, data)), tuple(said))
        except HubError as error:
            raise BadInput(error.message, hint=error.hint, kind="unreadable") from error
        except Exception as error:
            hooks.failed(plugin, f"loader {loader.name}", error)
            said.append(f"The plugin {plugin} could not read it ({type(error).__name__}).")
    return Loaded(said=tuple(said))


def _reading(text: Any) -> Reading:
    if not isinstance(text, str):
        raise TypeError(f"gave {type(text).__name__} where text belongs")
    sound = text.encode("utf-8", "replace").decode()
    kept = (f"Only the first {MOST_TEXT:,} of {len(text):,} characters were kept.",) if len(text) > MOST_TEXT else ()
    return Reading("text", MARKDOWN, sound[:MOST_TEXT], warnings=kept)
