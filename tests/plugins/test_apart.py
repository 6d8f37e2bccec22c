"""A plugin that raises, in whatever hook and however, changes nothing else."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from hub import chat, documents, files, hooks, plugins, projects, runs
from hub.db.who import OWNER
from hub.documents import ingest
from hub.hooks import Specifications
from hub.models import catalogue, connections
from hub.models.providers import offered
from tests.plugins.conftest import ADMIN, Put

SHELL = str(Path(__file__).parents[2] / "hub" / "shell.py")
HOOKS = sorted(name for name in vars(Specifications) if not name.startswith("_"))
LISTS = {
    "answer_notes", "chat_context", "document_loaders", "exporters", "model_providers", "pages", "project_names",
    "search_checked", "search_names", "search_sources", "search_spaces", "tools",
}  # fmt: skip
"""Hooks that give several things; something else in their place is an error too."""
REMOVING = {"conversation_purged", "person_deleted", "project_deleted", "project_purged", "project_restored"}
"""What raises there holds a removal up, by promise."""
WAYS = (
    'raise ValueError("broken on purpose")',
    'raise HubError("Broken on purpose.", hint="Nothing.")',
    "return {}[1]",
    "raise RecursionError",
)
JUNK = ("return 5", "return [5]", "return (one for one in [1/0])", "return [object(), None]")


def source(ways: dict[str, str]) -> str:
    lines = ["from hub import hooks", "from hub.errors import HubError"]
    for name, way in ways.items():
        lines += ["@hooks.implementation", f"def {name}():", f"    {way}"]
    return "\n".join(lines)


def acts(question: str) -> dict[str, Any]:
    """What people do in a hub, without ids and times."""
    name = f"Garden {uuid.uuid4().hex}"
    project = projects.create(OWNER, name).id
    sent = chat.send(OWNER, text=question, targets=[("demo/demo", None)], project=project)
    assert runs.wait(sent.run or "", 20)
    answer = chat.get_message(OWNER, sent.answers[0])
    kept = files.add(OWNER, f"{question}.txt", b"plain words")
    forms, _ = chat.export_forms(OWNER, sent.conversation)
    shelf = documents.create_collection(OWNER, name).id
    added = documents.add_file(OWNER, shelf, "a.md", f"# Words\n\nOf {question}".encode()).document
    ingest.ingest(added.id)
    return {
        "answer": (answer.text, answer.status, answer.error),
        "project": (projects.get(OWNER, project).name == name, hooks.project_name(OWNER, project) == name),
        "projects": project in hooks.project_names(OWNER),
        "exchange": (told := hooks.exchange(OWNER, sent.answers[0])) is not None and told.answered.text == answer.text,
        "file": (files.text(OWNER, kept.id), kept.warning),
        "forms": {name: ending for name, (ending, _) in forms.items()},
        "document": (documents.get(OWNER, added.id).state, documents.markdown(OWNER, added.id).text),
        "models": [one.name for one in catalogue.models(OWNER)],
        "connections": [one.name for one in connections.list_connections(OWNER)],
        "found": sent.conversation in {one.id for one in hooks.search_names(OWNER, question, None)},
        "sources": [one.collection for one in hooks.search_sources()],
        "spaces": len(hooks.search_spaces(OWNER, project)),
        "notes": hooks.answer_notes(OWNER, sent.conversation),
        "providers": [one.key for one in offered()],
    }


@pytest.fixture
def put_here(engine: None, postgres: str, put: Put) -> Put:
    from hub.db import indexes
    from hub.db.migrations import postgres as migrations
    from hub.documents import store

    migrations.apply()
    indexes.ensure(store.INDEXES)
    return put


ways = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(WAYS + (JUNK if name in LISTS else ())) for name in HOOKS}
)


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # each example is a whole hub: one that fails is not made smaller
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ways=ways)
def test_whatever_a_plugin_raises_changes_nothing_else(put_here: Put, ways: dict[str, str]) -> None:
    put_here(broken="")
    whole = acts("water the roses")
    put_here(broken=source(ways))
    assert acts("water the roses") == whole


def test_one_that_raises_in_every_hook(put_here: Put) -> None:
    put_here(broken="")
    whole, pages = acts("one"), _pages()
    put_here(broken=source(dict.fromkeys(HOOKS, WAYS[0])))
    assert acts("one") == whole
    assert _pages() == pages
    [one] = plugins.every(ADMIN)
    places = {failure.where for failure in one.failures}
    assert {"chat_context", "tools", "exporters", "document_loaders", "pages"} <= places
    failure = next(one for one in one.failures if one.where == "exporters")
    assert (failure.kind, failure.message) == ("ValueError", "broken on purpose")


def test_an_answer_says_what_it_went_without(put_here: Put) -> None:
    put_here(broken=source({"chat_context": WAYS[0]}))
    sent = chat.send(OWNER, text="hello", targets=[("demo/demo", None)])
    assert runs.wait(sent.run or "", 20)
    answer = chat.get_message(OWNER, sent.answers[0])
    assert any("Without broken" in notice for notice in answer.notices)


def test_a_removal_waits_until_the_plugin_is_off(put_here: Put) -> None:
    put_here(broken=source(dict.fromkeys(REMOVING, WAYS[0])))
    project = projects.create(OWNER, "Garden").id
    with pytest.raises(Exception, match="broken"):
        projects.delete(OWNER, project, chats="delete")
    plugins.switch_plugin(ADMIN, "broken", on=False)
    projects.delete(OWNER, project, chats="delete")
    assert project not in projects.names(OWNER)


def test_a_page_that_raises_says_so_in_its_place(put_here: Put) -> None:
    put_here(
        broken="from hub import hooks\n@hooks.implementation\ndef pages():\n"
        "    return [hooks.Page('odd', 'Odd', lambda who: 1 / 0), hooks.Page('chat', 'Chat', print),"
        " hooks.Page('no icon', 'X', print), hooks.Page('icon', 'Icon', print, icon='no such icon')]"
    )
    app = AppTest.from_file(SHELL, default_timeout=30).run()
    from streamlit.util import calc_hash

    assert [link.label for link in app.sidebar.page_link][-2:] == ["Odd", "Settings"]
    app._page_hash = calc_hash("odd")
    app.run()
    assert not app.exception
    assert "The plugin broken failed on this page (ZeroDivisionError)" in app.error[0].value
    [one] = plugins.every(ADMIN)
    assert {failure.where for failure in one.failures} == {"page odd", "page chat", "page icon", "pages"}


def test_a_loader_that_fails_leaves_the_file_to_the_hub(put_here: Put) -> None:
    put_here(
        broken="from hub import hooks\n@hooks.implementation\ndef document_loaders():\n"
        "    return [hooks.DocumentLoader('all', lambda name, data: 1 / 0, {'.txt'})]"
    )
    kept = files.add(OWNER, "a.txt", b"plain words")
    assert files.text(OWNER, kept.id) == "plain words"
    assert "The plugin broken could not read it (ZeroDivisionError)." in kept.warning


def _pages() -> list[str]:
    app = AppTest.from_file(SHELL, default_timeout=30).run()
    assert not app.exception
    return [link.label for link in app.sidebar.page_link]


def test_records_with_wrong_things_in_them_are_left_out(put_here: Put) -> None:
    put_here(broken="")
    whole, pages = acts("wrong"), _pages()
    given = {
        "chat_context": "Block('a', 'b', None, 'many')",
        "tools": "Tool(None, 'a', 'b', print)",
        "document_loaders": "hooks.DocumentLoader('a', None, None, None)",
        "exporters": "hooks.Exporter(5, None, None)",
        "pages": "hooks.Page(None, 'Odd', None)",
        "model_providers": "ModelProvider(None)",
        "answer_notes": "Note(5, 6)",
    }
    lines = "from hub.turns import Block, Note, Tool\nfrom hub.models.provided import ModelProvider\n"
    put_here(broken=lines + source({name: f"return [{record}]" for name, record in given.items()}))
    assert acts("wrong") == whole
    assert _pages() == pages
    [one] = plugins.every(ADMIN)
    assert {failure.where for failure in one.failures} == set(given)
