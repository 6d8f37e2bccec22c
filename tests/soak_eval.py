"""`python -m tests.soak_eval`: kill -9 of workers of an evaluation at random moments.

Each round two workers begin a run that has a limit for all calls, one for each model, and a cap. One or both are killed
in the middle of it, others take their place, and again; then whoever is there finishes. Every row of the plan must be
there once, the provider must never have had more calls at once than the limits allow, no more may have been asked twice
than was under way when a worker was killed, and what the provider may have charged must be known of and below the cap.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hub import evals, log
from hub.cli.migrate import migrate_mongo
from hub.db.embedded import EmbeddedMongo
from hub.evals import runs_store
from hub.evals.records import EvalRun, Limits
from hub.models.types import Params
from hub.settings import override
from tests.evals.runs import ANNA, Bench, connect
from tests.fakes.openai_server import FakeServer, Recorded

ROWS, MODELS, WORKERS = 60, ("fake", "fake?n=1"), 2
CELLS = ROWS * len(MODELS)
LIMITS = Limits(total=10, per_model=6)
PRICE = 1000.0
"""US dollars for a million tokens: a thousandth for each."""
TOKENS = 4
PLENTY, SHORT = 20.0, 1.0
"""Caps: about 2 dollars are needed."""
PATIENCE = 240.0
Process = subprocess.Popen[bytes]


@dataclass
class Kills:
    """`wrong` says what did not hold, `ended` how runs ended."""

    dice: random.Random
    server: FakeServer
    bench: Bench
    killed: int = 0
    twice: int = 0
    feared: list[float] = field(default_factory=list[float])
    ended: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def round(self, number: int) -> None:
        """A run with one to three moments of death."""
        self.server.requests.clear()
        self.server.busiest.clear()
        asked = [self.bench.model(name, params=Params(max_tokens=TOKENS)) for name in MODELS]
        cap = SHORT if number % 3 == 0 else PLENTY
        run_id = self.bench.plan(self.bench.make_set(ROWS), *asked, cap=cap, unpriced=False, limits=LIMITS, cache=False)
        workers = [self.bench.process(run_id) for _ in range(WORKERS)]
        killed = 0
        for _ in range(self.dice.randint(1, 3)):
            wanted = min(CELLS - 1, len(self.server.requests) + self.dice.randint(1, CELLS // 3))
            until(lambda wanted=wanted: len(self.server.requests) >= wanted or self.over(run_id, workers))
            time.sleep(self.dice.uniform(0, 0.3))  # the moment of a death is random; nothing is waited for
            victims = self.dice.sample(range(WORKERS), self.dice.randint(1, WORKERS))
            killed += sum(self.kill(workers[victim]) for victim in victims)
            for victim in victims:
                workers[victim] = self.bench.process(run_id)
        until(lambda: self.over(run_id, workers))
        self.bench.work(run_id)
        self.check(number, evals.get_run(ANNA, run_id), cap, killed)

    def kill(self, worker: Process) -> int:
        """1 when it was alive."""
        alive = worker.poll() is None
        worker.kill()
        worker.wait()
        return int(alive)

    def over(self, run_id: str, workers: list[Process]) -> bool:
        """Whether nobody works on the run any more."""
        return all(worker.poll() is not None for worker in workers)

    def check(self, number: int, run: EvalRun, cap: float, killed: int) -> None:
        """Notes what is not as it should be."""
        stored = [one["index"] for one in runs_store.cells(ANNA, run.id, 0, 2 * CELLS)]
        twice = len(self.server.requests) - len(stored)
        charged = sum(map(self.charge, self.server.requests))
        busiest = [self.server.busiest[name] for name in ("", *MODELS)]
        allowed = [LIMITS.total, LIMITS.per_model or 0, LIMITS.per_model or 0]
        self.same(len(stored), len(set(stored)), f"{number}: cells that are there once")
        self.holds(run.status == "capped" or sorted(stored) == list(range(CELLS)), f"{number}: {len(stored)} cells")
        self.holds(run.status in ("done", "capped"), f"{number}: the run is {run.status}: {run.said}")
        self.holds(run.status == "done" or cap == SHORT, f"{number}: the cap was reached too soon: {run.said}")
        self.holds(0 <= twice <= killed * LIMITS.total, f"{number}: {twice} calls twice after {killed} kills")
        self.holds(all(map(int.__le__, busiest, allowed)), f"{number}: {busiest} calls at once of {allowed}")
        money = f"{number}: ${charged:.3f} charged, ${run.spent:.3f} known, cap ${cap:.2f}"
        self.holds(charged <= run.spent + 1e-9 and run.spent <= cap + 1e-9, money)
        self.holds(("cut off" in run.said) or not twice, f"{number}: nothing is said of {twice} calls: {run.said}")
        self.killed, self.twice = self.killed + killed, self.twice + twice
        self.feared.append(run.spent - charged)
        self.ended[run.status] += 1
        told = f"{len(stored)} of {CELLS} cells, {killed} killed, {twice} twice, at once {busiest}"
        print(f"round {money}; {run.status}, {told}", flush=True)

    def charge(self, request: Recorded) -> float:
        """What the provider takes for a call, in full, whoever has heard its answer."""
        [*_, last] = request.body["messages"]
        return (10 + len(last["content"]) // 4 + TOKENS) * PRICE / 1_000_000

    def holds(self, found: bool, what: str) -> None:
        """Notes what does not."""
        if not found:
            self.wrong.append(what)

    def same(self, wanted: object, found: object, what: str) -> None:
        """Notes what differs."""
        self.holds(wanted == found, f"{what}: {found} in place of {wanted}")


def until(condition: Callable[[], bool]) -> None:
    """Looks until it holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("The run did not come to an end in time.")
        time.sleep(0.02)


@contextmanager
def store() -> Generator[None]:
    """The embedded store as `hub up` starts it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        override(data=home)
        mongo = EmbeddedMongo(home / "mongo")
        mongo.prepare()
        process = mongo.spawn()
        try:
            mongo.wait(process)
            override(mongo_url=mongo.url)
            migrate_mongo()
            yield
        finally:
            mongo.stop(process)


def main() -> int:
    """Runs the rounds and prints the figures; 1 when something did not hold."""
    parser = argparse.ArgumentParser(description="Kill -9 of workers of an evaluation.")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    log.set_up("soak", quiet=True)
    began = time.monotonic()
    with store(), FakeServer(tokens=TOKENS, first_ms=300) as server:
        bench = connect(server)
        bench.price(**dict.fromkeys(MODELS, PRICE))
        kills = Kills(random.Random(given.seed), server, bench)
        for number in range(1, given.rounds + 1):
            kills.round(number)
    print(
        f"{given.rounds} runs in {time.monotonic() - began:.0f} s, {kills.killed} workers killed, {dict(kills.ended)}"
    )
    print(f"{kills.twice} calls made twice; of the money ${sum(kills.feared):.3f} was only feared")
    print(f"{len(kills.wrong)} did not hold")
    print("\n".join(kills.wrong))
    return 1 if kills.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
