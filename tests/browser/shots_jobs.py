"""What the pictures of the jobs page show: nothing, much, and PostgreSQL away.

`python -m tests.browser.shots_jobs [folder]` draws only these.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from hub.cli.programs import ROOT
from hub.db.postgres import connection
from hub.jobs import defer_many
from hub.jobs.queue import Item
from hub.settings import override
from tests.browser.chromium import launch
from tests.browser.shots import SCHEMES, SIZES, Shot, clicking, draw
from tests.cli.hub_process import HubProcess, hub_up

FRAMES = """hub/documents/jobs.py:26 in work
hub/documents/ingest.py:44 in ingest
hub/documents/parse.py:118 in parse
pymupdf/__init__.py:2791 in __init__
pymupdf.FileDataError"""
SHOT = Shot("jobs", "/jobs", "Workers")


def store(hub: HubProcess) -> None:
    """Jobs that wait, run and failed; a second machine with two workers, one of which is gone."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    later = [Item({"schedule": f"6592f1c0a4{n:014d}"}, delay=36_000) for n in range(12)]
    defer_many("schedules.run", later, queue="agents")
    many = [Item({"document": f"6592f1c0b7{n:014d}"}, lock="shelf") for n in range(140)]
    waiting = defer_many("documents.ingest", many, queue="ingestion")
    runs = defer_many(
        "evals.work", [Item({"owner": "owner", "run": f"6592f1c0c3{n:014d}"}) for n in range(2)], queue="eval"
    )
    failed = defer_many(
        "documents.ingest", [Item({"document": f"6592f1c0d1{n:014d}"}) for n in range(3)], queue="ingestion"
    )
    with connection() as database:
        worker = database.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 hour') RETURNING id"
        ).fetchone()
        assert worker is not None
        database.execute(
            "INSERT INTO jobs.workers (host, pid, version, queues, members, beat_at, started_at) VALUES"
            " ('build-2', 4711, '0.1.0', '{eval,ingestion}', %s, now() + interval '1 hour', now() - interval '3 h'),"
            " ('build-3', 812, '0.1.0', '{agents}', '{}', now() - interval '2 minutes', now() - interval '1 day')",
            ([worker[0]],),
        )
        doing = [*runs, waiting[0]]
        database.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = ANY(%s)", (worker[0], doing)
        )
        database.execute("UPDATE procrastinate_jobs SET abort_requested = true WHERE id = %s", (runs[1],))
        database.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ANY(%s)", (failed,))
        database.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 3 WHERE id = ANY(%s)", (failed,))
        for job, kind, message, frames in (
            (failed[0], "pymupdf.FileDataError", "", FRAMES),
            (failed[1], "hub.errors.StoreDown", "MongoDB does not answer.", FRAMES.replace("parse", "store")),
            (failed[2], "WorkerDied", "Its worker died at each of 3 starts.", ""),
        ):
            database.execute(
                "INSERT INTO jobs.failures (job, attempt, kind, message, frames) VALUES (%s, 3, %s, %s, %s)",
                (job, kind, message, frames),
            )
        database.execute(
            "INSERT INTO jobs.counts VALUES (date_trunc('minute', now()), 'followups', 'chat.index', 'done', 812, 130),"
            " (date_trunc('minute', now()), 'ingestion', 'documents.ingest', 'done', 64, 420),"
            " (date_trunc('minute', now()), 'ingestion', 'documents.ingest', 'failed', 3, 2)"
        )


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with (
        tempfile.TemporaryDirectory() as scratch,
        hub_up(Path(scratch) / "data", discover_local="false") as hub,
        sync_playwright() as driver,
        launch(driver) as browser,
    ):
        url = hub.running.url
        for look in looks:
            print(draw(browser, url, Shot("jobs-empty", "/jobs", "Nothing failed"), *look, folder).name)
        store(hub)
        opened = clicking('[class*="st-key-frames_"] summary')
        for shot in (SHOT, Shot("jobs-failed", "/jobs", "Retry all", opened, "pymupdf.FileDataError")):
            for look in looks:
                print(draw(browser, url, shot, *look, folder).name)


if __name__ == "__main__":
    main()
