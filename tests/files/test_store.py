"""Files in the store: kept, given back to their owner only, and gone when nothing shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub import files
from hub.db import indexes
from hub.db.mongo import collection, now
from hub.db.who import Who
from hub.errors import BadInput, NotFound

ANNA, BERT = Who("anna", "Anna"), Who("bert", "Bert")
DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _stores(mongo: str) -> Iterator[None]:
    indexes.ensure(files.INDEXES)
    yield
    files.close()


def test_a_file_comes_back_as_it_was_with_its_text() -> None:
    data = (DATA / "handbook.pdf").read_bytes()
    file = files.add(ANNA, "handbook.pdf", data)
    assert (file.kind, file.mime, file.size, file.pages) == ("text", "application/pdf", len(data), 24)
    assert file.tokens > 5000
    assert "Goes in as text" in file.how
    assert files.content(ANNA, file.id) == data
    assert "[page 2]" in files.text(ANNA, file.id)
    assert files.get(ANNA, file.id) == file


def test_pictures_for_prompts_are_kept() -> None:
    file = files.add(ANNA, "scan.pdf", (DATA / "scanned_notice.pdf").read_bytes())
    assert file.kind == "pages"
    assert [mime for mime, _ in files.pictures(ANNA, file.id)] == ["image/jpeg"] * 2
    assert "only pictures" in file.warning


def test_nobody_else_reads_it() -> None:
    file = files.add(ANNA, "a.txt", b"secret words")
    for attempt in (files.get, files.text, files.content, files.pictures, files.remove):
        with pytest.raises(NotFound):
            attempt(BERT, file.id)
    assert files.add(BERT, "a.txt", b"secret words").id != file.id


def test_the_same_file_is_stored_once() -> None:
    first = files.add(ANNA, "a.txt", b"same words")
    assert files.add(ANNA, "a.txt", b"same words") == first
    assert files.add(ANNA, "b.txt", b"same words").id != first.id


def test_a_file_above_the_limit_is_refused_and_not_stored(configure: Callable[..., None]) -> None:
    configure(max_upload_mb=1)
    with pytest.raises(BadInput, match="1 MB are the most") as caught:
        files.add(ANNA, "big.txt", b"x" * 1_100_000)
    assert caught.value.kind == "too_large"
    with pytest.raises(BadInput):
        files.add(ANNA, "bad.pdf", (DATA / "corrupt.pdf").read_bytes())
    assert collection("files").count_documents({}) == 0
    assert collection("stored.files").count_documents({}) == 0


def test_very_long_text_is_kept_outside_its_row() -> None:
    text = "Zeile über Vögel\n" * 300_000
    file = files.add(ANNA, "long.txt", text.encode())
    assert files.text(ANNA, file.id) == text


def test_unused_files_go_after_a_day_and_used_ones_stay() -> None:
    unused = files.add(ANNA, "unused.txt", b"one two")
    used = files.add(ANNA, "used.txt", b"three four")
    twice = files.add(ANNA, "twice.txt", b"five six")
    files.keep(ANNA, [used.id, twice.id])
    files.keep(ANNA, [twice.id])
    files.release(ANNA, [twice.id])
    assert files.sweep() == 0
    collection("files").update_many(
        {"unused_since": {"$exists": True}}, {"$set": {"unused_since": now() - timedelta(days=2)}}
    )
    assert files.sweep() == 1
    with pytest.raises(NotFound):
        files.get(ANNA, unused.id)
    assert [one.id for one in files.many(ANNA, [twice.id, used.id])] == [twice.id, used.id]
    files.remove(ANNA, used.id)
    assert files.get(ANNA, used.id)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a\nb.txt", "ab.txt"),
        ("", "file"),
        ("n" * 300 + ".pdf", "n" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    from hub.files.attach import tidy

    assert tidy(given) == kept
