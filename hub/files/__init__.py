"""Attached files: `add` reads and stores one, the others give it back. All take who asks first."""

from hub.files.attach import add, add_image, add_unread, tidy
from hub.files.read import close
from hub.files.records import File, Picture, Reading
from hub.files.store import INDEXES, content, forget_person, get, keep, many, pictures, release, remove, sweep, text

__all__ = [
    "INDEXES",
    "File",
    "Picture",
    "Reading",
    "add",
    "add_image",
    "add_unread",
    "close",
    "content",
    "forget_person",
    "get",
    "keep",
    "many",
    "pictures",
    "release",
    "remove",
    "sweep",
    "text",
    "tidy",
]
