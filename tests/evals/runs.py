"""Runs on real stores against the fake provider."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hub import evals
from hub.db.who import Who
from hub.evals.plan import begin
from hub.evals.records import Asked, Cell, EvalRun, Row, RunRequest, SetDraft, Template
from hub.evals.work import run_slice
from hub.models import catalogue, connections
from hub.models.types import Entry, Price
from hub.settings import child_environment
from tests.fakes.openai_server import FakeServer

ROOT = Path(__file__).parents[2]
ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")


@dataclass
class Bench:
    """A fake provider with a connection to it, and runs that this process works on."""

    server: FakeServer
    connection: str
    who: Who = ANNA

    def model(self, name: str, **more: Any) -> Asked:
        """A model of the fake provider."""
        return Asked(f"{self.connection}/{name}", **more)

    def make_set(self, count: int = 3, templates: tuple[Template, ...] = (), **more: Any) -> str:
        """A set of rows that ask "Question 0" and so on."""
        rows = tuple(Row(f"r{number}", (f"Question {number}",)) for number in range(count))
        draft = SetDraft("Questions", more.pop("rows", rows), **more)
        return evals.create_set(self.who, replace(draft, templates=templates) if templates else draft).id

    def plan(self, set_id: str, *models: str | Asked, **more: Any) -> str:
        """A run that is stored and that nobody works on yet."""
        asked = tuple(self.model(one) if isinstance(one, str) else one for one in models)
        return begin(self.who, RunRequest(set_id, asked, unpriced=more.pop("unpriced", True), **more))

    def work(self, run_id: str) -> EvalRun:
        """Works on a run until nothing is left here."""
        run_slice(self.who, run_id)
        return evals.get_run(self.who, run_id)

    def process(self, run_id: str) -> subprocess.Popen[bytes]:
        """A process of its own that works on a run."""
        command = [sys.executable, "-m", "tests.evals.slice_process", self.who.id, run_id]
        return subprocess.Popen(command, env=child_environment(), cwd=ROOT)

    def price(self, **dollars: float) -> None:
        """What models cost from now on, in US dollars for a million tokens; other models have no known price."""
        entries = [Entry(name, price=Price(cost, cost)) for name, cost in dollars.items()]
        catalogue._store(self.who, connections.get(self.who, self.connection), entries)

    def cells(self, run_id: str) -> list[Cell]:
        """All cells of a run."""
        return list(evals.cells(self.who, run_id))


def connect(server: FakeServer, who: Who = ANNA) -> Bench:
    """A connection to the server."""
    made = connections.add(who, "openai_compatible", name="Fake", key="k", base_url=server.url)
    return Bench(server, made.id, who)


def remote(name: str, who: Who = ANNA) -> Asked:
    """A model on somebody else's server, which is never asked here."""
    made = connections.add(who, "openai_compatible", name="Far away", key="k", base_url="https://models.example.com/v1")
    return Asked(f"{made.id}/{name}")
