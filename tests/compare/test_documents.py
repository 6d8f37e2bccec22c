"""A comparison is asked of collections of documents as a chat is."""

from __future__ import annotations

from hub import compare
from tests.compare.conftest import ANNA, ended
from tests.documents.conftest import Add, _no_reader_left, put, shelf, stored
from tests.fakes.openai_server import FakeServer

__all__ = ["_no_reader_left", "put", "shelf", "stored"]


def test_every_column_is_given_the_same_passages(model: str, server: FakeServer, put: Add, shelf: str) -> None:
    put("notes.md", "# Boats\n\nThe ferry to Skarholm leaves at nine.")
    chosen = {"documents": {"collections": [shelf]}}
    members = [(model + "fake", None), (model + "fake-echo", None), (model + "fake", None)]
    shown = ended(compare.start(ANNA, "When does the ferry leave?", members, attached=chosen))
    given = [pane.messages[1].sources for pane in shown.panes]
    assert {one.title for one in given[0]} == {"Boats"}
    assert given[0] == given[1] == given[2]
    asked = [str(request.body["messages"]) for request in server.requests]
    assert len(asked) == 3 and all("leaves at nine" in text for text in asked)
