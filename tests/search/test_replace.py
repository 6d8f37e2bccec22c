"""A group made ready beside the one that serves takes its place at once."""

from __future__ import annotations

import pytest

from hub.db import postgres
from hub.search import Space, find
from hub.search.embed import MiniLM
from hub.search.index import put
from hub.search.replace import swap_in
from tests.search.conftest import said
from tests.search.crossing import MISCOUNTED

SERVED, STAGED = Space("documents", "anna", "collection:1"), Space("documents", "anna", "collection:1/next")


def found(space: Space, text: str, minilm: MiniLM) -> list[str]:
    return [hit.text for hit in find([space], text, minilm, most=5)]


@pytest.mark.usefixtures("index_store")
def test_what_was_staged_serves_with_its_words_and_vectors(minilm: MiniLM) -> None:
    put(SERVED, [said("The heron stands in the reeds", item="old", group="d1")], minilm)
    put(SERVED, [said("Boats leave at nine", item="other", group="d2")], minilm)
    put(STAGED, [said("Der Reiher steht im Schilf am Ufer", item="new", group="d1", language="german")], minilm)
    assert swap_in(STAGED, SERVED, "d1")
    assert sorted(found(SERVED, "reiher boats", minilm)) == [
        "Boats leave at nine",
        "Der Reiher steht im Schilf am Ufer",
    ]
    assert found(SERVED, "Reihers", minilm)[0].startswith("Der Reiher")  # its stemmer is known to the space
    assert found(STAGED, "Reiher", minilm) == []
    with postgres.connection() as database:
        spaces = database.execute(
            "SELECT DISTINCT v.space, r.space FROM search.vectors v JOIN search.rows r ON r.id = v.row"
        )
        assert len({tuple(row) for row in spaces.fetchall()}) == 1
        assert not database.execute(MISCOUNTED).fetchall()


@pytest.mark.usefixtures("index_store")
def test_nothing_staged_changes_nothing(minilm: MiniLM) -> None:
    put(SERVED, [said("The heron stands in the reeds", item="old", group="d1")], minilm)
    assert not swap_in(STAGED, SERVED, "d1")
    assert found(SERVED, "heron", minilm) == ["The heron stands in the reeds"]
