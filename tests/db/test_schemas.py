"""What was stored in any released form of the database is read by this version as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from bson import ObjectId

from hub import chat, files
from hub.cli.migrate import migrate_mongo
from hub.cli.restoring import restore
from hub.db import gate
from hub.db import postgres as store
from hub.db.backup import load, references, source
from hub.db.migrations import mongo as steps
from hub.db.migrations import postgres as postgres_steps
from hub.db.who import OWNER
from hub.models import connections
from tests.db.schemas.__main__ import PHRASE

KEPT = sorted((Path(__file__).parent / "schemas").glob("*.hubbackup"))


def test_every_form_of_the_database_is_kept() -> None:
    """`python -m tests.db.schemas` writes the one of a version, before its steps become more."""
    assert [one.stem for one in KEPT] == [str(number) for number in range(steps.knows() + 1)]


@pytest.mark.parametrize("kept", KEPT, ids=lambda one: one.stem)
def test_it_comes_to_the_present_and_is_read(mongo: str, kept: Path) -> None:
    contents = load.examine(kept, PHRASE, steps.knows())
    assert str(contents.manifest.schema) == kept.stem
    done = restore(kept, PHRASE, False, None, lambda line: None)
    assert done.migrated == [step.name for step in steps.MIGRATIONS if step.number > contents.manifest.schema]
    assert gate.newest() == steps.knows()
    assert migrate_mongo() == []
    if not done.migrated:
        with source.view() as seen:
            assert sorted(seen.sums(), key=str) == sorted(contents.sums, key=str)
    [conversation] = chat.list_conversations(OWNER, limit=10).recent
    assert conversation.title == "About notes"
    texts = {one["text"] for one in chat.store.all_messages(OWNER, ObjectId(conversation.id))}
    assert texts == {"What is in the file?", "Notes.", "A list of **notes**.", "Thank you."}
    rows = chat.store.all_messages(OWNER, ObjectId(conversation.id))
    [file] = [one for message in rows for one in message.get("files", ())]
    assert files.content(OWNER, file["id"]) == b"first note\nsecond note\n"
    [own] = [one for one in connections.list_connections(OWNER) if one.name == "Own"]
    assert connections.access(OWNER, own).key == "sk-own-key"
    assert list(references.dangling()) == []


ROW = {
    2: """
        INSERT INTO search.spaces (collection, owner, scope) VALUES ('messages', 'owner', '');
        INSERT INTO search.groups (space, name) VALUES (1, 'g');
        INSERT INTO search.rows (space, "group", place, item, part, text, language, length, words, at, hash)
        VALUES (1, 1, 0, 'm', 0, 'old words', 'english', 2, to_tsvector('simple', 'old words'), now(), '');
        INSERT INTO search.models (name, dimensions) VALUES ('made-up', 3)
    """
}
"""What is put into the tables once they are there, after the step of this number."""


@pytest.mark.parametrize("number", [step.number for step in postgres_steps.MIGRATIONS])
def test_the_search_and_job_store_comes_to_the_same_form_from_every_step(postgres: str, number: int) -> None:
    first = [step for step in postgres_steps.MIGRATIONS if step.number <= number]
    for step in first:
        postgres_steps.apply([one for one in first if one.number <= step.number])
        if step.number in ROW:
            with store.connection() as database:
                database.execute(store.sql(ROW[step.number]))
    postgres_steps.apply()
    assert postgres_steps.pending() == []
    came, rows = form(), found()
    with store.connection() as database:
        database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS search CASCADE")
        database.execute("DROP SCHEMA IF EXISTS jobs CASCADE")
    postgres_steps.apply()
    assert form() == came
    assert rows == ([("g", 1, 2, 1)] if number >= 2 else [])


def form() -> list[tuple[object, ...]]:
    """Columns, indexes, constraints and triggers of all tables that are ours."""
    with store.connection() as database:
        return database.execute(
            "SELECT table_schema, table_name, column_name, data_type || is_nullable || coalesce(column_default, '')"
            " FROM information_schema.columns WHERE table_schema IN ('public', 'search', 'jobs')"
            " UNION SELECT schemaname, tablename, indexname, indexdef FROM pg_indexes"
            " WHERE schemaname IN ('public', 'search', 'jobs')"
            " UNION SELECT trigger_schema, event_object_table, trigger_name, action_statement"
            " FROM information_schema.triggers ORDER BY 1, 2, 3, 4"
        ).fetchall()


def found() -> list[tuple[object, ...]]:
    """What became of the row: its group with its totals, and that it waits for a vector."""
    with store.connection() as database:
        return database.execute(
            "SELECT g.name, g.rows, g.length, (SELECT count(*) FROM search.waiting) FROM search.groups AS g"
        ).fetchall()
