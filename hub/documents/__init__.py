"""Documents: collections that are read, cut into passages, found and cited. Every function takes who asks first.

A person reads their own collections and the shared ones, and changes their own. What does not exist and what is not
theirs look the same: NotFound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hub.db.who import Who
from hub.documents import act, add, compare, find, holdings, show, store
from hub.documents.cited import cited as place_of
from hub.documents.records import (
    MOVING,
    Added,
    Cited,
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
from hub.turns import Source


def collections(who: Who, scope: str | None = None) -> tuple[Collection, ...]:
    """The collections that `who` may read, by name; with `scope` ("" or "project:ID") only their own of that scope and,
    for "", the shared ones."""
    return holdings.listed(who, holdings.readable(who, scope))


def get_collection(who: Who, collection: str) -> Collection:
    """One collection that `who` may read."""
    return holdings.listed(who, [holdings.row_of(who, collection)])[0]


def create_collection(
    who: Who, name: str, *, scope: str = "", shared: bool = False, settings: CollectionSettings | None = None
) -> Collection:
    """A new collection; BadInput for a name that is empty, too long or taken in its scope."""
    return holdings.listed(who, [holdings.create(who, name, scope, shared, settings)])[0]


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
    before, after = holdings.change(who, collection, name, shared, settings)
    act.cut_anew(before, after)
    return holdings.listed(who, [after])[0]


def delete_collection(who: Who, collection: str) -> None:
    """Removes a collection with its documents; `restore_collection` brings it back within a day."""
    holdings.mark_removed(who, collection)


def restore_collection(who: Who, collection: str) -> Collection:
    """Undoes `delete_collection`."""
    return holdings.listed(who, [holdings.mark_restored(who, collection)])[0]


def documents(who: Who, collection: str) -> tuple[Document, ...]:
    """The documents of a collection, the newest first."""
    row = holdings.row_of(who, collection)
    found = [store.record(one) for one in store.of_collection(row["_id"])]
    return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))


def get(who: Who, document: str) -> Document:
    """One document that `who` may read."""
    return store.record(store.row_of(who, document)[0])


def progress(who: Who, collection: str) -> Progress:
    """How far the documents of a collection are."""
    return _progress(documents(who, collection))


def add_file(who: Who, collection: str, name: str, data: bytes) -> Added:
    """Stores a file and queues its reading. `name` may hold folders ("notes/today.md"). The same content again is a
    duplicate, other content under a known name a new version. BadInput for what is empty or too large."""
    return add.add_file(who, collection, name, data)


def add_text(who: Who, collection: str, title: str, text: str) -> Added:
    """Stores pasted text (Markdown or plain) as a document."""
    return add.add_text(who, collection, title, text)


def add_url(who: Who, collection: str, url: str) -> Added:
    """Fetches an address now (seconds; never on a drawing thread of many) and stores what it gives. BadInput with the
    reason for addresses that are private, too large, too slow, or of a kind that cannot be read."""
    return add.add_url(who, collection, url)


def pause(who: Who, document: str) -> Document:
    """Halts a document that is on its way after the pages that are being worked on."""
    return act.pause(who, document)


def resume(who: Who, document: str) -> Document:
    """Goes on with a paused document where it was."""
    return act.resume(who, document)


def retry(who: Who, document: str) -> Document:
    """Tries a failed document again, from where it failed."""
    return act.retry(who, document)


def cancel(who: Who, document: str) -> Document | None:
    """Gives up the newest version: the older one goes on serving; a document without one is removed (None)."""
    return act.cancel(who, document)


def remove(who: Who, document: str) -> None:
    """Takes a document out at once; `restore` brings it back within a day."""
    act.remove(who, document)


def restore(who: Who, document: str) -> Document:
    """Undoes `remove`."""
    return act.restore(who, document)


def passages(who: Who, document: str) -> tuple[Passage, ...]:
    """The passages of a document in order, of the version that serves or of what is there so far."""
    return show.passages(who, document)


def passage(who: Who, item: str) -> Passage:
    """One passage by its id (`Source.item` of a citation); NotFound when a newer version has replaced it."""
    return show.passage(who, item)


def markdown(who: Who, document: str) -> Markdown:
    """The text of a document as it was read, with its page map."""
    return show.markdown(who, document)


def original(who: Who, document: str) -> bytes:
    """The file as it came."""
    return show.original(who, document)


def page_picture(who: Who, document: str, page: int, *, highlight: str = "") -> PagePicture:
    """A page of a PDF as a picture, with the lines that hold the text `highlight` (a passage's text). BadInput for
    documents that are no PDF."""
    return show.page_picture(who, document, page, highlight)


def cited(who: Who, source: Source) -> Cited:
    """Where a source of an answer stands in its document, for showing it. What is gone or has changed is said in the
    note, with the passage as it went in."""
    return place_of(who, source)


def search(
    who: Who, question: str, chosen: Sequence[str], *, most: int | None = None, merged: bool = False
) -> Findings:
    """What `question` finds in the collections `chosen` that `who` may read; `most` defaults to their k. With `merged`
    passages that stand side by side come as one, as a prompt has them. StoreDown when the index is away."""
    return find.search(who, question, chosen, most=most, merged=merged)


def compare_settings(
    who: Who, collection: str, questions: Sequence[Question], first: CollectionSettings, second: CollectionSettings
) -> Comparison:
    """Cuts the collection with both settings in a scratch space and asks `questions`; what serves is not touched."""
    return compare.compare(who, collection, questions, first, second)


def _progress(found: Sequence[Document]) -> Progress:
    moving = [one for one in found if one.state in MOVING or one.state == "paused"]
    return Progress(
        dict(Counter(one.state for one in found)), sum(one.done for one in moving), sum(one.total for one in moving)
    )
