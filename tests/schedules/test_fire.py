"""What is due is made once: on time, missed, made up for, with two schedulers, and after a crash in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from hub.db.who import OWNER
from hub.errors import StoreDown
from hub.schedules import fire, manage, store
from hub.schedules.records import Policy
from tests.schedules.conftest import at, made, rows, since


def due(schedule: Any, moment: str) -> dict[Any, Any]:
    return fire.fire([ObjectId(schedule.id)], at(moment))


def states(schedule: Any) -> list[tuple[str, str]]:
    return [(one["slot"], one["status"]) for one in rows(schedule)]


def test_on_time_it_runs_once(model: str, queued: list[dict[str, Any]]) -> None:
    one = made(model)
    since(one, "2026-12-01T12:00", "2026-12-02T09:00")
    assert due(one, "2026-12-02T08:59") == {}
    assert due(one, "2026-12-02T09:00") == {ObjectId(one.id): at("2026-12-03T09:00")}
    assert states(one) == [("2026-12-02T09:00Z", "queued")] and len(queued) == 1
    assert due(one, "2026-12-02T09:01") == {} and len(queued) == 1


def test_two_schedulers_make_it_once(model: str, queued: list[dict[str, Any]]) -> None:
    one = made(model)
    since(one, "2026-12-01T12:00", "2026-12-02T09:00")
    seen = store.due([ObjectId(one.id)], at("2026-12-02T09:00"))
    due(one, "2026-12-02T09:00")
    again = list(fire._occurrences(seen[0], at("2026-12-02T09:00")))
    assert len(again) == 1 and store.insert_occurrences(again) == []
    store.move_on([(seen[0], at("2026-12-02T09:00"), at("2030-01-01T00:00"))])
    assert manage.find(OWNER, one.id).next_at == at("2026-12-03T09:00")
    assert len(queued) == 1


@pytest.mark.parametrize(
    ("missed", "runs"),
    [("skip", []), ("latest", ["2026-12-04T09:00Z"]), ("all", ["2026-12-03T09:00Z", "2026-12-04T09:00Z"])],
)
def test_what_was_missed(model: str, queued: list[dict[str, Any]], missed: Any, runs: list[str]) -> None:
    one = made(model, policy=Policy(missed=missed, max_age=2 * 24 * 60))
    since(one, "2026-11-29T12:00", "2026-11-30T09:00")
    due(one, "2026-12-04T12:00")
    found = dict(states(one))
    assert [slot for slot, status in found.items() if status == "queued"] == runs
    assert {status for slot, status in found.items() if slot not in runs} <= {"missed"}
    assert manage.find(OWNER, one.id).next_at == at("2026-12-05T09:00")


def test_a_late_wake_up_is_on_time_and_older_times_are_missed(model: str, queued: list[dict[str, Any]]) -> None:
    every = {"kind": "repeat", "zone": "UTC", "crons": ["*/1 * * * *"]}
    one = made(model, when=every, policy=Policy(missed="skip"))
    since(one, "2026-12-02T09:00", "2026-12-02T09:01")
    due(one, "2026-12-02T09:04")
    assert [status for _, status in states(one)] == ["missed", "missed", "missed", "queued"]
    inbox = manage.inbox(OWNER)
    assert [entry.status for entry in inbox] == ["missed"] * 3


def test_thousands_of_missed_times_are_counted(model: str, queued: list[dict[str, Any]]) -> None:
    every = {"kind": "repeat", "zone": "UTC", "crons": ["*/1 * * * *"]}
    one = made(model, when=every)
    since(one, "2026-12-02T00:00", "2026-12-02T00:01")
    due(one, "2026-12-02T20:00")
    found = rows(one)
    assert len(found) == fire.MOST_MISSED + 1 and sum(row.get("more", 0) for row in found) == 20 * 60 - 51


def test_a_paused_or_deleted_one_does_not_run(model: str, queued: list[dict[str, Any]]) -> None:
    one = made(model)
    since(one, "2026-12-01T12:00", "2026-12-02T09:00")
    manage.pause(OWNER, one.id)
    assert due(one, "2026-12-02T09:00") == {} and rows(one) == []
    manage.resume(OWNER, one.id)
    manage.delete(OWNER, one.id)
    assert due(one, "2999-12-02T09:00") == {} and rows(one) == []


def test_what_came_into_no_queue_comes_into_it_later(
    model: str, queued: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(model)
    since(one, "2026-12-01T12:00", "2026-12-02T09:00")

    def away(*_: Any, **__: Any) -> Any:
        raise StoreDown("PostgreSQL does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(fire.jobs, "defer_many", away)
        with pytest.raises(StoreDown):
            due(one, "2026-12-02T09:00")
    assert [row["queued_at"] for row in rows(one)] == [None] and not queued
    late = rows(one)[0]["created_at"] + timedelta(seconds=11)
    assert fire.queue_left(late - timedelta(seconds=5)) == 0
    assert fire.queue_left(late) == 1 and len(queued) == 1 and fire.queue_left(late) == 0


def test_one_time_is_over_afterwards(model: str, queued: list[dict[str, Any]]) -> None:
    one = made(model, when={"kind": "once", "zone": "Europe/Berlin", "at": "2030-12-02T09:00"})
    assert one.next_at == at("2030-12-02T08:00")
    assert due(one, "2030-12-02T08:00") == {ObjectId(one.id): None}
    assert manage.find(OWNER, one.id).next_at is None and states(one) == [("2030-12-02T08:00Z", "queued")]


def test_runs_into_one_chat_or_in_a_row_have_one_lock(model: str, queued: list[dict[str, Any]]) -> None:
    one = made(model, policy=Policy(overlap="queue"))
    manage.run_now(OWNER, one.id)
    manage.run_now(OWNER, one.id)
    assert {job["lock"] for job in queued} == {f"schedule {one.id}"} and len(queued) == 2
