"""What monitoring sees of schedules, and what a backup sees of their references."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bson import ObjectId

from hub import hooks
from hub.cli import migrate
from hub.db import indexes
from hub.db.backup import references
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.schedules import arrivals, fire, manage
from tests.schedules.conftest import made


def told() -> dict[str, float]:
    return {" ".join([one.name, *one.labels.values()]): one.value for one in hooks.metrics()}


def test_figures(model: str, queued: list[dict[str, Any]]) -> None:
    assert told()["schedule_lag_seconds"] == 0
    one, other = made(model), made(model, name="Other")
    manage.pause(OWNER, other.id)
    manage.run_now(OWNER, one.id)
    collection("schedules").update_one(
        {"_id": ObjectId(one.id)}, {"$set": {"next_at": now() - timedelta(seconds=90), "after": now()}}
    )
    found = told()
    assert 90 <= found["schedule_lag_seconds"] < 120
    assert (found["schedules on"], found["schedules paused"], found["schedules held"]) == (1, 1, 0)
    assert (found["schedule_runs_lately queued"], found["schedule_runs_lately done"]) == (1, 0)
    fire.fire([ObjectId(one.id)], now())
    assert told()["schedule_lag_seconds"] == 0
    collection("occurrences").update_many({}, {"$set": {"due_at": now() - timedelta(hours=2)}})
    assert told()["schedule_runs_lately queued"] == 0


def test_rows_without_a_schedule_do_not_come_back(model: str, queued: list[dict[str, Any]]) -> None:
    indexes.ensure(migrate.wanted())
    one, gone = made(model), made(model, name="Gone")
    for schedule in (one, gone):
        manage.run_now(OWNER, schedule.id)
    arrivals.note(OWNER, ObjectId(one.id), str(ObjectId()), now())
    arrivals.note(OWNER, ObjectId(gone.id), str(ObjectId()), now())
    manage.delete(OWNER, one.id)
    lost = {(item.reference.name, item.reference.field) for item in references.dangling()}
    assert lost == {("arrivals", "document")}, "a deleted schedule can be brought back, and is there"
    collection("schedules").delete_one({"_id": ObjectId(gone.id)})
    lost = {(item.reference.name, item.reference.field) for item in references.dangling()}
    assert lost == {("arrivals", "document"), ("arrivals", "schedule"), ("occurrences", "schedule")}
    assert references.mend() == 3 and list(references.dangling()) == []
    assert [row["schedule"] for row in collection("occurrences").find({})] == [ObjectId(one.id)]
