"""Whatever is done with panes, and whoever dies over it: what is shown is what is stored."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from hub import chat, compare, runs
from hub.chat import window
from hub.compare.records import Asked, Shown
from hub.db.mongo import collection
from hub.errors import BadInput
from hub.runs import face
from tests.compare.conftest import ANNA, ended, texts
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of


@dataclass
class Pane:
    """What a pane must show: its model's tokens, and question and tokens of each turn."""

    id: str
    tokens: int
    turns: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    @property
    def texts(self) -> list[str]:
        return [text for question, tokens in self.turns for text in (question, text_of(tokens))]


class Acts:
    """Random acts on a comparison, with what must come of them kept beside."""

    def __init__(self, model: str, seed: int) -> None:
        self.model = model
        self.random = random.Random(seed)
        counts = [self.random.randint(1, 9) for _ in range(self.random.randint(1, 4))]
        asked = compare.start(ANNA, "q0", [(self.name(count), None) for count in counts], blind=seed % 2 == 0)
        self.id, self.blind = asked.comparison, seed % 2 == 0
        self.panes = [Pane(id_, 0, []) for id_ in asked.panes]
        shown = ended(asked)
        for pane, one in zip(self.panes, shown.panes, strict=True):
            pane.tokens = len(one.messages[1].text.split())
            pane.turns = [("q0", pane.tokens)]
        assert sorted(pane.tokens for pane in self.panes) == sorted(counts)

    def name(self, tokens: int) -> str:
        return f"{self.model}fake?tokens={tokens}"

    def act(self, number: int) -> None:
        one = self.random.choice(self.panes)
        getattr(self, self.random.choice(["all", "some", "retry", "swap", "later", "add", "remove", "stop"]))(
            one, number
        )

    def all(self, one: Pane, number: int) -> None:
        self.asked(compare.say(ANNA, self.id, f"q{number}"), self.panes, f"q{number}")

    def some(self, one: Pane, number: int) -> None:
        chosen = self.random.sample(self.panes, self.random.randint(1, len(self.panes)))
        self.asked(compare.say(ANNA, self.id, f"q{number}", only=[pane.id for pane in chosen]), chosen, f"q{number}")

    def asked(self, asked: Asked, chosen: list[Pane], question: str) -> None:
        ended(asked)
        for pane in chosen:
            pane.turns.append((question, pane.tokens))

    def retry(self, one: Pane, number: int) -> None:
        ended(compare.retry(ANNA, self.id, one.id))
        one.turns[-1] = (one.turns[-1][0], one.tokens)

    def swap(self, one: Pane, number: int) -> None:
        if self.refused(one):
            return
        one.tokens = self.random.randint(1, 9)
        ended(compare.swap(ANNA, self.id, one.id, self.name(one.tokens)))
        one.turns[-1] = (one.turns[-1][0], one.tokens)

    def later(self, one: Pane, number: int) -> None:
        if not self.refused(one):
            one.tokens = self.random.randint(1, 9)
            compare.swap(ANNA, self.id, one.id, self.name(one.tokens), asking=False)

    def refused(self, one: Pane) -> bool:
        """While names are hidden no model is changed; now and then the person gives up."""
        if not self.blind:
            return False
        with pytest.raises(BadInput):
            compare.swap(ANNA, self.id, one.id, self.name(1))
        if self.random.random() < 0.3:
            compare.reveal(ANNA, self.id)
            self.blind = False
        return True

    def add(self, one: Pane, number: int) -> None:
        if self.blind or len(self.panes) > 5:
            return
        tokens = self.random.randint(1, 9)
        asked = compare.add_pane(ANNA, self.id, (self.name(tokens), None), like=one.id)
        ended(asked)
        self.panes.append(Pane(asked.panes[0], tokens, [*one.turns[:-1], (one.turns[-1][0], tokens)]))

    def remove(self, one: Pane, number: int) -> None:
        if len(self.panes) > 1:
            compare.remove_pane(ANNA, self.id, one.id)
            self.panes.remove(one)

    def stop(self, one: Pane, number: int) -> None:
        compare.stop(ANNA, self.id, one.id)

    def check(self) -> Shown:
        shown = compare.open_comparison(ANNA, self.id)
        assert texts(shown) == [pane.texts for pane in self.panes]
        assert [one.pane.id for one in shown.panes] == [pane.id for pane in self.panes]
        assert all(bool(one.pane.model) != self.blind for one in shown.panes)
        assert shown.comparison.revealed != self.blind
        return shown


@pytest.mark.parametrize("seed", range(6))
def test_random_acts_are_shown_as_they_are_stored(
    model: str, engine: face._Process, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = Acts(model, seed)
    for number in range(1, 20):
        acts.act(number)
        shown = acts.check()
    engine.close(5)
    monkeypatch.setattr(face, "_process", face._Process())
    assert acts.check() == shown
    for one in acts.panes:
        if not acts.blind:
            home = compare.continue_with(ANNA, acts.id, one.id)
            assert [message.text for message in chat.open_window(ANNA, home).messages] == one.texts


@contextmanager
def dying(model: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has begun a comparison; it is dead afterwards."""
    command = [sys.executable, "-m", "tests.compare.dying", model, *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_killed_process_leaves_panes_that_can_be_asked_again(model: str, server: FakeServer) -> None:
    with dying(model) as process:
        assert process.stdout
        comparison, run = process.stdout.readline().split()
        assert server.wait_for(lambda one: one.streaming == 2, timeout=30)
        quick = compare.open_comparison(ANNA, comparison).panes[1].messages[1].id
        while chat.get_message(ANNA, quick).status == "streaming":
            continue
    runs.start_up()
    assert runs.wait(run, 30)
    shown = compare.open_comparison(ANNA, comparison)
    assert [one.messages[1].status for one in shown.panes] == ["interrupted", "done", "interrupted"]
    assert shown.panes[1].messages[1].text == text_of(3) and not shown.running
    for pane in (shown.panes[0], shown.panes[2]):
        shown = ended(compare.swap(ANNA, comparison, pane.pane.id, model + "fake?tokens=4"))
    assert texts(shown) == [["Which?", text_of(count)] for count in (4, 3, 4)]


def test_a_process_killed_between_writing_and_asking(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with dying(model, "before-run") as process:
        assert process.wait(30) < 0
    monkeypatch.setattr(window, "YOUNG", window.YOUNG * 0)
    found = collection("comparisons").find_one({})
    assert found is not None
    shown = compare.open_comparison(ANNA, str(found["_id"]))
    assert [one.messages[1].status for one in shown.panes] == ["interrupted"] * 3
    shown = ended(compare.retry(ANNA, shown.comparison.id, shown.panes[1].pane.id))
    assert shown.panes[1].messages[1].text == text_of(3)


def test_two_tabs_asking_the_same_pane_do_not_tear_it(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One tab asks between the look and the write of the other: the other is refused and leaves nothing."""
    asked = compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake?tokens=2", None)])
    ended(asked)
    before = collection("messages").count_documents({})
    from hub.compare import ask as asking

    real = asking.asks

    def overtaken(*args: object, **more: object) -> object:
        monkeypatch.setattr(asking, "asks", real)
        ended(compare.say(ANNA, asked.comparison, "First"))
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(asking, "asks", overtaken)
    with pytest.raises(BadInput):
        compare.say(ANNA, asked.comparison, "Second")
    assert collection("messages").count_documents({}) == before + 4
    assert texts(compare.open_comparison(ANNA, asked.comparison))[0] == ["Hi", text_of(5), "First", text_of(5)]
