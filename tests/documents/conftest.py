"""Both stores with what documents need, two people, and real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub import documents
from hub.db import indexes
from hub.db.migrations import postgres as migrations
from hub.db.who import Who
from hub.documents import ingest, store
from hub.documents.records import Document
from hub.files import read

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")
FILES = Path(__file__).parents[1] / "files" / "data"

Add = Callable[..., Document]


@pytest.fixture(scope="session", autouse=True)
def _no_reader_left() -> Iterator[None]:
    yield
    read.close()


@pytest.fixture
def stored(mongo: str, postgres: str) -> str:
    """The stores with their tables and indexes."""
    migrations.apply()
    indexes.ensure(store.INDEXES)
    return mongo


@pytest.fixture
def shelf(stored: str) -> str:
    """A collection of Anna's."""
    return documents.create_collection(ANNA, "Shelf").id


@pytest.fixture
def put(shelf: str) -> Add:
    """`put("notes.md", "text")` adds a document to Anna's collection and does the work on it at once."""

    def add(name: str, text: str | bytes = b"", collection: str = shelf, who: Who = ANNA) -> Document:
        data = text.encode() if isinstance(text, str) else text
        document = documents.add_file(who, collection, name, data or (FILES / name).read_bytes()).document
        ingest.ingest(document.id)
        return documents.get(who, document.id)

    return add
