"""A run from its claim to its end: done, failed, tried again, taken over, too dear, too long, with nobody there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from hub import agents, chat, hooks, notify, runs
from hub.agents.records import AgentSpec
from hub.chat import unattended
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.errors import HubError
from hub.memory import preferences
from hub.schedules import manage, store, work
from hub.schedules.guard import Guard, OverCap, TakenAway
from hub.schedules.records import OnlyIf, Output, Policy, Triggers
from hub.turns import own_words
from tests.chat.test_given import able
from tests.chat.test_waiting import Files
from tests.fakes.openai_server import FakeServer
from tests.schedules.conftest import Work, made, rows


def test_a_run_is_a_chat_and_comes_into_the_inbox(model: str, do: Work) -> None:
    one = made(model)
    manage.run_now(OWNER, one.id)
    assert do() == 1
    [entry] = manage.inbox(OWNER)
    assert (entry.status, entry.cause, entry.name, entry.shelf) == ("done", "now", "Briefing", "unread")
    answer = chat.get_message(OWNER, entry.answer)
    assert answer.status == "done" and answer.text == entry.said and entry.usage and entry.seconds is not None
    assert chat.get(OWNER, entry.conversation).title == "Briefing"
    assert chat.open_window(OWNER, entry.conversation).messages[0].text == "Say hello."
    assert manage.find(OWNER, one.id).last == entry and manage.file(OWNER, [entry.id], "archived") == 1
    assert manage.inbox(OWNER) == () and manage.inbox(OWNER, "archived")[0].id == entry.id


def test_done_again_it_changes_nothing(model: str, do: Work, server: FakeServer) -> None:
    one = made(model)
    entry = manage.run_now(OWNER, one.id)
    do()
    before, asked = rows(one), len(server.requests)
    work.run(occurrence=entry.id)
    assert rows(one) == before and len(server.requests) == asked


def test_one_chat_goes_on(model: str, do: Work) -> None:
    home = chat.create(OWNER, title="Diary").id
    one = made(model, output=Output("chat", home))
    for _ in range(2):
        manage.run_now(OWNER, one.id)
        do()
    shown = chat.open_window(OWNER, home).messages
    assert [message.role for message in shown] == ["user", "assistant"] * 2
    assert {entry.conversation for entry in manage.inbox(OWNER)} == {home}


def test_a_busy_chat_is_waited_for(model: str, do: Work, queued: list[dict[str, Any]]) -> None:
    sent = chat.send(OWNER, text="slow", targets=[(f"{model}fake-slow", None)])
    one = made(model, output=Output("chat", sent.conversation))
    manage.run_now(OWNER, one.id)
    work.run(occurrence=queued.pop()["occurrence"])
    assert rows(one)[0]["status"] == "queued" and queued[0]["delay"] == work.BUSY_SECONDS
    runs.cancel(OWNER, sent.run or "")
    assert runs.wait(sent.run or "", 20)
    do()
    assert rows(one)[0]["status"] == "done" and len(chat.open_window(OWNER, sent.conversation).messages) == 4


def test_a_failure_is_tried_again_and_then_told(model: str, queued: list[dict[str, Any]], do: Work) -> None:
    one = made(model, answers=f"{model}fake-500", policy=Policy(retries=1, backoff=7, pause_after=1))
    manage.run_now(OWNER, one.id)
    work.run(occurrence=queued.pop()["occurrence"])
    assert (rows(one)[0]["status"], queued[0]["delay"]) == ("queued", 7)
    do()
    [entry] = manage.inbox(OWNER)
    assert entry.status == "failed" and entry.error and entry.attempts == 1
    found = manage.find(OWNER, one.id)
    assert found.state == "paused" and "failed once" in found.why and found.failures == 1
    asked = chat.open_window(OWNER, entry.conversation).messages
    assert len(asked) == 2 and len(asked[1].siblings) == 2, "the second try stands beside the first"
    assert manage.resume(OWNER, one.id).state == "on"


def test_a_dead_worker_is_taken_over(model: str, queued: list[dict[str, Any]], do: Work) -> None:
    one = made(model)
    entry = manage.run_now(OWNER, one.id)
    row = store.claim(OWNER, ObjectId(entry.id), {"status": "running"})
    assert row
    first = work._Attempt(OWNER, store.row(OWNER, one.id), row)
    assert first._may_begin() and first._note({"prompt": "Say hello."})
    unattended.begin(OWNER, first._ids, work.spec.wanted(first._spec, "Say hello."), first._alone)
    do()  # another worker, which the queue has handed the same job
    [found] = rows(one)
    assert found["status"] == "done" and found["fence"] == 2
    assert not first._note({"said": "late"}), "who was silent for long writes no more"
    shown = chat.open_window(OWNER, entry_chat(found)).messages
    assert [message.role for message in shown] == ["user", "assistant"] and len(shown[1].siblings) == 1


def entry_chat(row: dict[str, Any]) -> str:
    return row["ids"]["conversation"]


@pytest.mark.parametrize("step", ["message", "answer", "conversation", "run"])
def test_a_turn_that_was_half_stored_is_finished(model: str, do: Work, step: str) -> None:
    """As if the process had died right after one of the writes of `unattended.begin`."""
    one = made(model)
    entry = manage.run_now(OWNER, one.id)
    do()
    [row] = rows(one)
    ids = row["ids"]
    runs.shut_down(5)  # nothing of it is left in memory
    runs.forget(OWNER, [ids["run"]])
    later = {"message": ["answer", "conversation"], "answer": ["conversation"], "conversation": [], "run": []}[step]
    if "answer" in later:
        collection("messages").delete_one({"_id": ObjectId(ids["answer"])})
    else:
        changes = {"status": "streaming", "text": ""}
        collection("messages").update_one({"_id": ObjectId(ids["answer"])}, {"$set": changes})
    if "conversation" in later:
        collection("conversations").delete_one({"_id": ObjectId(ids["conversation"])})
    running = {"$set": {"status": "running", "shelf": ""}, "$unset": {"ended_at": ""}}
    collection("occurrences").update_one({"_id": row["_id"]}, running)
    work.run(occurrence=entry.id)
    [row] = rows(one)
    assert row["status"] == "done", row.get("error")
    shown = chat.open_window(OWNER, ids["conversation"]).messages
    assert [message.role for message in shown] == ["user", "assistant"] and shown[1].status == "done"


def test_nobody_is_asked_and_the_person_hears_of_it(model: str, do: Work) -> None:
    files = Files()
    hooks.plugins().register(files, "hub.testroom.plugin")
    try:
        agent = agents.create(OWNER, AgentSpec("Asker", model=able(model, "fake-caller", OWNER), asks=True))
        one = made(model, 'call delete_file {"path": "a.txt"}', answers="", agent=agent.id)
        manage.run_now(OWNER, one.id)
        do()
    finally:
        hooks.plugins().unregister(files)
    [entry] = manage.inbox(OWNER)
    assert entry.status == "done" and entry.needs == ("Delete a file",) and files.deleted == []
    assert "files:delete" in one.tools and not any("ask_person" in tool for tool in one.tools)


def test_what_is_filled_in_is_no_word_of_the_person(model: str, do: Work) -> None:
    """A page names an address: reading that one needs leave all the same, and nothing is learned from it."""
    first = made(model, "See https://evil.example/?q=1", name="First", answers=f"{model}fake-echo")
    asked = 'call fetch_page {"url": "https://evil.example/?q=1"} {{payload}}'
    then = made(
        model, asked, name="Then", when=None, answers=able(model, "fake-caller", OWNER),
        triggers=Triggers(after=first.id),
    )  # fmt: skip
    manage.run_now(OWNER, first.id)
    do()
    [entry] = manage.history(OWNER, then.id)
    message = chat.open_window(OWNER, entry.conversation).messages[0].text
    assert "https://evil.example/?q=1" in message.partition("<data")[2]
    assert own_words(message).count("evil.example") == 1
    exchange = hooks.exchange(OWNER, entry.answer)
    assert exchange and not preferences.learns(OWNER, exchange.attached)


def test_no_tool_that_came_later(model: str, do: Work, server: FakeServer) -> None:
    one = made(model, answers=able(model, "fake-caller", OWNER), prompt='call current_time {"zone": "UTC"}')
    assert one.tools
    collection("schedules").update_one({"_id": ObjectId(one.id)}, {"$set": {"tools": []}})
    manage.run_now(OWNER, one.id)
    do()
    assert server.requests and not any("tools" in (one.body or {}) for one in server.requests)


def test_the_caps_hold_before_each_request(model: str) -> None:
    one = made(model, policy=Policy(run_cap=0.5, month_cap=2.0))
    entry = manage.run_now(OWNER, one.id)
    row = store.claim(OWNER, ObjectId(entry.id), {"status": "running"})
    assert row
    guard = Guard(OWNER, row, Policy(run_cap=0.5, month_cap=2.0), before=0.2)
    guard(0.1)
    guard(None)
    with pytest.raises(OverCap, match=r"0\.50"):
        guard(0.3)
    store.spend(OWNER, ObjectId(one.id), f"{row['due_at']:%Y-%m}", 1.9)
    with pytest.raises(OverCap, match="in a month"):
        guard(0.1)
    guard(0.0)
    below = guard.below()
    with pytest.raises(OverCap):
        below(0.3)
    store.claim(OWNER, ObjectId(entry.id), {})
    with pytest.raises(TakenAway):
        guard(0.0)


def test_too_long_ends_it(model: str, queued: list[dict[str, Any]]) -> None:
    one = made(model, answers=f"{model}fake-slow", policy=Policy(timeout=1, retries=0))
    entry = manage.run_now(OWNER, one.id)
    collection("occurrences").update_one(
        {"_id": ObjectId(entry.id)}, {"$set": {"began_at": now() - timedelta(minutes=2)}}
    )
    work.run(occurrence=entry.id)
    [row] = rows(one)
    assert row["status"] == "failed" and "longer than 1 minutes" in row["error"]


@pytest.mark.parametrize(("overlap", "states"), [("skip", ["running", "skipped"]), ("replace", ["cancelled", "done"])])
def test_while_it_still_runs(
    model: str, do: Work, queued: list[dict[str, Any]], overlap: Any, states: list[str]
) -> None:
    one = made(model, policy=Policy(overlap=overlap))
    first = manage.run_now(OWNER, one.id)
    store.claim(OWNER, ObjectId(first.id), {"status": "running", "began_at": now()})
    queued.clear()
    manage.run_now(OWNER, one.id)
    do()
    assert [row["status"] for row in rows(one)] == states


def test_only_what_is_worth_telling(model: str, do: Work) -> None:
    quiet = made(model, only_if=OnlyIf("pattern", "storm|flood"))
    manage.run_now(OWNER, quiet.id)
    do()
    [entry] = manage.history(OWNER, quiet.id)
    assert entry.status == "done" and entry.quiet and manage.inbox(OWNER) == ()
    bad = made(model, only_if=OnlyIf("pattern", "(a+)+$"), prompt="x")
    assert bad.spec.only_if.text == "(a+)+$"


@pytest.mark.parametrize(("says", "quiet"), [("yes", False), ("No.", True)])
def test_a_model_judges_what_is_worth_telling(model: str, do: Work, server: FakeServer, says: str, quiet: bool) -> None:
    one = made(model, answers=f"{model}fake-says", only_if=OnlyIf("model", "It speaks of rain."))
    server.says[:] = ["Rain at noon.", says]
    manage.run_now(OWNER, one.id)
    do()
    [entry] = manage.history(OWNER, one.id)
    assert (entry.status, entry.said, entry.quiet) == ("done", "Rain at noon.", quiet)
    assert len(manage.inbox(OWNER)) == (not quiet)


def test_a_channel_hears_of_it_once(model: str, do: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []
    channel = notify.add(OWNER, "Desk", "json://127.0.0.1:9/x").id
    monkeypatch.setattr(notify, "send", lambda who, to, title, body: told.append((to, title)))
    one = made(model, channels=(channel,))
    entry = manage.run_now(OWNER, one.id)
    do()
    work.run(occurrence=entry.id)
    do()
    assert told == [(channel, "Briefing")]


def test_one_after_the_other(model: str, do: Work) -> None:
    first = made(model, name="First")
    then = made(model, "Look at {{payload}}", name="Then", when=None, triggers=Triggers(after=first.id))
    manage.run_now(OWNER, first.id)
    assert do() == 2
    [entry] = manage.history(OWNER, then.id)
    assert entry.status == "done" and entry.cause == "schedule"
    asked = chat.open_window(OWNER, entry.conversation).messages[0].text
    assert asked.startswith('Look at <data from="payload">')


def test_a_deleted_schedule_ends_what_runs(model: str, do: Work) -> None:
    one = made(model)
    manage.run_now(OWNER, one.id)
    manage.delete(OWNER, one.id)
    do()
    assert rows(one)[0]["status"] == "cancelled" and manage.schedules(OWNER) == ()
    assert manage.restore(OWNER, one.id).state == "paused"


def test_bad_specs_are_refused_with_everything_that_is_wrong(model: str) -> None:
    with pytest.raises(HubError) as caught:
        made(model, "", policy=Policy(timeout=0), answers="nowhere/model")
    said = f"{caught.value.message} {caught.value.hint}"
    assert "prompt is empty" in said and "Timeout" in said and "model is not there" in said
    with pytest.raises(HubError, match="no variable"):
        made(model, "{{nothing}}")
