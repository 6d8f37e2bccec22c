"""A backup is everything as it was at one moment, and a restore is that again or nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bson import ObjectId

from bench import seed
from hub import chat, files
from hub.cli.migrate import migrate_mongo, wanted
from hub.cli.restoring import Outcome, restore
from hub.db import gate, secrets
from hub.db.backup import before, load, references, save, source
from hub.db.backup.records import Sum, whole
from hub.db.backup.sealed import Damaged, WrongPassphrase
from hub.db.migrations import Migration
from hub.db.migrations import mongo as migrations
from hub.db.mongo import client, collection, database, now
from hub.db.who import OWNER
from hub.errors import BadInput
from hub.models import connections
from hub.settings import settings
from tests.conftest import Configure


@pytest.fixture
def filled(mongo: str) -> None:
    """Conversations, a file, a connection with a key, a device that is signed in."""
    migrate_mongo()
    for number in range(3):
        seed.conversation(6, f"Conversation {number}")
    files.add(OWNER, "notes.txt", b"what is in the notes, " * 30_000)
    connections.add(OWNER, "openai_compatible", name="Own", key="sk-own-key", base_url="http://127.0.0.1:9/v1")
    collection("sessions").insert_one({"_id": "a device", "owner": OWNER.id})


def sums() -> list[Sum]:
    with source.view() as seen:
        return seen.sums()


def restored(place: Path, phrase: str = "", *, replace: bool = False) -> Outcome:
    return restore(place, phrase, replace, None, lambda line: None)


@contextmanager
def another(configure: Configure, tmp_path: Path) -> Iterator[None]:
    """An empty database and an empty data folder."""
    configure(mongo_database=f"r{ObjectId()}", data=tmp_path / "other")
    yield
    client().drop_database(database().name)


@pytest.mark.parametrize("phrase", ["", "correct horse battery"])
def test_what_is_restored_is_what_was_there(filled: None, configure: Configure, tmp_path: Path, phrase: str) -> None:
    place = tmp_path / "all.hubbackup"
    there = sums()
    made = save.save(place, phrase)
    assert place.stat().st_mode & 0o777 == 0o600
    assert made.size == place.stat().st_size
    assert made.one_moment
    assert (made.alone, made.unreadable) == ({}, 0)
    with another(configure, tmp_path):
        done = restored(place, phrase)
        assert whole(sums()) == whole(there) == whole(made.sums) == whole(done.contents.sums)
        assert sums() == there
        assert {"conversations", "messages", "files", "stored.files", "stored.chunks"} <= {one.name for one in there}
        assert collection("messages").index_information().keys() > {"_id_"}
        assert collection("stored.chunks").index_information()["files_id_1_n_1"]["unique"]
        assert collection("sessions").find_one({}) is None
        assert list(references.dangling()) == []
        assert references.broken_files("stored") == []
        [own] = [one for one in connections.list_connections(OWNER) if one.name == "Own"]
        if phrase:
            assert connections.access(OWNER, own).key == "sk-own-key"
        else:
            with pytest.raises(secrets.SecretUnreadable):
                connections.access(OWNER, own)
            assert any("cannot be read" in note for note in done.notes)


def test_the_key_that_was_there_is_put_aside_and_one_from_outside_is_not_overruled(
    filled: None, configure: Configure, tmp_path: Path
) -> None:
    place = tmp_path / "all.hubbackup"
    save.save(place, "phrase")
    key = secrets.hub_key()
    with another(configure, tmp_path):
        mine = secrets.hub_key()
        done = restored(place, "phrase")
        assert secrets.hub_key() == key
        [aside] = settings().data.glob("secret.key.before-*")
        assert aside.read_text() == mine
        assert aside.stat().st_mode & 0o777 == 0o600
        assert any(str(aside) in note for note in done.notes)
        configure(secret_key="set by somebody")
        with pytest.raises(BadInput, match="HUB_SECRET_KEY"):
            restored(place, "phrase", replace=True)
        configure(secret_key=key)
        restored(place, "phrase", replace=True)


def test_a_database_with_something_in_it_is_refused_and_replaced_only_after_a_backup(
    filled: None, tmp_path: Path
) -> None:
    place = tmp_path / "all.hubbackup"
    there = save.save(place).sums
    collection("conversations").insert_one({"_id": "one more", "owner": OWNER.id})
    after = sums()
    with pytest.raises(BadInput, match="not empty"):
        restored(place)
    assert sums() == after
    restored(place, replace=True)
    assert sums() == there
    [kept] = (settings().data / "backups").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    restored(kept, replace=True)
    assert sums() == after


def test_a_safety_copy_outlives_the_copies_that_its_own_restore_makes(filled: None, tmp_path: Path) -> None:
    place = tmp_path / "all.hubbackup"
    there = save.save(place).sums
    restored(place, replace=True)
    [oldest] = (settings().data / "backups").iterdir()
    for _ in range(4):
        restored(oldest, replace=True)
        assert sums() == there
    assert oldest.exists()


def test_what_cannot_be_restored_changes_nothing(filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, short, newer = tmp_path / "all", tmp_path / "short", tmp_path / "newer"
    save.save(place, "phrase")
    short.write_bytes(place.read_bytes()[:-1])
    with monkeypatch.context() as patch:
        patch.setattr(gate, "newest", lambda: 7)
        save.save(newer)
    there = sums()
    with pytest.raises(WrongPassphrase):
        restored(place, "phrases", replace=True)
    with pytest.raises(WrongPassphrase):
        restored(place, replace=True)
    with pytest.raises(Damaged, match="cut short"):
        restored(short, "phrase", replace=True)
    with pytest.raises(gate.NewerSchema, match="at migration 7"):
        restored(newer, replace=True)
    with pytest.raises(BadInput, match="cannot be read"):
        restored(tmp_path / "none", replace=True)
    assert sums() == there
    assert not (settings().data / "backups").exists()


def test_a_database_in_use_is_not_restored(filled: None, tmp_path: Path) -> None:
    from hub.runs import store

    save.save(tmp_path / "all")
    store.beat("a process")
    with pytest.raises(BadInput, match=r"in use: process \d+ on"):
        restored(tmp_path / "all", replace=True)
    store.leave("a process")
    restored(tmp_path / "all", replace=True)


def test_a_restore_that_fails_keeps_every_process_off_until_one_has_ended(
    filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "all.hubbackup"
    there = save.save(place).sums
    with monkeypatch.context() as patch:
        patch.setattr(load, "_compare", lambda sums: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restored(place, replace=True)
    with pytest.raises(gate.HalfRestored, match=r"all\.hubbackup"):
        migrate_mongo()
    with pytest.raises(gate.HalfRestored):
        migrations.check()
    with pytest.raises(BadInput, match="half restored"):
        save.save(tmp_path / "half")
    assert not (tmp_path / "half").exists()
    restored(place)
    assert sums() == there
    assert migrate_mongo() == []


def test_a_database_that_differs_from_the_backup_is_noticed(
    filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "all.hubbackup"
    save.save(place)
    insert = load._insert

    def lossy(name: str, documents: list[load.RawBSONDocument]) -> None:
        insert(name, documents[1:] if name == "messages" else documents)

    monkeypatch.setattr(load, "_insert", lossy)
    with pytest.raises(load.HubError, match="in messages"):
        restored(place, replace=True)
    with pytest.raises(gate.HalfRestored):
        migrations.check()


def test_an_older_backup_is_brought_up_to_date(filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "all.hubbackup"
    save.save(place)
    step = Migration(1, "titles in capitals", capitals)
    monkeypatch.setattr(migrations, "MIGRATIONS", (step,))
    monkeypatch.setattr(migrations.apply, "__defaults__", ((step,),))
    monkeypatch.setattr(migrations.knows, "__defaults__", ((step,),))
    done = restored(place, replace=True)
    assert done.migrated == ["titles in capitals"]
    assert collection("conversations").find_one({"title": "CONVERSATION 1"})
    assert gate.newest() == 1


def capitals() -> None:
    for row in collection("conversations").find({}):
        collection("conversations").update_one({"_id": row["_id"]}, {"$set": {"title": row["title"].upper()}})


def test_a_file_is_replaced_only_by_a_whole_one(filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "all.hubbackup"
    place.write_text("an older one")

    def fails(view: source.View, name: str) -> Iterator[bytes]:
        yield b""
        raise OSError("no more")

    monkeypatch.setattr(source.View, "batches", fails)
    with pytest.raises(OSError, match="no more"):
        save.save(place)
    assert place.read_text() == "an older one"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    with pytest.raises(BadInput, match="cannot be written"):
        save.save(tmp_path / "no folder" / "all")
    with pytest.raises(BadInput, match="folder"):
        save.save(tmp_path)


def test_a_migration_is_preceded_by_a_backup_of_which_some_are_kept(filled: None, configure: Configure) -> None:
    configure(migration_backups=2)
    there, said = whole(sums()), list[str]()
    for number in (1, 2, 3):
        migrations.apply(
            wanted(),
            [Migration(one, f"step {one}", capitals) for one in range(1, number + 1)],
            before=lambda steps: before.keep("migration", said.append, 2) and None,
        )
        time.sleep(1.01 if number < 3 else 0)  # their names have the second
    kept = sorted((settings().data / "backups").iterdir())
    assert len(kept) == 2
    assert [said[0][:16], said[1][:12]] == ["Backing up about", "Backed up in"]
    contents = load.examine(kept[0], "", 3)
    assert contents.manifest.schema == 1
    assert whole(contents.sums) != there  # it was made after the first step


def test_nothing_is_backed_up_where_nothing_is(mongo: str) -> None:
    assert before.keep("migration", lambda line: None, 3) is None
    assert not (settings().data / "backups").exists()


class Writer:
    """Somebody who uses the hub for as long as a backup is made: new conversations, new turns, deletions."""

    def __init__(self) -> None:
        self._over, self.turns = threading.Event(), 0
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Writer:
        self._thread.start()
        while self.turns < 20:
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        made: list[ObjectId] = []
        while not self._over.is_set():
            own = ObjectId()
            question = self._message(own, None, 0)
            collection("messages").insert_one(question)
            collection("conversations").insert_one(
                {"_id": own, "owner": OWNER.id, "title": "New", "head": question["_id"], "updated_at": now()}
            )
            for depth in range(1, 4):
                question = self._message(own, question["_id"], depth)
                collection("messages").insert_one(question)
                collection("conversations").update_one({"_id": own}, {"$set": {"head": question["_id"]}})
            made.append(own)
            if len(made) > 5:
                chat.store.purge_conversation(OWNER, made.pop(0))
            self.turns += 1

    def _message(self, conversation: ObjectId, parent: ObjectId | None, depth: int) -> dict[str, object]:
        row = {"_id": ObjectId(), "owner": OWNER.id, "conversation": conversation, "parent": parent, "depth": depth}
        return {**row, "role": "user", "text": "words " * 50, "status": "done", "created_at": now()}


def test_a_backup_while_somebody_writes_is_of_one_moment(filled: None, configure: Configure, tmp_path: Path) -> None:
    with Writer() as writer:
        for number in range(5):
            turns = writer.turns
            save.save(tmp_path / str(number))
            assert writer.turns >= turns
    for number in range(5):
        with another(configure, tmp_path):
            restored(tmp_path / str(number))
            for gone in references.dangling():  # a conversation is deleted in two steps, its messages first
                assert gone.reference.field == "head"
                assert collection("messages").find_one({"conversation": gone.row}) is None


def test_where_no_moment_can_be_had_a_restore_mends_what_changed(
    filled: None, configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_kind", lambda: "plain")
    batches = source.View.batches

    def slowly(view: source.View, name: str) -> Iterator[bytes]:
        time.sleep(0.1)
        yield from batches(view, name)

    monkeypatch.setattr(source.View, "batches", slowly)
    with Writer():
        made = [save.save(tmp_path / str(number)) for number in range(3)]
    assert not any(one.one_moment for one in made)
    monkeypatch.setattr(source.View, "batches", batches)
    for number in range(3):
        with another(configure, tmp_path):
            restored(tmp_path / str(number))
            assert list(references.dangling()) == []


def test_rows_whose_conversation_is_gone_stay_out_and_are_spoken_of(filled: None, tmp_path: Path) -> None:
    there = whole(sums())
    collection("messages").insert_one(
        {"_id": ObjectId(), "owner": OWNER.id, "conversation": ObjectId(), "parent": None}
    )
    made = save.save(tmp_path / "all")
    assert made.alone == {"messages": 1}
    assert whole(made.sums) == there
    [gone] = references.dangling()
    assert (gone.reference.name, gone.reference.field) == ("messages", "conversation")


def test_a_piece_of_a_file_that_is_missing_is_found(filled: None) -> None:
    assert references.broken_files("stored") == []
    collection("stored.chunks").delete_one({"n": 0})
    assert references.broken_files("stored") == ["notes.txt"]


def test_every_collection_that_is_read_by_its_parent_is_read_whole(filled: None) -> None:
    """The ids under which children name their parents are written as the rooms write them."""
    run = ObjectId()
    collection("eval_runs").insert_one({"_id": run, "owner": OWNER.id})
    collection("eval_cells").insert_one({"_id": 1, "owner": OWNER.id, "run": str(run), "index": 0})
    document = ObjectId()
    collection("documents").insert_one({"_id": document, "owner": OWNER.id, "collection": ObjectId()})
    collection("document_slices").insert_one({"_id": 1, "owner": OWNER.id, "document": document, "number": 0})
    found = {one.name: one.count for one in sums()}
    for child in source.CHILDREN:
        if child.name not in {"sent_requests", "originals.chunks"}:
            assert found[child.name] == collection(child.name).count_documents({}) > 0
