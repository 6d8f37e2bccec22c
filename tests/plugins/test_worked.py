"""The plugin that docs/plugins.md shows, taken from there and used for all that it adds."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from hub import chat, documents, files, hooks, plugins, runs
from hub.db import indexes
from hub.db.mongo import collection
from hub.db.who import OWNER
from hub.documents import ingest, store
from hub.errors import BadInput
from hub.models import catalogue, trial
from hub.models.types import ModelInfo
from hub.turns import Turn
from tests.chat.conftest import ANNA
from tests.plugins.conftest import ADMIN, Put, worked

SHELL = str(Path(__file__).parents[2] / "hub" / "shell.py")


@pytest.fixture
def tides(engine: None, put: Put) -> None:
    put(tides=worked())
    [one] = plugins.every(ADMIN)
    assert one.works, one.failures


def turn() -> Turn:
    model = ModelInfo("demo/demo", "demo", "demo", "Demo", "demo", "Demo", abilities=frozenset({"tools"}))
    return Turn(ANNA, "c", "a", "when is high water?", model)


def test_it_is_short_and_says_what_it_adds(tides: None) -> None:
    assert len(worked().splitlines()) < 40
    [one] = plugins.every(ADMIN)
    assert (one.name, one.origin, one.enabled) == ("tides", "folder", True)
    assert one.about.startswith("Tides of a harbour")
    assert set(one.adds) == {"chat_context", "document_loaders", "exporters", "model_providers", "pages", "tools"}


def test_its_tool_is_called_under_a_name_of_its_own(tides: None) -> None:
    [tool] = [one for one in hooks.tools(turn())[0] if one.name == "tides"]
    assert tool.stable_id == "plugin:tides/tides"
    assert tool.call({"day": "2026-05-01"}).text == "Kiel on 2026-05-01: high 06:12, low 12:25."


def test_its_tool_and_its_context_are_in_an_answer(tides: None) -> None:
    sent = chat.send(ANNA, text="use a tool", targets=[("demo/demo", None)])
    assert runs.wait(sent.run or "", 20)
    request = str(chat.sent_request(ANNA, sent.answers[0]))
    assert "The harbour is Kiel." in request
    assert "High and low water of a day" in request


def test_its_export_stands_beside_the_others(tides: None) -> None:
    sent = chat.send(ANNA, text="hello", targets=[("demo/demo", None)])
    assert runs.wait(sent.run or "", 20)
    forms, troubles = chat.export_forms(ANNA, sent.conversation)
    ending, content = forms["Org mode"]
    assert (ending, troubles) == ("org", [])
    assert str(content).startswith("* user\nhello\n* assistant\n")


def test_its_loader_reads_attachments_and_documents(tides: None, postgres: str) -> None:
    from hub.db.migrations import postgres as migrations

    migrations.apply()
    indexes.ensure(store.INDEXES)
    kept = files.add(ANNA, "may.tide", b"day;high;low")
    assert files.text(ANNA, kept.id) == "day | high | low"
    shelf = documents.create_collection(ANNA, "Shelf").id
    added = documents.add_file(ANNA, shelf, "may.tide", b"2026-05-01;06:12;12:25").document
    ingest.ingest(added.id)
    assert documents.get(ANNA, added.id).state == "ready"
    assert documents.markdown(ANNA, added.id).text.strip() == "2026-05-01 | 06:12 | 12:25"


def test_its_page_is_in_the_navigation_and_draws(tides: None) -> None:
    app = AppTest.from_file(SHELL, default_timeout=30).run()
    labels = [link.label for link in app.sidebar.page_link]
    assert labels[-2:] == ["Tides", "Settings"]
    app._page_hash = calc_hash("tides")
    app.run()
    assert not app.exception
    assert "Tides" in [title.value for title in app.title]
    assert any("Kiel on today" in text.value for text in app.markdown)


def test_its_model_answers_in_a_chat(tides: None) -> None:
    made = trial.connect(ANNA, "parrot")
    assert made.ok, made.sentence
    [model] = [one for one in catalogue.models(ANNA) if not one.demo]
    assert (model.name, model.connection_name) == ("polly", "Parrot")
    sent = chat.send(ANNA, text="pretty bird", targets=[(model.id, None)])
    assert runs.wait(sent.run or "", 20)
    answer = chat.get_message(ANNA, sent.answers[0])
    assert (answer.text.endswith("pretty bird"), answer.status) == (True, "done")


def test_its_settings_are_kept_and_its_secret_is_not_readable(tides: None) -> None:
    plugins.save_settings(ADMIN, "tides", {"harbour": "Oslo", "key": "sk-secret-of-the-tides"})
    assert plugins.settings("tides").harbour == "Oslo"
    assert plugins.settings("tides").key.get_secret_value() == "sk-secret-of-the-tides"
    assert "sk-secret" not in str(list(collection("plugins").find({})))
    assert "sk-secret" not in str(plugins.every(ADMIN))
    [tool] = [one for one in hooks.tools(turn())[0] if one.name == "tides"]
    assert "Oslo" in tool.call({"day": "today"}).text
    with pytest.raises(BadInput, match="harbour"):
        plugins.save_settings(ADMIN, "tides", {"harbour": 5})
    assert plugins.settings("tides").harbour == "Oslo"


def test_switched_off_nothing_of_it_is_left(tides: None) -> None:
    trial.connect(OWNER, "parrot")
    plugins.switch_plugin(ADMIN, "tides", on=False)
    assert not [one for one in hooks.tools(turn())[0] if one.name == "tides"]
    assert not [one for one in hooks.chat_context(turn())[0] if one.room == "tides"]
    assert hooks.pages() == [] and hooks.document_loaders() == [] and hooks.model_providers() == []
    sent = chat.send(OWNER, text="hello", targets=[(f"{_parrot()}/polly", None)])
    assert runs.wait(sent.run or "", 20)
    answer = chat.get_message(OWNER, sent.answers[0])
    assert answer.error is not None and "switched off or gone" in answer.error.message
    plugins.switch_plugin(ADMIN, "tides", on=True)
    assert [one.page.title for one in hooks.pages()] == ["Tides"]


def _parrot() -> str:
    from hub.models import connections

    return next(one.id for one in connections.list_connections(OWNER) if one.provider == "parrot")
