"""A disk without room is said before anything breaks."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from hub.db import disk
from hub.errors import StoreDown
from tests.conftest import Configure
from tests.web.conftest import Hub


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly nothing is free; a disk cannot really be filled without being root."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=10**9, used=10**9, free=3_000_000))


def test_room_is_only_looked_for_where_the_hub_stores(data_dir: Path, full: None, configure: Configure) -> None:
    configure(mongo_url="mongodb://hub:word@127.0.0.1:27017")
    assert disk.full()
    configure(mongo_url="mongodb://elsewhere.example:27017")
    assert not disk.full()
    disk.need_room()


def test_more_than_is_free_is_refused(data_dir: Path, configure: Configure) -> None:
    configure(mongo_url="mongodb://127.0.0.1:27017")
    disk.need_room()
    with pytest.raises(StoreDown, match="disk is full") as refused:
        disk.need_room(2**62)
    assert refused.value.kind == "disk_full"


def test_nothing_new_is_taken_on_a_full_disk(client: httpx.Client, hub: Hub, full: None) -> None:
    for answer in (
        client.post("/api/runs", json={"text": "fast", "targets": [{"model": "demo/demo"}]}),
        client.post("/api/files", files=[("file", ("a.txt", b"text"))]),
    ):
        assert answer.status_code == 507, answer.text
        assert answer.json()["error"]["kind"] == "disk_full" and answer.json()["error"]["hint"]
    assert client.get("/readyz").status_code == 503
    assert client.get("/api/conversations").json()["recent"] == []
