"""Taking in a file: its size is checked, it is read, and it is stored."""

from __future__ import annotations

import mimetypes
from dataclasses import replace
from pathlib import PurePosixPath

from hub.db import disk
from hub.db.who import Who
from hub.errors import BadInput
from hub.files import loaders, read, store
from hub.files.records import File, Picture, Reading
from hub.settings import settings

LONGEST_NAME = 200


def add(who: Who, name: str, data: bytes) -> File:
    """Stores a file that a person attached, and what was read from it.

    The same content under the same name is stored once. Raises BadInput with a sentence for a file that is too large
    ("too_large") or cannot be read ("unreadable"), StoreDown when the disk is too full; nothing is stored then.
    """
    name = tidy(name)
    limit = settings().max_upload_mb
    if len(data) > limit * 1_000_000:
        raise BadInput(
            f"{name} has {len(data) / 1e6:,.1f} MB; {limit} MB are the most.",
            hint="Attach a part of it, or ask who runs this hub to raise HUB_MAX_UPLOAD_MB.",
            kind="too_large",
        )
    digest = store.digest(name, data)
    known = store.same(who, digest)
    if known is not None:
        return store.touch(who, known)
    disk.need_room(2 * len(data))  # the original, and the text that is read from it
    return store.insert(who, name, data, _read(name, data), digest)


def _read(name: str, data: bytes) -> Reading:
    """By a plugin's loader where there is one for it, else by the hub's own reader."""
    loaded = loaders.load(name, data)
    if loaded.reading:
        return replace(loaded.reading, warnings=(*loaded.said, *loaded.reading.warnings))
    own = read.read(name, data)
    return replace(own, warnings=(*loaded.said, *own.warnings))


def add_image(who: Who, name: str, mime: str, data: bytes) -> File:
    """Stores an image that a model made, as it is."""
    name = tidy(name + (mimetypes.guess_extension(mime) or ""))
    reading = Reading("image", mime, pictures=(Picture(mime, data),))
    return store.insert(who, name, data, reading, store.digest(name, data))


def add_unread(who: Who, name: str, mime: str, data: bytes) -> File:
    """Stores a file that a tool made and nothing can read, to be taken away. Raises BadInput for one too large."""
    name, limit = tidy(name), settings().max_upload_mb
    if len(data) > limit * 1_000_000:
        raise BadInput(f"{name} has {len(data) / 1e6:,.1f} MB; {limit} MB are the most.", kind="too_large")
    disk.need_room(len(data))
    digest = store.digest(name, data)
    known = store.same(who, digest)
    return store.touch(who, known) if known else store.insert(who, name, data, Reading("text", mime), digest)


def tidy(name: str) -> str:
    """A file name without folders, control characters or excess length."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(letter for letter in bare if letter.isprintable()).strip() or "file"
    if len(shown) <= LONGEST_NAME:
        return shown
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 12:
        return shown[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
