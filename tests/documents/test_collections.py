"""Collections: names, settings, two settings side by side, and pictures in words."""

from __future__ import annotations

import pytest

from hub import documents
from hub.db import indexes, postgres
from hub.documents.records import CollectionSettings, Question
from hub.errors import BadInput, NotFound
from hub.models import catalogue, connections
from tests.documents.conftest import ANNA, BERT, Add
from tests.fakes.openai_server import FakeServer


def test_a_collection_has_a_name_of_its_own_and_settings_that_make_sense(stored: str) -> None:
    made = documents.create_collection(ANNA, "  Field   notes ")
    assert (made.name, made.mine, made.scope, made.documents) == ("Field notes", True, "", 0)
    with pytest.raises(BadInput, match="called Field notes already"):
        documents.create_collection(ANNA, "Field notes")
    documents.create_collection(BERT, "Field notes")
    with pytest.raises(BadInput, match="needs a name"):
        documents.change_collection(ANNA, made.id, name="  ")
    for wrong in (CollectionSettings(chunk_tokens=5), CollectionSettings(overlap=150), CollectionSettings(k=0)):
        with pytest.raises(BadInput):
            documents.change_collection(ANNA, made.id, settings=wrong)
    changed = documents.change_collection(ANNA, made.id, name="Notes", settings=CollectionSettings(k=9, mode="whole"))
    assert (changed.name, changed.settings.k, changed.settings.mode) == ("Notes", 9, "whole")


def test_a_shared_collection_is_read_by_all_and_written_by_its_owner(put: Add, shelf: str) -> None:
    document = put("storm_log.txt")
    with pytest.raises(NotFound):
        documents.get(BERT, document.id)
    documents.change_collection(ANNA, shelf, shared=True)
    assert [(one.id, one.mine) for one in documents.collections(BERT)] == [(shelf, False)]
    assert "chimney sings" in documents.search(BERT, "when did the chimney sing", [shelf]).passages[0].text
    with pytest.raises(NotFound):
        documents.add_text(BERT, shelf, "Mine", "Let me in.")
    documents.change_collection(ANNA, shelf, shared=False)
    assert documents.search(BERT, "when did the chimney sing", [shelf]).passages == ()


def test_a_project_that_is_not_there_takes_no_collection(stored: str) -> None:
    with pytest.raises(NotFound, match="no such project"):
        documents.create_collection(ANNA, "Lost", scope="project:6b036879d19791a30c5d48da")


def test_two_settings_on_the_same_questions(put: Add, shelf: str) -> None:
    put("warden_letters.epub")
    questions = [
        Question("What did the lighthouse keeper give him for the clock?", "sack of  DRIED cod"),
        Question("Which stove sings?", "low F", "warden_letters.epub"),
        Question("What is never said?", "no such words"),
    ]
    found = documents.compare_settings(ANNA, shelf, questions, CollectionSettings(), CollectionSettings(40, 0))
    assert found.first.positions[2] is None
    assert found.first.hit_rate == pytest.approx(2 / 3)
    assert found.second.passages > found.first.passages
    assert found.second.tokens <= 40
    assert found.first.mrr == pytest.approx(sum(1 / place for place in found.first.positions if place) / 3)
    with postgres.connection() as database:
        left = database.execute(
            "SELECT count(*) FROM search.rows r JOIN search.spaces s ON s.id = r.space WHERE s.scope LIKE 'scratch%'"
        ).fetchone()
    assert left == (0,)
    with pytest.raises(BadInput, match="1 to 100 questions"):
        documents.compare_settings(ANNA, shelf, [], CollectionSettings(), CollectionSettings(40, 0))


def test_a_model_that_sees_reads_a_scan(put: Add, shelf: str) -> None:
    indexes.ensure([*catalogue.INDEXES, *connections.INDEXES])
    failed = put("scanned_notice.pdf")
    assert failed.state == "failed"
    with FakeServer(tokens=12) as server:
        made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=server.url)
        settings = CollectionSettings(picture_model=f"{made.id}/fake")
        documents.change_collection(ANNA, shelf, settings=settings)
        documents.retry(ANNA, failed.id)
        from hub.documents import ingest

        ingest.ingest(failed.id)
        sent = [one for one in server.requests if "image_url" in str(one.body)]
    document = documents.get(ANNA, failed.id)
    assert (document.state, document.reason, document.pages, len(sent)) == ("ready", "", 2, 2)
    assert "described by fake" in document.warnings[0]
    assert {one.page for one in documents.passages(ANNA, document.id)} == {1, 2}
