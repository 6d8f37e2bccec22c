"""What the documents room gives to the others through `hub.hooks`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from bson import ObjectId

from hub import hooks
from hub.db.mongo import Document as Row
from hub.db.who import Who
from hub.documents import context, find, holdings, jobs, served, shelve, store
from hub.documents import tools as turn_tools
from hub.found import Checked
from hub.hooks import SearchSource
from hub.search import Hit, Space
from hub.served import ServedTool
from hub.turns import Block, Tool, Turn, project_scope


class _Passages:
    """The passages of all documents, a document a unit."""

    collection = "documents"

    def units(self) -> Iterator[tuple[Who, str]]:
        """Every document, by id."""
        for owner, document in store.every():
            yield Who(owner, owner), document

    def index(self, who: Who, unit: str) -> int:
        """Makes the index say what the store says of one document."""
        return jobs.index(unit)

    def living(self, space: Space, groups: Sequence[str]) -> set[str]:
        """The documents that are in this collection, as it serves or as it is made ready."""
        rows = store.many([one for one in groups if ObjectId.is_valid(one)])
        owners = {one: store.collection_row(one) for one in {row["collection"] for row in rows.values()}}
        found = {one: (row, owners[row["collection"]]) for one, row in rows.items()}
        return {one for one, (row, owner) in found.items() if owner and shelve.belongs(row, owner, space)}


@hooks.implementation
def chat_context(turn: Turn) -> Sequence[Block]:
    """Passages, or whole documents, of the collections that the conversation and its project have."""
    return context.blocks(turn)


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """Searching those collections and reading in them."""
    return turn_tools.tools(turn)


@hooks.implementation
def served_tools(who: Who) -> Sequence[ServedTool]:
    """Searching every collection that the person may read."""
    return (served.search_tool(who),)


@hooks.implementation
def project_deleted(who: Who, project: str, keep_chats: bool) -> None:
    """The project's collections go out of sight with it; they come back with it too."""
    for row in holdings.of_project(who, project):
        if row["removed_at"] is None:
            holdings.mark_removed(who, str(row["_id"]), cause="project")


@hooks.implementation
def project_restored(who: Who, project: str) -> None:
    """The collections that went with the project come back."""
    for row in holdings.of_project(who, project):
        if row["removed_at"] is not None and row["removed_with"] == "project":
            holdings.mark_restored(who, str(row["_id"]))


@hooks.implementation
def project_purged(who: Who, project: str) -> None:
    """The project's collections go for good."""
    jobs.purge_collections(holdings.of_project(who, project))


@hooks.implementation
def search_sources() -> Sequence[SearchSource]:
    """The passages of documents."""
    return (_Passages(),)


@hooks.implementation
def search_spaces(who: Who, project: str | None) -> Sequence[Space]:
    """The collections that the person may read."""
    return [holdings.space_of(row) for row in holdings.readable(who, project_scope(project) if project else None)]


@hooks.implementation
def search_checked(who: Who, collection: str, hits: Sequence[Hit]) -> Sequence[Checked] | None:
    """Passages of documents that are still there, in collections that the person may read."""
    if collection != "documents":
        return None
    return [_checked(one, hit) for one, hit in find.still_there(hits, holdings.readable(who))]


def _checked(row: Row, hit: Hit) -> Checked:
    document, about = store.record(row), hit.about
    page = f"{about['unit']} {about['page']}" if about.get("page") else ""
    link = f"/documents?d={document.id}&p={quote(hit.item)}"
    place = " · ".join(part for part in (page, str(about.get("heading") or "")) if part)
    return Checked(hit, document.title, link, document.updated_at, place)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every collection and document of the person, from the index too."""
    for row in store.of_person(who):
        owner = store.collection_row(row["collection"])
        if owner is not None:
            shelve.take_out(row, owner)
    store.purge_person(who)
