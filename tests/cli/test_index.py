"""`hub index` over the test's own stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from typer.testing import CliRunner

from hub import chat, documents, hooks, memory
from hub.chat import index
from hub.cli import app
from hub.db.migrations import postgres as migrations
from hub.db.postgres import connection
from hub.db.who import OWNER
from hub.documents import ingest
from hub.search import Entry, Space, serving
from hub.search import index as rows_of
from tests.chat.test_index import rows


@pytest.fixture
def conversation(mongo: str, postgres: str) -> None:
    migrations.apply()
    home = chat.create(OWNER, title="Lisbon")
    chat.add_message(OWNER, home.id, "user", "My sister moved to Lisbon")


@pytest.mark.usefixtures("conversation")
def test_the_index_is_built_and_says_how_it_stands() -> None:
    hub = CliRunner()
    before = orjson.loads(hub.invoke(app, ["index", "status", "--json"]).stdout)
    assert (before["entries"], before["conversations_waiting"]) == (0, 1)
    built = orjson.loads(hub.invoke(app, ["index", "rebuild", "--json"]).stdout)
    assert built["units"] | {"messages": 1, "titles": 1} == built["units"]
    assert built["vectors"] == 2
    index.work_off()
    after = orjson.loads(hub.invoke(app, ["index", "status", "--json"]).stdout)
    assert (after["collections"], after["vectors_waiting"]) == ({"messages": 1, "titles": 1}, 0)
    assert after["conversations_waiting"] == 0
    again = hub.invoke(app, ["index", "rebuild", "--fresh"])
    assert "all 2 entries are read" in again.output


@pytest.mark.usefixtures("conversation")
def test_what_no_store_has_leaves_every_collection_and_the_rest_stays_as_it_was() -> None:
    memory.add(OWNER, "The user's sister Mia lives in Lisbon.", kind="relationship")
    shelf = documents.create_collection(OWNER, "Shelf").id
    ingest.ingest(documents.add_file(OWNER, shelf, "notes.md", b"# Tides\n\nThe tide comes twice a day.").document.id)
    index.work_off()
    while serving.step():
        pass
    kept = rows()
    collections = {source.collection for source in hooks.search_sources()}
    assert {row[0] for row in kept} == collections == {"messages", "titles", "memories", "documents"}
    orphan = Entry("gone", "0" * 24, 0, "Nobody has this any more", datetime(2026, 1, 2, tzinfo=UTC))
    with connection() as database:
        spaces = database.execute("SELECT collection, owner, scope FROM search.spaces").fetchall()
    for space in [*(Space(*one) for one in spaces), *(Space(one, "nobody", "elsewhere") for one in collections)]:
        rows_of.put(space, [orphan, replace(orphan, item="other", group="no id")])
    assert len(rows()) == len(kept) + 2 * (len(spaces) + len(collections))
    assert CliRunner().invoke(app, ["index", "rebuild"]).exit_code == 0
    assert rows() == kept
