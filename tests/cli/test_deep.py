"""`hub doctor --deep`: what is stored holds together, and a backup of it can be restored."""

from __future__ import annotations

from pathlib import Path

import pytest
from bson import ObjectId

from bench import seed
from hub import files, hooks
from hub.cli.deep import look
from hub.cli.finding import Finding
from hub.cli.migrate import migrate_mongo, migrate_postgres
from hub.db.backup import save
from hub.db.mongo import collection
from hub.db.who import OWNER
from hub.models import connections
from hub.search import rebuild
from hub.settings import settings
from tests.conftest import Configure


@pytest.fixture
def filled(mongo: str, postgres: str) -> None:
    migrate_mongo()
    migrate_postgres()
    seed.conversation(6)
    files.add(OWNER, "notes.txt", b"what is in the notes, " * 30_000)
    connections.add(OWNER, "openai_compatible", name="Own", key="sk-own-key", base_url="http://127.0.0.1:9/v1")


def states(found: list[Finding]) -> dict[str, str]:
    """The worst state of each part."""
    order = ["good", "note", "broken"]
    worst: dict[str, str] = {}
    for one in found:
        worst[one.part] = max(worst.get(one.part, "good"), one.state, key=order.index)
    return worst


def test_a_whole_hub_is_good(filled: None) -> None:
    for source in hooks.search_sources():
        rebuild.rebuild(source, lambda done, of: None)
    found = look(None, "")
    assert set(states(found).values()) == {"good"}, found
    assert "equal by content hash" in found[0].says
    assert list(settings().data.glob("check-*")) == []


def test_each_thing_that_is_wrong_is_found(filled: None, configure: Configure, tmp_path: Path) -> None:
    for source in hooks.search_sources():
        rebuild.rebuild(source, lambda done, of: None)
    save.save(tmp_path / "all", "phrase")
    spoilt = bytearray((tmp_path / "all").read_bytes())
    spoilt[-40] ^= 1
    (tmp_path / "all").write_bytes(spoilt)
    collection("messages").delete_one({"depth": 5})
    collection("stored.chunks").delete_one({"n": 0})
    collection("conversations").insert_one({"_id": ObjectId(), "owner": OWNER.id, "head": None})
    configure(secret_key="another one")
    found = look(tmp_path / "all", "phrase")
    assert states(found) == {
        "Backup": "broken",
        "References": "broken",
        "Files": "broken",
        "Stored keys": "broken",
        "Search": "note",
    }
    said = " ".join(one.says for one in found)
    assert "1 of conversations refer with head to messages that are not there" in said
    assert "notes.txt" in said
    assert "1 in connections cannot be decrypted" in said
    assert "1 of 2 messages have nothing in the index" in said
    collection("conversations").delete_many({})
    assert "broken" in {one.state for one in look(tmp_path / "all", "phrase") if one.part == "Search"}
