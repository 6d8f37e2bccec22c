"""Documents: collections that are read, cut into passages, found and cited. Every function takes who asks first.

A person reads their own collections and the shared ones, and changes their own. What does not exist and what is not
theirs look the same: NotFound.
"""

from __future__ import annotations

from collections.abc import Sequence

from hub.db.who import Who
from hub.documents.records import (
    Added,
    Collection,
    CollectionSettings,
    Comparison,
    Document,
    Findings,
    Markdown,
    PagePicture,
    Passage,
    Progress,
    Question,
)


def collections(who: Who, scope: str | None = None) -> tuple[Collection, ...]:
    """The collections that `who` may read, by name; with `scope` ("" or "project:ID") only their own of that scope and,
    for "", the shared ones."""
    raise NotImplementedError


def get_collection(who: Who, collection: str) -> Collection:
    """One collection that `who` may read."""
    raise NotImplementedError


def create_collection(
    who: Who, name: str, *, scope: str = "", shared: bool = False, settings: CollectionSettings | None = None
) -> Collection:
    """A new collection; BadInput for a name that is empty, too long or taken in its scope."""
    raise NotImplementedError


def change_collection(
    who: Who,
    collection: str,
    *,
    name: str | None = None,
    shared: bool | None = None,
    settings: CollectionSettings | None = None,
) -> Collection:
    """Changes what is given. Other chunk settings cut every document anew in the background; the old passages serve
    until then."""
    raise NotImplementedError


def delete_collection(who: Who, collection: str) -> None:
    """Removes a collection with its documents; `restore_collection` brings it back within a day."""
    raise NotImplementedError


def restore_collection(who: Who, collection: str) -> Collection:
    """Undoes `delete_collection`."""
    raise NotImplementedError


def documents(who: Who, collection: str) -> tuple[Document, ...]:
    """The documents of a collection, the newest first."""
    raise NotImplementedError


def get(who: Who, document: str) -> Document:
    """One document that `who` may read."""
    raise NotImplementedError


def progress(who: Who, collection: str) -> Progress:
    """How far the documents of a collection are."""
    raise NotImplementedError


def add_file(who: Who, collection: str, name: str, data: bytes) -> Added:
    """Stores a file and queues its reading. `name` may hold folders ("notes/today.md"). The same content again is a
    duplicate, other content under a known name a new version. BadInput for what is empty or too large."""
    raise NotImplementedError


def add_text(who: Who, collection: str, title: str, text: str) -> Added:
    """Stores pasted text (Markdown or plain) as a document."""
    raise NotImplementedError


def add_url(who: Who, collection: str, url: str) -> Added:
    """Fetches an address now (seconds; never on a drawing thread of many) and stores what it gives. BadInput with the
    reason for addresses that are private, too large, too slow, or of a kind that cannot be read."""
    raise NotImplementedError


def pause(who: Who, document: str) -> Document:
    """Halts a document that is on its way after the pages that are being worked on."""
    raise NotImplementedError


def resume(who: Who, document: str) -> Document:
    """Goes on with a paused document where it was."""
    raise NotImplementedError


def retry(who: Who, document: str) -> Document:
    """Tries a failed document again, from where it failed."""
    raise NotImplementedError


def cancel(who: Who, document: str) -> Document | None:
    """Gives up the newest version: the older one goes on serving; a document without one is removed (None)."""
    raise NotImplementedError


def remove(who: Who, document: str) -> None:
    """Takes a document out at once; `restore` brings it back within a day."""
    raise NotImplementedError


def restore(who: Who, document: str) -> Document:
    """Undoes `remove`."""
    raise NotImplementedError


def passages(who: Who, document: str) -> tuple[Passage, ...]:
    """The passages of a document in order, of the version that serves or of what is there so far."""
    raise NotImplementedError


def passage(who: Who, item: str) -> Passage:
    """One passage by its id (`Source.item` of a citation); NotFound when a newer version has replaced it."""
    raise NotImplementedError


def markdown(who: Who, document: str) -> Markdown:
    """The text of a document as it was read, with its page map."""
    raise NotImplementedError


def original(who: Who, document: str) -> bytes:
    """The file as it came."""
    raise NotImplementedError


def page_picture(who: Who, document: str, page: int, *, highlight: str = "") -> PagePicture:
    """A page of a PDF as a picture, with the lines that hold the text `highlight` (a passage's text). BadInput for
    documents that are no PDF."""
    raise NotImplementedError


def search(
    who: Who, question: str, chosen: Sequence[str], *, most: int | None = None, merged: bool = False
) -> Findings:
    """What `question` finds in the collections `chosen` that `who` may read; `most` defaults to their k. With `merged`
    passages that stand side by side come as one, as a prompt has them. StoreDown when the index is away."""
    raise NotImplementedError


def compare_settings(
    who: Who, collection: str, questions: Sequence[Question], first: CollectionSettings, second: CollectionSettings
) -> Comparison:
    """Cuts the collection with both settings in a scratch space and asks `questions`; what serves is not touched."""
    raise NotImplementedError
