"""An engine of its own for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hub.db.who import Who
from hub.models.types import ChatModel
from hub.runs import face
from hub.runs.engine import Engine
from hub.runs.keepers import Keepers
from hub.runs.records import Outcome, RunRecord

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")


class Desk:
    """The engine that the face works on, the models it opens by id, and what its room was given."""

    def __init__(self) -> None:
        self.models: dict[str, ChatModel] = {}
        self.kept: list[tuple[RunRecord, list[Outcome]]] = []
        self.kept_targets: list[Outcome] = []
        self.finished: list[RunRecord] = []
        self.trouble: Callable[[], None] = lambda: None
        self.process = face._Process()
        self.process.keepers.on_finish("test", self._keep)
        self.process.keepers.on_target("test", lambda run, outcome: self.kept_targets.append(outcome))
        self.restart()

    def restart(self) -> None:
        """A new engine, as after a new start of the process."""
        self.process._engine = Engine(self.process.keepers, lambda who, id: self.models[id], self.finished.append)

    def wait(self, run: str) -> list[Outcome]:
        """What came out of a run, once its end is published."""
        assert face.wait(run, 5)
        live = self.process.find(run)
        return live.over.result() if live else []

    @property
    def engine(self) -> Engine:
        return self.process.engine()

    @property
    def keepers(self) -> Keepers:
        return self.process.keepers

    def _keep(self, run: RunRecord, outcomes: list[Outcome]) -> None:
        self.trouble()
        self.kept.append((run, outcomes))


@pytest.fixture
def desk(mongo: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk()
    monkeypatch.setattr(face, "_process", desk.process)
    yield desk
    desk.process.close(0)
