"""The hub that the soak plays in: people with projects, chats and collections, on real stores.

Every text bears a mark: whose it is and where it belongs. So whatever comes out anywhere says where it came from.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from bson import ObjectId

from hub import chat, documents, hooks, people, projects
from hub.chat import index as chat_index
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.db.who import OWNER, Who
from hub.jobs.tasks import REGISTERED
from hub.memory import store
from hub.models import connections
from hub.search import filling
from hub.search.embed import Vectors
from tests.fakes.openai_server import FakeServer

MARK = re.compile(r"zq[a-p]+x[a-p]+q")
PASSWORD = "four words in a row"
SAYS = "fake-says"


class Quick:
    """Vectors from the words of a text, each word made once: meaning plays no part in what may not cross."""

    name, dimensions = "words-drawn", 64

    def __init__(self) -> None:
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Collection[str]) -> Vectors:
        return np.stack([self.query(text) for text in texts]) if texts else np.zeros((0, self.dimensions), np.float32)

    def query(self, text: str) -> Vectors:
        made = np.sum([self._word(word) for word in text.casefold().split()[:40] or [""]], axis=0)
        return (made / np.linalg.norm(made)).astype(np.float32)

    def _word(self, word: str) -> Vectors:
        if word not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            drawn = np.random.default_rng(list(word.encode()) or 0).normal(size=self.dimensions)
            self._known[word] = (drawn / np.linalg.norm(drawn)).astype(np.float32)
        return self._known[word]


@dataclass(eq=False)
class Talk:
    """A chat with one mark in all that is said in it. `at`: the home it is in, None while it is deleted; `places`: the
    marks of homes where the index may still have it, until it was told."""

    id: str
    mark: str
    at: Home | None
    places: set[str] = field(default_factory=set[str])


@dataclass(eq=False)
class Home:
    """Where somebody's things are: outside of projects, or a project. `open`: it reads what is remembered outside."""

    scope: str
    mark: str
    shelf: str
    shelf_mark: str
    open: bool = False
    deleted: bool = False
    facts: list[str] = field(default_factory=list[str])
    chats: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """The chats that memory learns from, with how many exchanges they have."""
    documents: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])

    @property
    def project(self) -> str | None:
        return self.scope.removeprefix("project:") or None


@dataclass(eq=False)
class Person:
    """Somebody with an account. The first of `homes` is what is outside of projects; `temporary` is the mark of chats
    that leave nothing."""

    who: Who
    alias: str
    model: str
    homes: list[Home] = field(default_factory=list[Home])
    talks: list[Talk] = field(default_factory=list[Talk])
    shared: bool = False

    @property
    def own(self) -> Home:
        return self.homes[0]


def letters(number: int) -> str:
    """A number in letters that no mark is divided by."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in f"{number:x}")


@dataclass
class World:
    """Some people at a time; who goes is followed by another. `plans` are what the model will say of an answer."""

    server: FakeServer
    people: list[Person] = field(default_factory=list[Person])
    plans: dict[str, tuple[Person, Home, list[dict[str, object]]]] = field(default_factory=dict)  # pyright: ignore
    done: Counter[str] = field(default_factory=Counter[str])
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        if not people.any_person():
            people.create_first("Root", PASSWORD)
        self.admin = OWNER

    def settle(self, size: int = 3) -> None:
        """People move in until there are `size`."""
        while len(self.people) < size:
            self.people.append(self._person())

    def _person(self) -> Person:
        alias = letters(next(self.numbers))
        made = people.create_account(self.admin, f"Person {alias}", PASSWORD)
        who = Who(made.id, made.name, made.role)
        provider = connections.add(who, "openai_compatible", name="Fake", key="k", base_url=self.server.url)
        person = Person(who, alias, f"{provider.id}/{SAYS}")
        person.homes.append(self.home(person, ""))
        for _ in range(2):
            person.homes.append(self.project(person))
        for home in person.homes:
            self.talk(person, home)
        return person

    def mark(self, person: Person) -> str:
        """A mark that nothing else bears."""
        return f"zq{person.alias}x{letters(next(self.numbers))}q"

    def project(self, person: Person) -> Home:
        """A new project, whose instructions bear its mark."""
        mark = self.mark(person)
        made = projects.create(person.who, f"Plan {mark}", instructions=f"Answer briefly {mark}")
        return self.home(person, f"project:{made.id}", mark)

    def home(self, person: Person, scope: str, mark: str = "") -> Home:
        """A place with a collection of documents."""
        shelf_mark = self.mark(person)
        shelf = documents.create_collection(person.who, f"Shelf {shelf_mark}", scope=scope).id
        return Home(scope, mark or self.mark(person), shelf, shelf_mark)

    def talk(self, person: Person, home: Home) -> Talk:
        """A chat with a mark of its own, which may move about."""
        mark = self.mark(person)
        made = chat.create(person.who, title=f"Talk {mark}", project=home.project)
        chat.add_message(person.who, made.id, "user", f"We spoke of the boat and the garden {mark}")
        talk = Talk(made.id, mark, home, {home.mark})
        person.talks.append(talk)
        return talk

    # what may be given

    def living(self, person: Person) -> list[Home]:
        """The homes that are not deleted."""
        return [home for home in person.homes if not home.deleted]

    def remembered(self, person: Person, home: Home) -> set[str]:
        """The marks that memory may give in a home."""
        reads = [home, person.own] if home.open else [home]
        marks = {one.mark for one in reads}
        return marks | {talk.mark for talk in person.talks if talk.places & marks}

    def shelves(self, person: Person, home: Home | None = None) -> set[str]:
        """The marks of documents that a person may read: everywhere, or of one home alone."""
        if home is not None:
            return {home.shelf_mark}
        shared = {one.own.shelf_mark for one in self.people if one.shared}
        return shared | {one.shelf_mark for one in self.living(person)}

    def library(self, person: Person, home: Home | None) -> set[str]:
        """The marks that a search over everything, or in one project, may give."""
        inside = self.living(person) if home is None else [home]
        talks = {talk.mark for talk in person.talks if talk.at in inside}
        return {one.mark for one in inside} | talks | self.shelves(person, home)

    # the background

    def work(self) -> None:
        """What waits in the queue, done as a worker does it: the registered functions, one job after the other."""
        chat_index.catch_up()
        filling.catch_up()
        while jobs := _waiting():
            for name, given in jobs:
                self.job(name, given)
        for person in self.people:
            for talk in person.talks:
                talk.places = {talk.at.mark} if talk.at else set()

    def job(self, name: str, given: dict[str, str]) -> None:
        """One job; one that learns is told by the model what was planned, and comes twice now and then."""
        self.done[f"job {name}"] += 1
        answer = given.get("answer", "")
        if answer not in self.plans:
            REGISTERED[name].work(**given)
            return
        person, home, operations = self.plans.pop(answer)
        self.server.says = [json.dumps({"operations": operations})] * 2
        REGISTERED[name].work(**given)
        if next(self.numbers) % 3 == 0:
            REGISTERED[name].work(**given)
        for event in store.events_of(person.who, "batch", answer):
            if event["fact"] not in home.facts:
                home.facts.append(event["fact"])

    def learned(self, person: Person, conversation: str, answer: str) -> None:
        """An exchange is there, and the other rooms are told of it, perhaps twice."""
        collection("messages").update_one({"_id": ObjectId(answer)}, {"$set": {"model": person.model}})
        exchange = hooks.exchange(person.who, answer)
        assert exchange is not None and exchange.conversation == conversation
        for _ in range(1 + (next(self.numbers) % 3 == 0)):
            hooks.exchange_settled(exchange)


def _waiting() -> list[tuple[str, dict[str, str]]]:
    """Takes every job out of the queue, in the order in which they came."""
    with connection() as database:
        rows = database.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING id, task_name, args"
        ).fetchall()
    return [(name, given) for _, name, given in sorted(rows, key=lambda row: row[0])]
