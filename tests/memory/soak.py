"""Random acts by several people, in projects and temporary chats, and a look that nothing ever crosses.

`python -m tests.memory.soak --count 100000` runs it alone: worlds of 2,500 acts on stores of their own, two at a
time.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from hub import hooks, log
from hub.cli import migrate
from hub.cli.worker import TASKS
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.memory.words import occurs
from hub.search import serving
from hub.search.rebuild import rebuild
from tests.fakes.openai_server import FakeServer
from tests.memory.acts import MEMORY, Acts
from tests.memory.world import MARK, Quick, World

WORK_EVERY = 40
"""Acts after which what waits in the queue is done."""
WORLD = 2500
"""Acts on the same stores: the embedded document store writes more slowly the more it has written. At their end every
row of every store is looked at."""


@dataclass(frozen=True)
class Report:
    """What a run came to."""

    seed: int
    acts: int
    seconds: float
    wrong: list[str]
    counted: Counter[str]


def run(count: int, seed: int) -> Report:
    """`count` acts on stores that are open and migrated; `Quick` makes the vectors."""
    began = time.monotonic()
    with FakeServer() as server:
        world = World(server)
        world.settle()
        acts = Acts(random.Random(seed), world)
        for number in range(1, count + 1):
            acts.step()
            if number % WORK_EVERY == 0:
                world.work()
        check(acts)
    return Report(seed, count, time.monotonic() - began, acts.wrong, acts.counted + world.done)


# Every row of every store


def check(acts: Acts) -> None:
    """Whether each row belongs where it stands, sources are there, and the index built anew is the index kept."""
    acts.world.work()
    acts.counted["whole checks"] += 1
    homes = {(one.who.id, home.scope): home for one in acts.world.people for home in one.homes}
    for name in MEMORY:
        for row in collection(name).find({}):
            home = homes.get((row["owner"], row["scope"])) if "scope" in row else None
            allowed = {home.mark} if home else set[str]()
            if foreign := set(MARK.findall(repr(row))) - allowed:
                acts.wrong.append(f"{name} {row['_id']} holds {sorted(foreign)}")
    _sources(acts)
    acts.expect(not collection("memory_unsettled").count_documents({}), "something was left unfinished")
    _index(acts)


def _sources(acts: Acts) -> None:
    """Every automatic fact was said in a message that is there, in these words, in this chat."""
    for row in collection("memories").find({"fact": {"$ne": None}}):
        fact = row["fact"]
        if fact["origin"] != "automatic":
            continue
        acts.expect(bool(fact["sources"]), f"{row['_id']} has no source")
        for source in fact["sources"]:
            said = _message(source["message"])
            holds = said is not None and said["owner"] == row["owner"] and occurs(source["quote"], said["text"])
            holds = holds and str(said["conversation"]) == source["conversation"] and said["role"] == "user"
            acts.expect(holds, f"the source of {row['_id']} cannot be opened")
            acts.counted["sources checked"] += 1


def _message(id_: str) -> Any:
    from bson import ObjectId

    return collection("messages").find_one({"_id": ObjectId(id_)})


def _index(acts: Acts) -> None:
    """The index holds what belongs there, and building it anew, every row of it, changes nothing."""
    kept = _rows()
    marks = {mark for one in acts.world.people for mark in _may_be_found(acts.world, one)}
    for owner, where, text in ((row[1], row[2], row[6]) for row in kept):
        if foreign := set(MARK.findall(text)) - marks:
            acts.wrong.append(f"the index of {owner} in {where!r} holds {sorted(foreign)}")
    for source in hooks.search_sources():
        rebuild(source, lambda done, of: None, fresh=True)
    acts.world.work()
    anew = _rows()
    acts.counted["rows rebuilt"] += len(anew)
    acts.expect(anew == kept, f"the index built anew is another: {list(set(anew) ^ set(kept))[:3]}")


def _may_be_found(world: World, person: Any) -> set[str]:
    own = {mark for home in person.homes for mark in (home.mark, home.shelf_mark)}
    return own | {talk.mark for talk in person.talks if talk.at}


def _rows() -> list[tuple[Any, ...]]:
    with connection() as database:
        return database.execute(
            "SELECT s.collection, s.owner, s.scope, g.name, r.item, r.part, r.text, r.place, r.at, r.about::text,"
            " r.language, EXISTS (SELECT FROM search.vectors AS v WHERE v.row = r.id) FROM search.rows AS r"
            ' JOIN search.spaces AS s ON s.id = r.space JOIN search.groups AS g ON g.id = r."group"'
            " ORDER BY 1, 2, 3, 4, 5, 6"
        ).fetchall()


# Alone


@contextmanager
def stores() -> Generator[None]:
    """Stores of this process's own, without the cost of durability."""
    from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
    from hub.files import read
    from hub.settings import override

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        both = EmbeddedMongo(home / "m", durable=False, auth=False), EmbeddedPostgres(home / "p", durable=False)
        for one in both:
            one.prepare()
        running = [(one, one.spawn()) for one in both]
        try:
            for one, process in running:
                one.wait(process)
            (home / "data").mkdir()
            override(data=home / "data", mongo_url=both[0].url, postgres_url=both[1].url, store_timeout=60)
            migrate.migrate_mongo()
            migrate.migrate_postgres()
            yield
        finally:
            read.close()
            for one, process in running:
                process.kill()
                one.stop(process)


def alone(count: int, seed: int) -> Report:
    """`run` in a process of its own."""
    for name in TASKS:
        import_module(name)
    log.set_up("soak", quiet=True)
    with stores():
        quick = Quick()
        serving.configured = lambda: quick  # pyright: ignore
        return run(count, seed)


def main() -> int:
    """The acts, two worlds at a time, and a report; 1 when something crossed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    sizes = [min(WORLD, given.count - start) for start in range(0, given.count, WORLD)]
    seeds = range(given.seed, given.seed + len(sizes))
    reports: list[Report] = []
    with ProcessPoolExecutor(given.processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        for report in as_completed([pool.submit(alone, *one) for one in zip(sizes, seeds, strict=True)]):
            reports.append(report.result())
            so_far, seconds = sum(one.acts for one in reports), time.monotonic() - began
            print(f"{so_far:,} in {seconds:.0f} s; seed {reports[-1].seed}: {reports[-1].wrong[:3]}", flush=True)
    return told(reports, time.monotonic() - began)


def told(reports: list[Report], seconds: float) -> int:
    """Prints what came of it."""
    counted = sum((one.counted for one in reports), Counter[str]())
    wrong = [f"seed {one.seed}: {said}" for one in reports for said in one.wrong]
    acts = sum(one.acts for one in reports)
    seeds = f"{min(one.seed for one in reports)} to {max(one.seed for one in reports)}"
    print(f"{acts:,} operations in {seconds:.0f} s ({acts / seconds:.0f} a second), seeds {seeds}")
    print(f"{len(wrong)} crossings or losses")
    print(dict(counted.most_common()))
    print("\n".join(wrong[:20]), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
