"""The Mongo client, its indexes and what it says when the server is away."""

from __future__ import annotations

import pytest

from hub.db import indexes
from hub.db.mongo import collection, now, object_id, reachable
from hub.db.processes import free_port
from hub.errors import NotFound, StoreDown
from tests.conftest import Configure


def test_times_come_back_as_they_went(mongo: str) -> None:
    time = now()
    inserted = collection("things").insert_one({"time": time}).inserted_id
    found = collection("things").find_one({"_id": inserted})
    assert found is not None and found["time"] == time


def test_each_test_has_a_database_of_its_own(mongo: str) -> None:
    assert collection("things").count_documents({}) == 0


def test_indexes_are_made_once(mongo: str) -> None:
    wanted: list[indexes.Index] = [
        ("things", [("owner", 1), ("updated_at", -1)], {}),
        ("things", [("name", 1)], {"unique": True}),
    ]
    indexes.ensure(wanted)
    indexes.ensure(wanted)
    assert len(collection("things").index_information()) == 3


def test_what_is_no_id_is_not_found() -> None:
    with pytest.raises(NotFound):
        object_id("../etc/passwd")


def test_a_server_that_is_away_is_said_in_words(configure: Configure) -> None:
    configure(mongo_url=f"mongodb://127.0.0.1:{free_port()}", store_timeout=0.1)
    with pytest.raises(StoreDown, match="does not answer"), reachable():
        collection("things").find_one({})


def test_no_server_at_all_names_the_next_step(configure: Configure) -> None:
    configure(mongo_url="")
    with pytest.raises(StoreDown, match="No database") as caught:
        collection("things")
    assert "make run" in caught.value.hint
