"""What schedules add to the figures for monitoring."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from hub.db.figures import Sample
from hub.db.mongo import now
from hub.schedules import store
from hub.schedules.records import Status

LATELY = timedelta(hours=1)


def samples() -> list[Sample]:
    """How far the scheduler is behind, and counts over everybody. Raises StoreDown."""
    moment = now()
    oldest = store.oldest_due(moment)
    behind = (moment - oldest).total_seconds() if oldest else 0.0
    found = [Sample("schedule_lag_seconds", "How long the oldest time that is due has waited.", "gauge", behind)]
    for state in ("on", "paused", "held"):
        about = "Schedules by state; held: paused together with all others of a person."
        found.append(Sample("schedules", about, "gauge", store.count("schedules", "state", state), {"state": state}))
    for status in get_args(Status):
        count = store.count("occurrences", "status", status, since=moment - LATELY)
        about = "What became of times that were due within an hour, by status."
        found.append(Sample("schedule_runs_lately", about, "gauge", count, {"status": status}))
    return found
