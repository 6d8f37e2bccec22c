"""Nothing crosses from one person, project or temporary chat to another; and what crosses on purpose is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from hub.chat import index as chat_index
from hub.cli import migrate
from hub.cli.worker import TASKS
from hub.db.who import Who
from hub.files import read
from hub.memory import index, recall, store, undoing
from hub.memory.records import Evidence
from hub.search import Hit, serving
from tests.memory import acts, soak

pytestmark = pytest.mark.timeout(600)
Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def _hub(mongo: str, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in TASKS:
        import_module(name)
    migrate.migrate_mongo()
    migrate.migrate_postgres()
    quick = soak.Quick()
    monkeypatch.setattr(serving, "configured", lambda: quick)
    yield
    read.close()


@pytest.mark.usefixtures("_hub")
@pytest.mark.parametrize("seed", [1, 2])
def test_random_acts_never_cross(seed: int) -> None:
    found = soak.run(150, seed)
    assert found.wrong == []
    assert found.counted["marks seen"] > 30 and found.counted["undo"] > 5


def find_without_the_owner(patch: pytest.MonkeyPatch) -> None:
    """A search whose condition on the owner is missing, and nobody who looks its hits up in the stores."""

    def unchecked(who: Who, hits: list[Hit]) -> list[Hit]:
        return hits

    for name in ("recall", "tools"):
        patch.setattr(import_module(f"hub.memory.{name}"), "living", unchecked)
    find: Any = import_module("hub.search.find")
    patch.setattr(
        find, "_SPACES", find._SPACES.replace("USING (collection, owner, scope)", "USING (collection, scope)")
    )


def shelves_without_the_scope(patch: pytest.MonkeyPatch) -> None:
    """A query of the store whose condition on the scope is missing."""
    shelf = store.shelf

    def wide(who: Any, scope: str, *rest: Any) -> list[Any]:
        return [row for one in store.scopes(who) for row in shelf(who, one["scope"], *rest)]

    patch.setattr(store, "shelf", wide)


def recall_without_the_scope(patch: pytest.MonkeyPatch) -> None:
    """A recall that reads what is outside of projects in every project."""
    patch.setattr(recall.preferences, "read_scopes", lambda who, scope: [scope, ""])


def temporary_chats_in_the_index(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chat_index, "_found_again", lambda conversation: "deleted_at" not in conversation)


def an_index_that_is_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(index, "follow", lambda *_: None)


def an_undo_that_changes(patch: pytest.MonkeyPatch) -> None:
    real = undoing.fact_of
    patch.setattr(undoing, "fact_of", lambda *given: replace(fact, importance=0.1) if (fact := real(*given)) else None)


def sources_that_are_not_there(patch: pytest.MonkeyPatch) -> None:
    plan = import_module("hub.memory.plan")
    patch.setattr(plan, "Evidence", lambda conversation, message, quote: Evidence(conversation, "0" * 24, quote))


def a_person_whose_memory_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store, "purge_person", lambda who: None)


PLANTED: list[tuple[Plant, str, set[str]]] = [
    (find_without_the_owner, "was given", {"add", "recall", "tool"}),
    (shelves_without_the_scope, "was given", {"add", "read"}),
    (recall_without_the_scope, "was given", {"add", "recall", "read"}),
    (temporary_chats_in_the_index, "the index of", {"learn_temporary"}),
    (an_index_that_is_not_told, "built anew", {"add", "edit"}),
    (an_undo_that_changes, "left another state", {"add", "edit", "undo"}),
    (sources_that_are_not_there, "cannot be opened", {"learn"}),
    (a_person_whose_memory_stays, "of a person who left", {"add", "leave"}),
]


@pytest.mark.usefixtures("_hub")
@pytest.mark.parametrize(("plant", "said", "names"), [pytest.param(*one, id=one[0].__name__) for one in PLANTED])
def test_what_crosses_on_purpose_is_found(
    plant: Plant, said: str, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "WEIGHTS", dict.fromkeys(sorted(names), 1) | {"strangers": 0.1})
    plant(monkeypatch)
    found = soak.run(60 if "leave" not in names else 8, 3)
    assert any(said in one for one in found.wrong), found
