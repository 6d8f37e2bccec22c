"""Blind comparisons: names are nowhere until the vote is in, and are gone again when it is taken back."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

import orjson
import pytest

from hub import chat, compare, runs, votes
from hub.chat import exchange, store
from hub.chat.index import Conversations
from hub.compare.records import Asked, Shown
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from hub.models import catalogue
from tests.compare.conftest import ANNA, ended

NAMES = ("zebra", "heron", "otter")


def begin(model: str, *, names: tuple[str, ...] = NAMES) -> Asked:
    chosen = [(f"{model}fake-{name}?tokens={5 + place}", {"seed": place}) for place, name in enumerate(names)]
    return compare.start(ANNA, "Who are you?", chosen, blind=True)


def everything(shown: Shown) -> str:
    """All that a person can get to see of it."""
    conversation = shown.comparison.conversation
    window = chat.open_window(ANNA, conversation)
    parts: list[object] = [asdict(shown), asdict(window), chat.export_json(ANNA, conversation)]
    parts += [chat.export_markdown(ANNA, conversation, branches=True), chat.export_text(ANNA, conversation)]
    parts += [asdict(chat.get(ANNA, conversation)), [asdict(one) for one in compare.comparisons(ANNA)]]
    parts += [asdict(chat.list_conversations(ANNA))]
    answers = [message for one in shown.panes for message in one.messages if message.role == "assistant"]
    parts += [asdict(chat.get_message(ANNA, one.id)) for one in answers]
    return orjson.dumps(parts, default=str).decode()


def watched(run: str) -> str:
    """All that comes over the event stream, and the run's record as the route shows it."""

    async def watch() -> list[object]:
        return [event.wire() async for batch in runs.watch(ANNA, run) for event in batch]

    labels = [target.label for target in runs.get(ANNA, run).targets]
    return orjson.dumps([asyncio.run(watch()), labels]).decode()


def ranked(shown: Shown) -> dict[str, int]:
    return {one.pane.id: place for place, one in enumerate(shown.panes, 1)}


def test_nothing_tells_who_it_is_before_the_vote(model: str) -> None:
    asked = begin(model)
    shown = ended(asked)
    retried = compare.retry(ANNA, asked.comparison, shown.panes[0].pane.id)
    shown = ended(retried)
    shown = ended(compare.say(ANNA, asked.comparison, "And you?"))
    seen = everything(shown) + watched(asked.run or "") + watched(retried.run or "")
    assert not [name for name in (*NAMES, 'seed":1', '"output":5') if name in seen]
    assert [one.pane.letter for one in shown.panes] == ["A", "B", "C"]
    assert {message.model_label for one in shown.panes for message in one.messages[1::2]} == {
        "Model A",
        "Model B",
        "Model C",
    }
    assert all(m.cost is None and m.usage is None and m.timing is None for one in shown.panes for m in one.messages)
    assert chat.get(ANNA, asked.conversation).totals.answers == 0
    told = [exchange.read(ANNA, message.id) for one in shown.panes for message in one.messages[1::2]]
    assert {one.answered.model for one in told if one} == {catalogue.default_model(ANNA)}
    for one in shown.panes:
        with pytest.raises(BadInput):
            chat.sent_request(ANNA, one.messages[1].id)
        with pytest.raises(BadInput):
            compare.continue_with(ANNA, asked.comparison, one.pane.id)
        with pytest.raises(BadInput):
            compare.swap(ANNA, asked.comparison, one.pane.id, model + "fake")
        with pytest.raises(BadInput):
            chat.fork(ANNA, one.messages[1].id)
    with pytest.raises(BadInput):
        compare.add_pane(ANNA, asked.comparison, (model + "fake", None))


def test_the_index_does_not_know_either(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.chat import index

    held: list[object] = []
    monkeypatch.setattr(index.index, "hold", lambda space, unit, entries: held.extend(entries))
    monkeypatch.setattr(index.index, "drop_elsewhere", lambda *args, **kwargs: None)
    shown = ended(begin(model))
    Conversations("messages").index(ANNA, shown.comparison.conversation)
    assert len(held) == 4 and not [name for name in NAMES if name in repr(held)]
    held.clear()
    marked = collection("unindexed").find_one({})
    compare.vote(ANNA, shown.comparison.id, 1, ranks=ranked(shown))
    Conversations("messages").index(ANNA, shown.comparison.conversation)
    assert all(name in repr(held) for name in NAMES)
    again = collection("unindexed").find_one({})
    assert marked and again and again["change"] != marked["change"]


def test_the_recent_models_do_not_tell_the_order(model: str) -> None:
    asked = begin(model)
    ended(asked)
    before = catalogue.recents(ANNA)
    shown = ended(compare.retry(ANNA, asked.comparison, asked.panes[1]))
    ended(compare.say(ANNA, asked.comparison, "More", only=[asked.panes[2]]))
    sent = chat.regenerate(ANNA, shown.panes[0].messages[1].id)
    assert runs.wait(sent.run or "", 20)
    assert list(catalogue.recents(ANNA)) == list(before) == sorted(before, reverse=True)
    assert chat.get_message(ANNA, sent.answers[0]).model == ""
    assert not [name for name in NAMES if name in watched(sent.run or "")]


def test_an_error_names_nobody(model: str) -> None:
    asked = compare.start(ANNA, "Hi", [(model + "fake-404", None), (model + "fake-heron", None)], blind=True)
    shown = ended(asked)
    [failed] = [one.messages[1] for one in shown.panes if one.messages[1].status == "error"]
    assert failed.error and "404" not in failed.error.message + failed.error.hint
    assert "fake-404" not in watched(asked.run or "") + everything(shown)
    compare.reveal(ANNA, asked.comparison)
    told = chat.get_message(ANNA, failed.id).error
    assert told and told.kind != "veiled"


def test_a_vote_shows_the_names_and_taking_it_back_hides_them(model: str) -> None:
    shown = ended(begin(model))
    said = compare.vote(ANNA, shown.comparison.id, 1, ranks=ranked(shown), reason="clearer", tags=["Clear"])
    assert said.ranks == ranked(shown) and said.reason == "clearer"
    open_ = compare.open_comparison(ANNA, shown.comparison.id)
    assert open_.comparison.revealed and open_.comparison.votes == (said,)
    seen = everything(open_)
    assert all(name in seen for name in NAMES)
    assert all(one.messages[1].usage and one.messages[1].timing for one in open_.panes)
    assert {one.pane.model.rsplit("?")[0].rsplit("-")[1] for one in open_.panes} == set(NAMES)
    [kept] = votes.votes(ANNA)
    assert kept.blind and [one.model for one in kept.contenders] == [one.pane.label for one in open_.panes]
    assert [one.answer for one in kept.contenders] == [one.messages[1].id for one in open_.panes]
    compare.undo_vote(ANNA, shown.comparison.id, 1)
    hidden = compare.open_comparison(ANNA, shown.comparison.id)
    assert hidden == shown and not [name for name in NAMES if name in everything(hidden)]
    assert votes.votes(ANNA) == ()
    with pytest.raises(NotFound):
        compare.undo_vote(ANNA, shown.comparison.id, 1)


def test_names_stay_hidden_until_the_newest_turn_is_voted_on(model: str) -> None:
    asked = begin(model, names=NAMES[:2])
    shown = ended(asked)
    shown = ended(compare.say(ANNA, asked.comparison, "Second"))
    compare.vote(ANNA, asked.comparison, 1, ranks=ranked(shown))
    assert not compare.open_comparison(ANNA, asked.comparison).comparison.revealed
    compare.vote(ANNA, asked.comparison, 2, all_bad=True)
    shown = compare.open_comparison(ANNA, asked.comparison)
    assert shown.comparison.revealed and [one.turn for one in shown.comparison.votes] == [1, 2]
    assert {one.outcome for one in votes.votes(ANNA)} == {"ranked", "all_bad"}
    assert len({one.prompt for one in votes.votes(ANNA)}) == 2


def test_what_cannot_be_voted_on(model: str) -> None:
    asked = compare.start(ANNA, "Hi", [(model + "fake", None), (model + "fake-401", None), (model + "fake-x", None)])
    shown = ended(asked)
    a, failed, b = (one.pane.id for one in shown.panes)
    with pytest.raises(BadInput):
        compare.vote(ANNA, asked.comparison, 1, ranks={a: 1})
    with pytest.raises(BadInput):
        compare.vote(ANNA, asked.comparison, 2, ranks={a: 1, b: 2})
    assert compare.vote(ANNA, asked.comparison, 1, ranks={a: 2, failed: 3, b: 1}).ranks == {a: 2, b: 1}
    [kept] = votes.votes(ANNA)
    assert not kept.blind and kept.ranks == (2, 1)
    compare.vote(ANNA, asked.comparison, 1, ranks={a: 1, b: 1})
    [kept] = votes.votes(ANNA)
    assert kept.outcome == "tie"


def test_a_process_that_died_between_is_mended_by_the_next_look(model: str) -> None:
    shown = ended(begin(model))
    found = collection("comparisons").find_one({})
    assert found is not None
    collection("comparisons").update_one({"_id": found["_id"]}, {"$set": {"revealed": True}})
    open_ = compare.open_comparison(ANNA, shown.comparison.id)
    assert all(name in everything(open_) for name in NAMES)
    collection("comparisons").update_one({"_id": found["_id"]}, {"$set": {"revealed": False}})
    hidden = compare.open_comparison(ANNA, shown.comparison.id)
    assert not [name for name in NAMES if name in everything(hidden)]


def test_the_same_model_twice_is_told_apart_by_its_parameters(model: str) -> None:
    chosen = [(model + "fake", {"temperature": 0.0}), (model + "fake", {"temperature": 1.0}), (model + "fake-x", None)]
    shown = ended(compare.start(ANNA, "Hi", chosen))
    compare.vote(ANNA, shown.comparison.id, 1, ranks=ranked(shown))
    [kept] = votes.votes(ANNA)
    assert [one.model for one in kept.contenders] == ["fake (temperature 0.0)", "fake (temperature 1.0)", "fake-x"]


def test_the_order_is_shuffled_with_a_seed_that_is_kept(model: str) -> None:
    from hub.compare.panes import shuffled

    assert shuffled(8, 7) == shuffled(8, 7) and sorted(shuffled(8, 7)) == list(range(8))
    assert len({tuple(shuffled(3, seed)) for seed in range(60)}) == 6
    asked = begin(model)
    ended(asked)
    found = collection("comparisons").find_one({})
    assert found is not None
    order = shuffled(3, found["seed"])
    placed = sorted(found["panes"].values(), key=lambda one: one["position"])
    assert [one["params"].get("seed", 0) for one in placed] == order
    assert store.conversation(ANNA, asked.conversation)["model"] == ""
