"""`hub index` over the test's own stores."""

from __future__ import annotations

import orjson
import pytest
from typer.testing import CliRunner

from hub import chat
from hub.chat import index
from hub.cli import app
from hub.db.migrations import postgres as migrations
from hub.db.who import OWNER


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
