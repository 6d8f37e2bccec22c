"""What the documents room gives to the others through `hub.hooks`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub import hooks
from hub.db.who import Who
from hub.documents import jobs, shelve, store
from hub.hooks import SearchSource


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


@hooks.implementation
def search_sources() -> Sequence[SearchSource]:
    """The passages of documents."""
    return (_Passages(),)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every collection and document of the person, from the index too."""
    for row in store.of_person(who):
        owner = store.collection_row(row["collection"])
        if owner is not None:
            shelve.take_out(row, owner)
    store.purge_person(who)
