"""Nothing crosses between people, projects and collections: thousands of random steps against a plain model of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from hub import documents, hooks
from hub.db.who import Who
from hub.documents import context, jobs, store
from hub.errors import NotFound
from hub.models.types import ModelInfo
from hub.search.rebuild import rebuild
from hub.turns import Turn
from tests.documents.conftest import ANNA, BERT, Add

CLARA = Who("clara", "Clara")
PEOPLE = (ANNA, BERT, CLARA)
STEPS = 150
WORD = "heron"


class Projects:
    """Projects that are there for whoever asks."""

    @hooks.implementation
    def project_name(self, who: Who, project: str) -> str | None:
        return project


@pytest.fixture(autouse=True)
def _every_project_is_there() -> None:
    made = Projects()
    hooks.plugins().register(made, "hub.testprojects.plugin")
    yield
    hooks.plugins().unregister(made)


@dataclass
class Shelf:
    """What a collection should be."""

    id: str
    owner: Who
    scope: str
    shared: bool
    held: dict[str, str] = field(default_factory=dict[str, str])
    removed: bool = False


@dataclass
class World:
    """Everything that was made, and what each person should find."""

    chance: random.Random
    shelves: list[Shelf] = field(default_factory=list[Shelf])
    count: int = 0

    def step(self) -> None:
        who = self.chance.choice(PEOPLE)
        act = self.chance.choices(
            (self.make, self.add, self.share, self.remove, self.drop, self.pry), (1, 5, 1, 2, 1, 2)
        )
        act[0](who)

    def make(self, who: Who) -> None:
        scope = self.chance.choice(("", "", "project:p1", "project:p2"))
        self.count += 1
        made = documents.create_collection(who, f"Shelf {self.count}", scope=scope)
        self.shelves.append(Shelf(made.id, who, scope, shared=False))

    def add(self, who: Who) -> None:
        shelf = self.own(who)
        if shelf is None:
            return
        self.count += 1
        text = f"# Note {self.count}\n\nThe {WORD} number {self.count} belongs to {who.name}."
        document = documents.add_text(who, shelf.id, f"Note {self.count}", text).document.id
        jobs.work(document=document)
        shelf.held[document] = text

    def share(self, who: Who) -> None:
        shelf = self.own(who)
        if shelf is not None and not shelf.scope:
            shelf.shared = not shelf.shared
            documents.change_collection(who, shelf.id, shared=shelf.shared)

    def remove(self, who: Who) -> None:
        shelf = self.own(who)
        if shelf is not None and shelf.held:
            document = self.chance.choice(sorted(shelf.held))
            documents.remove(who, document)
            del shelf.held[document]

    def drop(self, who: Who) -> None:
        shelf = self.own(who)
        if shelf is not None:
            documents.delete_collection(who, shelf.id)
            shelf.removed = True

    def pry(self, who: Who) -> None:
        """Everything that a person may not do with what is not theirs ends as if it were not there."""
        others = [one for one in self.shelves if one.owner != who]
        if not others:
            return
        shelf = self.chance.choice(others)
        refused(lambda: documents.add_text(who, shelf.id, "Mine", "Let me in."))
        refused(lambda: documents.change_collection(who, shelf.id, name="Mine"))
        refused(lambda: documents.delete_collection(who, shelf.id))
        for document in list(shelf.held)[:1]:
            refused(lambda document=document: documents.remove(who, document))
            refused(lambda document=document: documents.pause(who, document))
            if not shelf.shared or shelf.removed:
                refused(lambda document=document: documents.get(who, document))
                refused(lambda document=document: documents.passages(who, document))
                refused(lambda document=document: documents.markdown(who, document))
                refused(lambda document=document: documents.original(who, document))

    def own(self, who: Who) -> Shelf | None:
        theirs = [one for one in self.shelves if one.owner == who and not one.removed]
        return self.chance.choice(theirs) if theirs else None

    def readable(self, who: Who) -> list[Shelf]:
        return [one for one in self.shelves if not one.removed and (one.owner == who or one.shared)]

    def check(self, who: Who) -> None:
        """A search of everything that there ever was finds what the person may read and nothing else."""
        every = [one.id for one in self.shelves]
        allowed = {document for shelf in self.readable(who) for document in shelf.held}
        found = documents.search(who, WORD, every, most=200)
        assert {one.document for one in found.passages} == allowed
        assert {one.id for one in documents.collections(who)} == {one.id for one in self.readable(who)}
        for scope in ("", "project:p1"):
            turn = Turn(
                who, "c", "a", f"Where is the {WORD}?", MODEL, scope, attached={"documents": {"collections": []}}
            )
            given = {source.item for block in context.blocks(turn) for source in block.sources}
            mine = {
                document
                for one in self.readable(who)
                if one.owner == who and one.scope == scope
                for document in one.held
            }
            assert given <= (mine if scope else set())


MODEL = ModelInfo("x/y", "y", "x", "X", "openai", "Y", context=100_000)


def refused(act: object) -> None:
    with pytest.raises(NotFound):
        act()  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("seed", [1])
def test_nothing_crosses(stored: str, seed: int) -> None:
    world = World(random.Random(seed))
    for number in range(STEPS):
        world.step()
        if number % 25 == 24:
            world.check(PEOPLE[number // 25 % 3])
    for who in PEOPLE:
        world.check(who)


def test_a_person_who_leaves_leaves_nothing(stored: str) -> None:
    from hub.db import postgres
    from hub.db.mongo import collection
    from hub.documents import plugin

    for who in (ANNA, BERT):
        shelf = documents.create_collection(who, "Shelf", shared=True).id
        jobs.work(document=documents.add_text(who, shelf, "Note", f"The {WORD} of {who.name} flies.").document.id)
    plugin.person_deleted(ANNA)
    for name in ("documents", "document_collections", "document_slices"):
        assert {row["owner"] for row in collection(name).find({})} == {"bert"}
    assert collection("originals.files").count_documents({}) == 1
    assert [row["owner"] for row in map(_row, store.every())] == ["bert"]
    with postgres.connection() as database:
        found = database.execute("SELECT s.owner FROM search.rows r JOIN search.spaces s ON s.id = r.space").fetchall()
    assert {row[0] for row in found} == {"bert"}


def _row(found: tuple[str, str]) -> dict[str, str]:
    return {"owner": found[0]}


def test_what_a_project_holds_goes_and_comes_with_it(stored: str) -> None:
    from hub.documents import plugin

    kept = documents.create_collection(ANNA, "Kept", scope="project:p1").id
    gone = documents.create_collection(ANNA, "Gone", scope="project:p1").id
    documents.delete_collection(ANNA, gone)
    plugin.project_deleted(ANNA, "p1", keep_chats=True)
    assert documents.collections(ANNA) == ()
    plugin.project_restored(ANNA, "p1")
    assert [one.id for one in documents.collections(ANNA)] == [kept]
    plugin.project_deleted(ANNA, "p1", keep_chats=True)
    plugin.project_purged(ANNA, "p1")
    with pytest.raises(NotFound):
        documents.restore_collection(ANNA, kept)


def test_a_collection_that_comes_back_is_found_although_the_index_was_built_anew(put: Add, shelf: str) -> None:
    put("tides.md", "# Tides\n\nHigh water in Brest is at noon.")
    documents.delete_collection(ANNA, shelf)
    for source in hooks.search_sources():
        if source.collection == "documents":
            rebuild(source, lambda done, of: None, fresh=True)
    assert documents.search(ANNA, "high water", [shelf]).passages == ()
    documents.restore_collection(ANNA, shelf)
    assert "noon" in documents.search(ANNA, "high water in Brest", [shelf]).passages[0].text
