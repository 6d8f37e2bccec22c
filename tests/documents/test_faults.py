"""kill -9 of a real worker, and PostgreSQL restarted, in the middle of reading a document."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub import documents
from hub.db import indexes, postgres
from hub.db.embedded import EmbeddedPostgres
from hub.db.migrations import postgres as migrations
from hub.documents import store
from tests.conftest import Configure
from tests.documents.conftest import ANNA
from tests.documents.test_ingest import rows
from tests.documents.working import free_stalled, until, worker

SECTIONS = 400


def long_notes() -> bytes:
    """Several pieces of Markdown; each section names its number once."""
    filler = "The tide came in and the tide went out, and nobody wrote down when. " * 3
    sections = (f"## Section {n}\n\nThe mark of this section is heron{n}x. {filler}" for n in range(SECTIONS))
    return "\n\n".join(sections).encode()


def state(document: str) -> tuple[str, int]:
    found = documents.get(ANNA, document)
    return found.state, found.done


def whole(document: str) -> None:
    """Every section is there once, in the store and in the index, with its vector."""
    passages = documents.passages(ANNA, document)
    assert [one.number for one in passages] == list(range(len(passages)))
    text = " ".join(one.text for one in passages)
    assert all(text.count(f"heron{n}x") == 1 for n in range(SECTIONS))
    indexed = rows(document)
    assert [(row[3], row[4]) for row in indexed] == [(one.text, 1) for one in passages]


def test_a_worker_that_is_killed_loses_and_repeats_nothing(stored: str, shelf: str) -> None:
    document = documents.add_file(ANNA, shelf, "long.md", long_notes()).document.id
    for pieces in (1, 3):
        with worker() as process:
            until(lambda pieces=pieces: state(document)[1] >= pieces, "some pieces are done")
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert state(document)[0] in {"reading", "splitting", "embedding"}
        assert documents.search(ANNA, "the mark heron3x", [shelf], most=1).passages[0].text.count("heron3x") == 1
        free_stalled()
    with worker():
        until(lambda: state(document)[0] == "ready", "the document is ready")
    whole(document)


def test_a_worker_that_sleeps_while_another_reads_on_changes_nothing_when_it_wakes(stored: str, shelf: str) -> None:
    document = documents.add_file(ANNA, shelf, "long.md", long_notes()).document.id
    with worker() as sleeper:
        until(lambda: state(document)[1] >= 1, "a piece is done")
        sleeper.send_signal(signal.SIGSTOP)
        with postgres.connection() as database:
            database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        at = state(document)[1]
        with worker():
            until(lambda: state(document)[1] > at, "another one reads on")
            sleeper.send_signal(signal.SIGCONT)
            until(lambda: state(document)[0] == "ready", "the document is ready")
        whole(document)
        other = documents.add_text(ANNA, shelf, "Later", "A note that the one who slept reads.").document.id
        until(lambda: state(other)[0] == "ready", "the one who slept works again")
    whole(document)


def test_a_document_whose_job_is_lost_is_found_by_the_sweep(
    stored: str, shelf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from hub.documents import jobs

    document = documents.add_text(ANNA, shelf, "Note", "# Note\n\nThe heron came at noon.").document.id
    with postgres.connection() as database:
        database.execute("DELETE FROM procrastinate_jobs")
    jobs.sweep()
    assert _queued() == 0  # somebody may be working on it
    monkeypatch.setattr(jobs, "UNTOUCHED", timedelta(seconds=-1))
    jobs.sweep()
    jobs.sweep()
    assert _queued() == 1
    with worker():
        until(lambda: state(document)[0] == "ready", "the document is ready")


def _queued() -> int:
    with postgres.connection() as database:
        found = database.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'").fetchone()
        return found[0] if found else 0


def test_postgres_restarted_in_the_middle_loses_nothing(
    mongo: str, data_dir: Path, configure: Configure, tmp_path: Path
) -> None:
    tables = EmbeddedPostgres(tmp_path / "own")
    with _up(tables) as process:
        configure(postgres_url=tables.url)
        migrations.apply()
        indexes.ensure(store.INDEXES)
        shelf = documents.create_collection(ANNA, "Shelf").id
        document = documents.add_file(ANNA, shelf, "long.md", long_notes()).document.id
        with worker():
            until(lambda: state(document)[1] >= 1, "a piece is done")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert state(document)[0] != "ready"
            postgres.close()
            with _up(tables):
                until(_answers, "PostgreSQL is back")
                free_stalled()
                until(lambda: _pushed(document), "the document is ready")
                whole(document)
                postgres.close()


@contextmanager
def _up(tables: EmbeddedPostgres) -> Generator[subprocess.Popen[bytes]]:
    """Prepared before each start, as the supervisor does it: what a killed server leaves is waited for."""
    tables.prepare()
    process = tables.spawn()
    try:
        tables.wait(process)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers() -> bool:
    from hub.errors import StoreDown

    try:
        _queued()
    except StoreDown:
        return False
    return True


def _pushed(document: str) -> bool:
    """Ready; what waits for its next attempt need not wait for the clock."""
    with postgres.connection() as database:
        database.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        values: Any = database.execute("SELECT status FROM procrastinate_jobs").fetchall()
    assert values or state(document)[0] == "ready"
    return state(document)[0] == "ready"
