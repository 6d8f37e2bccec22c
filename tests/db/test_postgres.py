"""The Postgres pool."""

from __future__ import annotations

import pytest

from hub.db import postgres as store
from hub.db.processes import free_port
from hub.errors import StoreDown
from tests.conftest import Configure


def test_a_transaction_is_kept_or_rolled_back(postgres: str) -> None:
    with store.connection() as connection:
        connection.execute("CREATE TABLE things (name text)")
        connection.execute("INSERT INTO things VALUES ('kept')")
    with pytest.raises(ZeroDivisionError), store.connection() as connection:
        connection.execute("INSERT INTO things VALUES ('lost')")
        _ = 1 / 0
    with store.connection() as connection:
        assert connection.execute("SELECT name FROM things").fetchall() == [("kept",)]


def test_pgvector_is_there(postgres: str) -> None:
    with store.connection() as connection:
        connection.execute("CREATE EXTENSION vector")
        row = connection.execute("SELECT '[1,2]'::vector <-> '[1,4]'::vector").fetchone()
    assert row == (2.0,)


def test_a_server_that_is_away_is_said_in_words(configure: Configure) -> None:
    configure(postgres_url=f"postgresql://127.0.0.1:{free_port()}/hub", store_timeout=0.1)
    with pytest.raises(StoreDown, match="PostgreSQL"), store.connection() as connection:
        connection.execute("SELECT 1")
    store.close()
