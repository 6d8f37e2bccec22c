"""`python -m tests.soak_worker`: kill -9 of the real worker at random instants of extraction and of ingestion; some
are paused instead, and wake up when another worker has their jobs.

Each round gives the worker something new to do beside what the dead one has left, waits until it is somewhere in the
middle of it, and kills it. After every third death a worker may finish, and everything must be there once. (A piece of
a document that was begun four times is given up, as what may end the worker itself.)
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bson import ObjectId

from hub import chat, documents, log, memory
from hub.chat import index as chat_index
from hub.chat import store as chats
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.db.who import Who
from hub.documents.records import MOVING
from hub.memory import store
from hub.models import connections
from tests.documents.working import free_stalled, until, worker
from tests.fakes.openai_server import FakeServer, Recorded
from tests.memory.soak import stores

ANNA = Who("anna", "Anna")
AT_ONCE = 5
"""Exchanges of a round."""
SECTIONS = 200
SLEEPERS = 0.3
"""The share of rounds in which a worker is paused and wakes up when another has its jobs."""
REST = 3
"""Rounds after which a worker may finish."""
PATIENCE = 300.0
_SAID = re.compile(r"I have a lantern (w\d+)")


class Noting(FakeServer):
    """A model that finds one fact in each exchange: what the person said that they have."""

    async def answer(self, request: Recorded, connection: object) -> None:
        said = _SAID.findall(json.dumps(request.body))[-1:]
        facts = [{"op": "ADD", "text": fact(one), "quote": quote(one), "kind": "knowledge"} for one in said]
        self.says = [json.dumps({"operations": facts})]
        await super().answer(request, connection)  # pyright: ignore


def quote(word: str) -> str:
    return f"I have a lantern {word}"


def fact(word: str) -> str:
    return f"The user has a lantern {word}"


@dataclass
class Kills:
    """`wrong` says what was lost or doubled, `died` where the worker was when it was killed."""

    dice: random.Random
    server: Noting
    model: str = ""
    told: dict[str, str] = field(default_factory=dict[str, str])
    """{answer: the word of what was said}"""
    written: dict[str, str] = field(default_factory=dict[str, str])
    """{document: the word of its newest version}"""
    given: int = 0
    """Versions of documents."""
    died: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        made = connections.add(ANNA, "openai_compatible", name="Fake", key="k", base_url=self.server.url)
        self.model = f"{made.id}/fake-says"
        self.shelf = documents.create_collection(ANNA, "Shelf").id

    def kill(self, middle: Callable[[], bool], where: Callable[[], str]) -> None:
        """A worker starts, gets to the middle, goes on for a random moment and dies."""
        with worker() as process:
            until(middle, "the worker is in the middle", PATIENCE)
            time.sleep(self.dice.uniform(0, 0.4))  # the moment of a death is random; nothing is waited for
            if self.dice.random() < SLEEPERS:
                self.sleep(process)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.died[where()] += 1
        free_stalled()

    def sleep(self, process: subprocess.Popen[bytes]) -> None:
        """It falls silent instead; another takes its jobs; it wakes up, and both go on for a while."""
        process.send_signal(signal.SIGSTOP)
        with connection() as database:
            database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        with worker():
            until(lambda: not _jobs("doing", silent=True), "another one takes its jobs", PATIENCE)
            process.send_signal(signal.SIGCONT)
            time.sleep(self.dice.uniform(0, 2))
        self.died["asleep, then"] += 1

    # extraction

    def extraction(self, number: int) -> None:
        """Some exchanges, a death somewhere between their indexing and the last fact."""
        before = len(self.server.requests)
        for one in range(AT_ONCE):
            self.tell(f"w{number * 100 + one}")
        chat_index.soon()
        if self.dice.random() < 0.25:
            self.kill(lambda: _jobs("doing") > 0, self.learned)
        else:
            wanted = before + self.dice.randint(1, AT_ONCE)
            self.kill(lambda: len(self.server.requests) >= wanted, self.learned)

    def tell(self, word: str) -> None:
        """An exchange in a chat of its own, whose answer has just ended."""
        home = chat.create(ANNA, title=f"Chat {word}")
        chat.add_message(ANNA, home.id, "user", quote(word))
        answer = chat.add_message(ANNA, home.id, "assistant", "I see.")
        streaming = {"status": "streaming", "model": self.model}
        collection("messages").update_one({"_id": ObjectId(answer)}, {"$set": streaming})
        chats.update_message(ANNA, ObjectId(answer), {"status": "done"}, only={"status": "streaming"})
        self.told[answer] = word

    def learned(self) -> str:
        """How far the worker had come."""
        unfinished = collection("memory_unsettled").count_documents({})
        return "while a change was written" if unfinished else "between changes"

    def finish_extraction(self) -> None:
        """Another worker ends it, and each exchange has left one fact, once."""
        with worker():
            until(
                lambda: all(store.read("memory_extractions", answer) for answer in self.told), "all learned", PATIENCE
            )
            until(lambda: not _jobs("doing") and not _jobs("todo"), "nothing is left to do", PATIENCE)
        facts = memory.facts(ANNA, most=10_000).facts
        self.same(sorted(fact(word) for word in self.told.values()), sorted(one.text for one in facts), "facts")
        for answer, word in self.told.items():
            events = store.events_of(ANNA, "batch", answer)
            self.same(["add"], [event["op"] for event in events], f"events of {word}")
            record = store.read("memory_extractions", answer) or {}
            self.same(["done", 1], [record.get("state"), record.get("changes")], f"record of {word}")
        self.same(0, collection("memory_unsettled").count_documents({}), "unfinished changes")
        self.same(sorted(one.id for one in facts), _indexed("memories"), "facts in the index")

    # ingestion

    def ingestion(self, number: int) -> None:
        """A document, or a new version of one, and a death somewhere in it."""
        name = f"notes{self.dice.randint(0, number // 3)}.md"
        added = documents.add_file(ANNA, self.shelf, name, notes(f"v{number}")).document
        self.written[added.id] = f"v{number}"
        self.given += 1
        state = self.dice.choice(["reading", "splitting", "embedding", "some"])

        def middle() -> bool:
            now = documents.get(ANNA, added.id)
            return now.state == "ready" or now.state == state or (state == "some" and now.done > 0)

        self.kill(middle, lambda: documents.get(ANNA, added.id).state)
        for document in self.written:
            versions = {item.split("-")[1] for item in _indexed("documents", f"collection:{self.shelf}", document)}
            self.same(True, len(versions) <= 1, f"only one version of {document} is found: {versions}")

    def finish_ingestion(self) -> None:
        """Another worker ends it, and every section of each newest version is there once."""
        with worker():
            until(
                lambda: not any(documents.get(ANNA, one).state in MOVING for one in self.written), "all read", PATIENCE
            )
        for document, word in self.written.items():
            self.same("ready", documents.get(ANNA, document).state, f"the state of {document}")
            passages = documents.passages(ANNA, document)
            text = " ".join(one.text for one in passages)
            counts = Counter(re.findall(r"heron\d+x(?=v)", text))
            self.same([SECTIONS, 1], [len(counts), max(counts.values(), default=0)], f"the sections of {document}")
            self.same(SECTIONS, text.count(f"x{word} "), f"the version of {document}")
            kept = sorted(one.id for one in passages if one.indexed)
            self.same(kept, _indexed("documents", f"collection:{self.shelf}", document), f"the index of {document}")
        self.same([], _indexed("documents", f"collection:{self.shelf}/next"), "passages that were never put in place")
        with connection() as database:
            [bare] = database.execute(
                "SELECT count(*) FROM search.rows AS r WHERE NOT EXISTS"
                " (SELECT FROM search.vectors AS v WHERE v.row = r.id)"
            ).fetchall()
        self.same((0,), bare, "passages without a vector")

    def same(self, wanted: object, found: object, what: str) -> None:
        """Notes what is not as it should be."""
        if wanted != found:
            self.wrong.append(f"{what}: {str(found)[:300]} in place of {str(wanted)[:300]}")


def notes(word: str) -> bytes:
    """Several pieces of Markdown; each section names its number and the version once."""
    filler = "The tide came in and the tide went out, and nobody wrote down when. " * 4
    return "\n\n".join(
        f"## Section {n}\n\nThe mark is heron{n}x{word} here. {filler}" for n in range(SECTIONS)
    ).encode()


def _jobs(status: str, *, silent: bool = False) -> int:
    """Jobs with this status; of a `silent` worker only, or of any."""
    with connection() as database:
        found = database.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = %s::procrastinate_job_status"
            " AND task_name NOT LIKE 'jobs.%%' AND (NOT %s OR worker_id IN"
            " (SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - interval '20 seconds'))",
            (status, silent),
        ).fetchone()
    return found[0] if found else 0


def _indexed(name: str, scope: str = "", group: str = "") -> list[str]:
    with connection() as database:
        found = database.execute(
            "SELECT r.item FROM search.rows AS r JOIN search.spaces AS s ON s.id = r.space"
            ' JOIN search.groups AS g ON g.id = r."group"'
            " WHERE s.collection = %s AND s.scope = %s AND %s IN ('', g.name) ORDER BY r.item",
            (name, scope, group),
        ).fetchall()
    return [row[0] for row in found]


def main() -> int:
    """Runs the rounds and prints the figures; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="of each kind")
    parser.add_argument("--kinds", nargs="+", default=["extraction", "ingestion"])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    log.set_up("soak", quiet=True)
    wrong: list[str] = []
    for kind in given.kinds:
        began = time.monotonic()
        with stores(), Noting() as server:
            kills = Kills(random.Random(given.seed), server)
            for number in range(1, given.rounds + 1):
                getattr(kills, kind)(number)
                if number % REST == 0 or number == given.rounds:
                    getattr(kills, f"finish_{kind}")()
                said = f"{kind} {number}: {time.monotonic() - began:.0f} s, {dict(kills.died)}"
                print(said, kills.wrong[:3], flush=True)
        seconds = time.monotonic() - began
        print(f"{kind}: {given.rounds} kills in {seconds:.0f} s, {len(kills.told) or kills.given} given to do")
        print(f"{len(kills.wrong)} lost or doubled")
        print(f"killed {dict(kills.died)}; the model was asked {len(server.requests)} times")
        wrong += kills.wrong
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
