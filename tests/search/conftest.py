"""A fresh index for each test, and the small model that is loaded once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.db.migrations import postgres as migrations
from hub.search.embed import MiniLM
from hub.search.records import Entry

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def index_store(postgres: str) -> None:
    """The tables of the index in this test's own database."""
    migrations.apply()


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    return MiniLM(threads=1)


def said(text: str, *, item: str = "", group: str = "c1", place: int = 0, **more: object) -> Entry:
    """An entry with the usual values."""
    return Entry(item or f"{group}-{place}", group, place, text, NOON, **more)  # pyright: ignore[reportArgumentType]
