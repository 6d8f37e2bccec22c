"""`hub documents`, run as a person runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.db import indexes
from hub.db.migrations import postgres as migrations
from hub.documents import store
from hub.files import read
from tests.documents.conftest import FILES


@pytest.fixture(autouse=True)
def _stores(mongo: str, postgres: str) -> Iterator[None]:
    migrations.apply()
    indexes.ensure(store.INDEXES)
    yield
    read.close()


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["documents", *arguments, "--json"])
    assert result.exit_code == code, result.output
    return orjson.loads(result.stdout)


def test_files_go_in_with_one_object_each(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.md").write_text("# A\n\nThe heron stands in the deep.")
    (folder / "b.txt").write_bytes(b"")
    added = run("add", str(FILES / "storm_log.txt"), str(FILES / "encrypted.pdf"), str(folder), "--collection", "Logs")
    shown = {row["name"]: (row["state"], row["chunks"] > 0, bool(row["reason"])) for row in added}
    assert shown == {
        "storm_log.txt": ("ready", True, False),
        "encrypted.pdf": ("failed", False, True),
        "deep/a.md": ("ready", True, False),
        "b.txt": ("failed", False, True),
    }
    assert len({frozenset(row) for row in added}) == 1, "every file has the same fields"
    again = run("add", str(FILES / "storm_log.txt"), "--collection", "Logs")
    assert again[0]["duplicate"] is True
    assert [one["documents"] for one in run("list")] == [3]
    assert {row["name"] for row in run("list", "--collection", "Logs")} == {
        "storm_log.txt",
        "encrypted.pdf",
        "deep/a.md",
    }


def test_search_and_ask_give_passages_or_say_that_there_are_none() -> None:
    run("add", str(FILES / "warden_letters.epub"), str(FILES / "storm_log.txt"), "--collection", "Letters")
    question = "What did the lighthouse keeper give him for the clock?"
    found = run("search", question, "--collection", "Letters", "-k", "2")
    assert len(found) == 2
    assert found[0]["document"] == "warden_letters.epub"
    assert "sack of dried cod" in found[0]["text"]
    assert {"page", "heading", "score", "lexical", "dense"} <= found[0].keys()
    answer = run("ask", question)
    assert answer["answered"] is True
    assert "sack of dried cod" in answer["answer"]
    nothing = run("ask", "Who composed the opera about the barber of Seville?")
    assert (nothing["answered"], nothing["answer"]) == (False, "Not found in your documents.")
    assert run("search", "clock", "--collection", "Nope", code=1)["error"]["kind"] == "bad_input"


def test_remove_takes_it_out() -> None:
    run("add", str(FILES / "storm_log.txt"))
    assert run("remove", "storm_log.txt")["name"] == "storm_log.txt"
    assert run("search", "chimney") == []
    assert run("remove", "storm_log.txt", code=1)["error"]["kind"] == "bad_input"
    assert run("add", "/nowhere/at/all.txt", code=1)["error"]["kind"] == "bad_input"


def test_files_of_one_name_do_not_take_each_others_place(tmp_path: Path) -> None:
    for folder, animal in (("one", "heron"), ("two", "plover"), (".hidden", "wolf")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(f"The {animal} stands in the mud.")
    (tmp_path / "copy.md").write_text("The heron stands in the mud.")
    added = run("add", str(tmp_path / "one"), str(tmp_path / "two" / "a.md"), str(tmp_path), "--collection", "Birds")
    assert len(added) == 5
    assert len(run("list", "--collection", "Birds")) == 2
    again = [row for row in added if row["duplicate"]]
    assert {row["name"].rpartition("/")[2] for row in again} == {"a.md", "copy.md"}
    assert all("there already" in row["reason"] for row in again)
    assert [row["replaces"] for row in added if not row["duplicate"]] == [False, False]
