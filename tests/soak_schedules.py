"""`python -m tests.soak_schedules`: kill -9 of one part of a running hub after the other while schedules run.

Each round has some schedules due, kills a part at a random moment of their runs, and lets the supervisor bring it back.
After every few rounds the hub may finish, and each of them must have ended exactly once as done, failed or missed, with
one message and one answer, whether it has a chat of its own, shares one, or writes a document.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bson import ObjectId
from pymongo.errors import PyMongoError

from hub import chat, documents, log
from hub.db.mongo import Document, collection, now
from hub.db.who import OWNER
from hub.errors import StoreDown
from hub.models import connections
from hub.schedules import manage
from hub.schedules.records import ENDED, Output, Policy, Spec
from hub.schedules.when import plain, read
from hub.settings import override
from tests.cli.hub_process import HubProcess, hub_up
from tests.fakes.openai_server import FakeServer

PARTS = {
    "worker": "hub worker",
    "scheduler": "hub scheduler",
    "web": "streamlit",
    "Postgres": "bin/postgres",
    "Mongo": "secantus",
}
"""What a child of the supervisor has in its command."""
OWN_CHATS, ONE_CHAT, TO_DOCUMENTS = 4, 2, 1
"""Schedules of a round by where their results go."""
TOKENS, GAP_MS = 30, 50
"""An answer takes two seconds in the first round, and a little longer in each."""
REST = 5
"""Rounds of all parts after which the hub may finish."""
PATIENCE = 480.0
"""Seconds for all to end. What a worker left that died in its third start is told to have failed after five minutes."""
T = TypeVar("T")


@dataclass
class Kills:
    """`wrong` says what was lost or doubled, `died` how far the runs of a round were at its kill, `ends` how they
    ended."""

    hub: HubProcess
    dice: random.Random
    url: str
    given: list[ObjectId] = field(default_factory=list[ObjectId])
    died: Counter[str] = field(default_factory=Counter[str])
    ends: Counter[str] = field(default_factory=Counter[str])
    back: list[float] = field(default_factory=list[float])
    wrong: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        made = connections.add(OWNER, "openai_compatible", name="Fake", key="k", base_url=self.url)
        self.model = f"{made.id}/fake"
        self.chat = chat.create(OWNER, title="Shared").id
        self.shelf = documents.create_collection(OWNER, "Results").id
        self.writers = set[ObjectId]()

    def round(self, part: str) -> None:
        """Schedules become due, and the part dies in the middle of them."""
        places = [Output()] * OWN_CHATS + [Output("chat", self.chat)] * ONE_CHAT
        places += [Output("document", self.shelf)] * TO_DOCUMENTS
        fresh = self.due(places)
        self.given += fresh
        until(lambda: self.rows(fresh), "the scheduler sees them", 60)
        time.sleep(self.dice.uniform(0, 5))  # the moment of a death is random; nothing is waited for
        self.died.update(self.states(fresh))
        began = time.monotonic()
        self.hub.child(PARTS[part]).kill()
        self.hub.wait_for("is back")
        self.back.append(time.monotonic() - began)

    def due(self, places: Sequence[Output]) -> list[ObjectId]:
        """Schedules for this minute, which has begun; a scheduler takes that for on time."""
        minute, rows = now().replace(second=0, microsecond=0), list[Document]()
        when = read({"kind": "once", "zone": "UTC", "at": f"{minute + timedelta(hours=1):%Y-%m-%dT%H:%M}"})
        this = plain(read({"kind": "once", "zone": "UTC", "at": f"{minute:%Y-%m-%dT%H:%M}"}))
        for number, output in enumerate(places, len(self.given)):
            prompt = f"Say {number}, tokens={TOKENS + len(self.given) // len(places)}"
            policy = Policy(backoff=1)
            wanted = Spec(f"Round {number}", prompt, model=self.model, when=when, output=output, policy=policy)
            made = manage.create(OWNER, wanted)
            row = collection("schedules").find_one_and_delete({"_id": ObjectId(made.id)})
            assert row
            if output.place == "document":
                self.writers.add(row["_id"])
            rows.append({**row, "when": this, "after": minute - timedelta(seconds=1), "next_at": minute})
        collection("schedules").insert_many([{**row, "changed_at": now()} for row in rows])
        return [row["_id"] for row in rows]

    def rows(self, schedules: Iterable[ObjectId]) -> list[Document]:
        """What became of schedules so far."""
        mine = set(schedules)
        found = ask(lambda: list(collection("occurrences").find({"owner": OWNER.id})))
        return [row for row in found if row["schedule"] in mine]

    def states(self, schedules: Iterable[ObjectId]) -> list[str]:
        """How far they are."""
        return ["waits to begin" if not row.get("prompt") else row["status"] for row in self.rows(schedules)]

    def finish(self) -> None:
        """Lets the hub come to the end of everything, and looks at it."""
        until(lambda: len(self.rows(self.given)) >= len(self.given), "all have begun", PATIENCE)
        until(lambda: all(row["status"] in ENDED for row in self.rows(self.given)), "all have ended", PATIENCE)
        rows = self.rows(self.given)
        self.ends = Counter(row["status"] for row in rows)
        twice = [key for key, count in Counter(row["schedule"] for row in rows).items() if count > 1]
        self.same([], twice, "schedules with two results")
        self.same(0, sum(row["status"] not in ("done", "failed", "missed") for row in rows), "other ends")
        found = ask(lambda: collection("conversations").find({"owner": OWNER.id}, {"_id": 1}).to_list())
        wanted = {self.chat} | {row["ids"]["conversation"] for row in rows if self._messages(row)}
        self.same(wanted, {str(one["_id"]) for one in found}, "chats")
        for row in rows:
            if row["status"] != "missed":
                self._look(row)
        shared = [row for row in rows if row["ids"]["conversation"] == self.chat]
        asked = [one for one in self._messages(shared[0]) if one["role"] == "user"]
        self.same(sorted(row["ids"]["message"] for row in shared), sorted(str(one["_id"]) for one in asked), "messages")
        names = Counter(one.name for one in ask(lambda: documents.documents(OWNER, self.shelf)))
        written = [row for row in rows if row["schedule"] in self.writers and row["status"] == "done"]
        self.same(Counter(document_of(row) for row in written), names, "documents")
        ask(lambda: collection("schedules").delete_many({"owner": OWNER.id}))  # a person can have so many

    def _look(self, row: Document) -> None:
        """One message, one answer for each attempt, and what was promised of the last one."""
        words = f"of {row['name']}, {row['status']} {row.get('error', '')!r}"
        said = self._messages(row)
        message = ObjectId(row["ids"]["message"])
        mine = [one for one in said if one["_id"] == message or one["text"] == row["prompt"]]
        self.same([message], [one["_id"] for one in mine], f"messages {words}")
        answers = [one for one in said if one["parent"] == message]
        self.same(row["attempts"] + 1, len(answers), f"answers {words}")
        if row["status"] == "done":
            ends = [(one["status"], one["text"]) for one in answers if str(one["_id"]) == row["ids"]["answer"]]
            self.same([("done", row["said"])], ends, f"the answer {words}")

    def _messages(self, row: Document) -> list[Document]:
        wanted = {"conversation": ObjectId(row["ids"]["conversation"])}
        return ask(lambda: collection("messages").find(wanted).to_list())

    def same(self, wanted: object, found: object, what: str) -> None:
        """Notes what is not as it should be."""
        if wanted != found:
            self.wrong.append(f"{what}: {str(found)[:300]} in place of {str(wanted)[:300]}")


def document_of(row: Document) -> str:
    """The name of the document that an occurrence writes."""
    return f"{row['name']} {row['due_at']:%Y-%m-%d %H:%M}.md"


def ask(question: Callable[[], T]) -> T:
    """What a store answers, once it is up."""
    end = time.monotonic() + 90
    while True:
        try:
            return question()
        except (StoreDown, PyMongoError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def until(condition: Callable[[], object], what: str, seconds: float) -> None:
    """Looks until it holds; raises TimeoutError."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"It never came to that: {what}.")
        time.sleep(0.3)


def main() -> int:
    """Runs the rounds and prints the figures; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of each part")
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    log.set_up("soak", quiet=True)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeServer(gap_ms=GAP_MS) as server,
        hub_up(Path(folder) / "data", discover_local="false") as hub,
    ):
        override(data=hub.data, mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url)
        kills = Kills(hub, random.Random(given.seed), server.url)
        for number in range(1, given.rounds + 1):
            for part in given.parts:
                kills.round(part)
            if number % REST == 0 or number == given.rounds:
                kills.finish()
            said = f"{number}: {time.monotonic() - began:.0f} s, {len(kills.given)} due, {dict(kills.ends)}"
            print(said, kills.wrong[:3], flush=True)
        requests = len(server.requests)
    back = sorted(kills.back)
    print(f"{given.rounds} kills of each of {', '.join(given.parts)} in {time.monotonic() - began:.0f} s")
    print(f"{len(kills.given)} schedules due: {dict(kills.ends)}; {len(kills.wrong)} lost, doubled or wrong")
    print(f"at the kills their runs were: {dict(kills.died)}; the model was asked {requests} times")
    print(f"the part was back after {back[len(back) // 2]:.1f} s (median), {back[-1]:.1f} s at most")
    print("\n".join(kills.wrong[:20]))
    return 1 if kills.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
