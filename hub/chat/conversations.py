"""The conversations of a person: the list, names, shelves, deleting with undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId

from hub import hooks, runs
from hub.chat import rows, store
from hub.chat.clean import clean
from hub.chat.project import entered
from hub.chat.records import Conversation, Listing
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models.types import Params

TEMPORARY_FOR = timedelta(days=1)
DELETED_FOR = timedelta(days=1)
LONGEST_TITLE = 200
SPANS = (timedelta(hours=1), timedelta(days=1), timedelta(days=8), timedelta(days=60), timedelta(days=36500))
"""How far back the list reads, step by step, until it has enough: the embedded store reads every row of a range."""


def new_document(
    model: str,
    params: Params,
    *,
    title: str = "",
    system_prompt: str = "",
    temporary: bool = False,
    attached: Mapping[str, Any] | None = None,
    project: str | None = None,
) -> Document:
    """A conversation that is not stored yet."""
    time = now()
    document: Document = {
        "_id": ObjectId(),
        "title": title,
        "model": model,
        "params": rows.plain(params),
        "system_prompt": system_prompt,
        "created_at": time,
        "updated_at": time,
        "temporary": temporary,
        "pinned": False,
        "archived": False,
    }
    if attached:
        document["attached"] = dict(attached)
    if project:
        document["project"] = project
    if temporary:
        document["expires_at"] = time + TEMPORARY_FOR
    return {**document, "shelf": _shelf(document)}


def create(
    who: Who,
    *,
    title: str = "",
    model: str = "",
    params: Params | dict[str, Any] | None = None,
    system_prompt: str = "",
    temporary: bool = False,
    attached: Mapping[str, Any] | None = None,
    project: str | None = None,
) -> Conversation:
    """Makes an empty conversation; `attached` is plain data that rooms keep with it. Raises NotFound for a `project`
    that is not the person's."""
    title, system = clean(title)[0].strip(), clean(system_prompt)[0]
    document = new_document(
        model,
        rows.params(params),
        title=title,
        system_prompt=system,
        temporary=temporary,
        attached=rows.attached(attached),
        project=entered(who, project),
    )
    store.insert_conversation(who, {**document, "title_edited": bool(title)})
    return rows.conversation(document)


def get(who: Who, conversation: str) -> Conversation:
    """One conversation; raises NotFound."""
    return rows.conversation(store.conversation(who, conversation))


def titles(who: Who, conversations: Iterable[str]) -> dict[str, str]:
    """The titles of conversations by id, without those that are gone."""
    found: dict[str, str] = {}
    for one in conversations:
        with suppress(NotFound):
            found[one] = get(who, one).title or "New chat"
    return found


def list_conversations(
    who: Who,
    *,
    limit: int = 30,
    before: datetime | None = None,
    archived: bool = False,
    project: str | None = None,
) -> Listing:
    """The pinned conversations and the `limit` most recent others, or those that changed `before` a time; with
    `project` only those in it.

    Temporary and deleted conversations are in no list.
    """
    name = "archive" if archived else "recent"
    recent = _latest(who, name, limit + 1, before, project)
    pinned = [] if archived or before else store.shelf(who, "pinned", project=project)
    return Listing(
        tuple(sorted(map(rows.conversation, pinned), key=lambda one: one.title.lower())),
        tuple(map(rows.conversation, recent[:limit])),
        earlier=len(recent) > limit,
    )


def _latest(who: Who, name: str, count: int, before: datetime | None, project: str | None) -> list[Document]:
    end = before or now() + timedelta(minutes=5)
    found: list[Document] = []
    since = end
    for span in SPANS:
        until, since = since, end - span
        found += store.shelf_between(who, name, since, until, project=project)
        if len(found) >= count:
            break
    return found[:count]


def search_titles(who: Who, words: str, *, limit: int = 30, project: str | None = None) -> tuple[Conversation, ...]:
    """Conversations whose title has all the words, in any order and case, newest first; archived ones too. With
    `project` only those in it."""
    wanted = words.casefold().split()
    if not wanted:
        return ()
    shelves = [found for name in ("pinned", "recent", "archive") for found in store.shelf(who, name, project=project)]
    hits = [found for found in shelves if all(word in found["title"].casefold() for word in wanted)]
    hits.sort(key=lambda found: found["updated_at"], reverse=True)
    return tuple(map(rows.conversation, hits[:limit]))


def rename(who: Who, conversation: str, title: str) -> Conversation:
    """Gives a title that no title job overwrites."""
    title = " ".join(clean(title)[0].split())
    if not title:
        raise BadInput("A title needs at least one letter.")
    if len(title) > LONGEST_TITLE:
        raise BadInput(f"A title has at most {LONGEST_TITLE} characters.")
    return _change(who, conversation, {"title": title, "title_edited": True})


def pin(who: Who, conversation: str, on: bool = True) -> Conversation:
    """Puts a conversation at the top of the list, or back."""
    return _change(who, conversation, {"pinned": on})


def archive(who: Who, conversation: str, on: bool = True) -> Conversation:
    """Takes a conversation out of the list without deleting it, or puts it back."""
    return _change(who, conversation, {"archived": on})


def configure(
    who: Who,
    conversation: str,
    *,
    model: str | None = None,
    params: Params | dict[str, Any] | None = None,
    system_prompt: str | None = None,
    attached: Mapping[str, Any] | None = None,
) -> Conversation:
    """Sets what the next turn uses; None leaves a thing as it is. `attached` is plain data by room; rooms that it does
    not name keep theirs."""
    changes: dict[str, Any] = {}
    if model is not None:
        changes["model"] = model
    if params is not None:
        changes["params"] = rows.plain(rows.params(params))
    if system_prompt is not None:
        changes["system_prompt"] = clean(system_prompt)[0]
    if attached is not None:
        changes["attached"] = {**get(who, conversation).attached, **rows.attached(attached)}
    return _change(who, conversation, changes)


def delete(who: Who, conversation: str) -> Conversation:
    """Hides a conversation; within a day `restore` brings it back, afterwards it is gone with its files.

    What is being written in it is cancelled; what came of it is kept with the rest.
    """
    gone = _change(who, conversation, {"deleted_at": now(), "expires_at": now() + DELETED_FOR})
    going = [run.id for run in runs.ongoing(who) if run.context.get("conversation") == gone.id]
    if gone.head is not None:
        leaf = store.message(who, gone.head, deleted=True)
        going += [leaf["run"]] if leaf["status"] == "streaming" else []
    for run in dict.fromkeys(going):
        runs.cancel(who, run)
    return gone


def restore(who: Who, conversation: str) -> Conversation:
    """Undoes `delete`. A chat whose project has gone meanwhile comes back outside of any."""
    found = store.conversation(who, conversation, deleted=True)
    gone = ["deleted_at", "expires_at"]
    if "project" in found and hooks.project_name(who, found["project"]) is None:
        gone.append("project")
    back = {key: value for key, value in found.items() if key not in gone}
    if found["temporary"]:
        back["expires_at"] = found["created_at"] + TEMPORARY_FOR
    changes = {"shelf": _shelf(back), **({"expires_at": back["expires_at"]} if "expires_at" in back else {})}
    store.update_conversation(who, found["_id"], changes, unset=[key for key in gone if key not in back])
    return rows.conversation({**back, **changes})


def _change(who: Who, conversation: str, changes: dict[str, Any]) -> Conversation:
    found = store.conversation(who, conversation)
    after = {**found, **changes}
    changes = {**changes, "shelf": _shelf(after)}
    store.update_conversation(who, found["_id"], changes)
    return rows.conversation({**after, **changes})


def _shelf(document: Document) -> str:
    """The one list that a conversation stands in; it is stored because it is part of the index."""
    if "deleted_at" in document:
        return "deleted"
    if document["temporary"]:
        return "temporary"
    if document["archived"]:
        return "archive"
    return "pinned" if document["pinned"] else "recent"
