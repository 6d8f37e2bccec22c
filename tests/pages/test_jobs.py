"""The page of jobs without a browser, over a real queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub.db import postgres as store
from hub.db.migrations import postgres as migrations
from hub.db.processes import free_port
from hub.db.who import OWNER, Who
from hub.jobs import defer
from tests.conftest import Configure

PAGE = str(Path(__file__).parents[2] / "pages" / "jobs.py")


@pytest.fixture
def queue(mongo: str, postgres: str) -> str:
    migrations.apply()
    return postgres


def open_page(who: Who = OWNER) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = who
    return ran(page.run())


def ran(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    shown = (*page.markdown, *page.caption, *page.error, *page.code, *page.get("badge"))
    return " ".join(str(getattr(one, "value", "")) for one in shown)


def put(status: str, *jobs: int | None) -> None:
    with store.connection() as database:
        database.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status, attempts = 3 WHERE id = ANY(%s)",
            (status, list(jobs)),
        )


def status(job: int | None) -> tuple[str, int] | None:
    with store.connection() as database:
        found = database.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", (job,))
        return found.fetchone()  # pyright: ignore[reportReturnType]


def test_an_idle_background_says_so(queue: str) -> None:
    text = said(open_page())
    assert text.count("0 waiting · 0 running") == 4
    for word in ("No worker runs", "Nothing runs at the moment", "Nothing failed"):
        assert word in text


def test_failed_jobs_say_why_and_start_again_or_go(queue: str) -> None:
    first, second, third = (defer("documents.ingest", queue="ingestion", document=f"d{n}") for n in range(3))
    put("failed", first, second, third)
    with store.connection() as database:
        database.execute(
            "INSERT INTO jobs.failures (job, attempt, kind, message, frames)"
            " VALUES (%s, 3, 'ValueError', '', 'hub/documents/parse.py:10 in parse')",
            (first,),
        )
    page = open_page()
    for word in ("ValueError", "hub/documents/parse.py:10 in parse", "document d1", "No worker of this version"):
        assert word in said(page)
    ran(page.button(key=f"retry_{first}").click().run())
    assert status(first) == ("todo", 0)
    ran(page.button(key=f"delete_{second}").click().run())
    assert status(second) is None
    ran(page.button(key="retry_all").click().run())
    assert status(third) == ("todo", 0)
    assert "Nothing failed" in said(page)


def test_a_running_job_is_cancelled(queue: str) -> None:
    job = defer("evals.work", queue="eval", run="r1")
    put("doing", job)
    page = open_page()
    assert "0 waiting · 1 running" in said(page)
    ran(page.button(key=f"cancel_{job}").click().run())
    with store.connection() as database:
        [row] = database.execute("SELECT abort_requested FROM procrastinate_jobs").fetchall()
    assert row == (True,)


def test_only_administrators_see_it(queue: str) -> None:
    defer("evals.work", queue="eval", run="r1")
    text = said(open_page(Who("grace", "Grace")))
    assert "Only administrators see the background work." in text
    assert "waiting" not in text


def test_with_postgres_away_it_says_what_that_means(mongo: str, configure: Configure) -> None:
    configure(postgres_url=f"postgresql://127.0.0.1:{free_port()}/hub", store_timeout=0.2)
    assert "Jobs wait, and chat goes on without them" in said(open_page())
    store.close()
