"""Prompt sets: make, look, save as a new version, delete for a day with a way back.

Saving names the version that it began from; when somebody else has saved since, it is refused and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from bson import ObjectId

from hub import files
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import HubError
from hub.evals import set_content, store_sets
from hub.evals.records import PromptSet, Row, SetDraft

DELETED_FOR = timedelta(days=1)


def sets(who: Who) -> tuple[PromptSet, ...]:
    """The person's prompt sets, what was changed last first."""
    found = [set_content.head(one) for one in store_sets.heads(who)]
    return tuple(sorted(found, key=lambda one: (one.updated_at, one.id), reverse=True))


def get_set(who: Who, set_id: str, version: int | None = None) -> PromptSet:
    """A prompt set in one of its versions, the newest for None; raises NotFound."""
    return set_content.head(store_sets.version(who, set_id, version))


def versions(who: Who, set_id: str) -> tuple[PromptSet, ...]:
    """Every version of a set, the newest first."""
    return tuple(map(set_content.head, store_sets.versions(who, set_id)))


def set_rows(
    who: Who, set_id: str, version: int | None = None, first: int = 0, count: int | None = 50
) -> tuple[Row, ...]:
    """`count` rows of a version from position `first` on, all for None."""
    names = store_sets.hashes(store_sets.version(who, set_id, version))
    return tuple(_read(names[first:] if count is None else names[first : first + count]))


def every_row(who: Who, set_id: str, version: int | None = None, ids: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of a version in order without holding all of them; with `ids` only those. Ids that the version does not
    have are left out."""
    found = store_sets.version(who, set_id, version)
    names = store_sets.hashes(found)
    if ids is not None:
        wanted = set(ids)
        names = [name for name, id_ in zip(names, set_content.ids(found), strict=True) if id_ in wanted]
    return _read(names)


def draft_of(who: Who, set_id: str, version: int | None = None) -> SetDraft:
    """A version as a person would write it, to be changed and saved, or made into another set."""
    found = store_sets.version(who, set_id, version)
    head = set_content.head(found)
    rows = tuple(_read(store_sets.hashes(found)))
    return SetDraft(head.name, rows, head.templates, head.checks, head.description)


def create_set(who: Who, draft: SetDraft) -> PromptSet:
    """A new prompt set; raises BadInput with what cannot be taken, and its row."""
    draft = set_content.checked(draft)
    time, identity = now(), ObjectId()
    document: Document = {"_id": identity, "version": 1, "created_at": time, "updated_at": time}
    document |= set_content.fields(draft) | _put(who, identity, draft.rows, known=())
    store_sets.insert(who, document)
    return set_content.head(document)


def save_set(who: Who, set_id: str, draft: SetDraft, expect: int) -> PromptSet:
    """Makes `draft` the next version of a set whose newest one is `expect`; a draft that changes nothing makes none.

    Raises BadInput with what cannot be taken, and HubError ("conflict") when the set has moved on: nothing is saved.
    """
    found = store_sets.head(who, set_id)
    if found["version"] != expect:
        raise _moved(found["name"], expect)
    return _save(who, found, set_content.checked(draft))


def add_rows(who: Who, set_id: str, rows: Sequence[Row]) -> PromptSet:
    """Appends rows as a new version, whatever the newest one is. A row whose id is taken gets another."""
    found = store_sets.head(who, set_id)
    head = set_content.head(found)
    taken = set_content.ids(found)
    added = set_content.checked(SetDraft(head.name, tuple(rows)), taken=taken).rows
    set_content.check_count(len(taken) + len(added))
    put = _put(who, found["_id"], added, known=())
    lists = {
        "order": found["order"] + put["order"],
        "ids": "\n".join(filter(None, (found["ids"], put["ids"]))),
        "rows": len(taken) + len(added),
    }
    return _move_on(who, found, lists)


def put_set(who: Who, draft: SetDraft) -> PromptSet:
    """The set of this name with the content of `draft`: a new version where it differs, a new set where there is none.

    The command line brings files in with it, so that each run of the same file is of the same set.
    """
    named = [one for one in sets(who) if one.name == set_content.name(draft.name)]
    return (
        _save(who, store_sets.head(who, named[0].id), set_content.checked(draft)) if named else create_set(who, draft)
    )


def delete_set(who: Who, set_id: str) -> PromptSet:
    """Takes a set out of sight; within a day `restore_set` brings it back. Runs keep what they copied."""
    found = store_sets.head(who, set_id)
    store_sets.mark(who, found["_id"], now())
    return set_content.head(found)


def restore_set(who: Who, set_id: str) -> PromptSet:
    """Undoes `delete_set`."""
    found = store_sets.head(who, set_id, deleted=True)
    store_sets.mark(who, found["_id"], None)
    return set_content.head(found)


def purge_sets() -> int:
    """Removes sets whose day is over, with the uses of their files; returns how many. A timer calls it."""
    gone = store_sets.deleted_before(now() - DELETED_FOR)
    for found in gone:
        who = Who(found["owner"], "")
        for used in store_sets.files_of(found["_id"]):
            files.release(who, used)
        store_sets.remove(who, found["_id"])
    return len(gone)


def _read(names: Sequence[bytes]) -> Iterator[Row]:
    return map(set_content.row, store_sets.rows(names))


def _save(who: Who, found: Document, draft: SetDraft) -> PromptSet:
    known = store_sets.hashes(found)
    changes = set_content.fields(draft) | _put(who, found["_id"], draft.rows, known=known)
    if all(found[name] == value for name, value in changes.items()):
        return set_content.head(found)
    return _move_on(who, found, changes)


def _move_on(who: Who, found: Document, changes: Document) -> PromptSet:
    changes = {**changes, "updated_at": now()}
    if not store_sets.move_on(who, found, changes):
        raise _moved(found["name"], found["version"])
    return set_content.head({**found, **changes, "version": found["version"] + 1})


def _put(who: Who, set_id: ObjectId, rows: Sequence[Row], known: Sequence[bytes]) -> Document:
    """Stores what is new of `rows`, keeps its files, and gives the lists of a version."""
    order: list[bytes] = []
    new: dict[bytes, dict[str, Any]] = {}
    there = set(known)
    for one in rows:
        document = set_content.document(one)
        name = store_sets.row_hash(set_id, document["content"])
        order.append(name)
        if name not in there:
            new[name] = document
    for name in store_sets.known_rows(list(new)):
        del new[name]
    used = [one for document in new.values() for one in document["files"]]
    files.many(who, list(dict.fromkeys(used)))  # raises NotFound
    files.keep(who, used)
    store_sets.put_rows(who, set_id, new)
    return {"order": b"".join(order), "ids": "\n".join(one.id for one in rows), "rows": len(order)}


def _moved(name: str, expect: int) -> HubError:
    return HubError(
        f"“{name}” was changed elsewhere since version {expect}; nothing of yours is saved.",
        hint="Load the newest version and make your changes there.",
        kind="conflict",
    )
