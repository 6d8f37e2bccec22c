"""A document on its way: piece by piece, halted, gone on with, replaced, failed; and that nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub import documents
from hub.db import postgres
from hub.documents import ingest, jobs, parse, shelve, show, store
from hub.documents.records import CollectionSettings, Passage
from hub.errors import BadInput, StoreDown
from hub.search import rebuild
from tests.documents.conftest import ANNA, FILES, Add


class Cut(BaseException):
    """The process ends here, as with kill -9: nothing above may catch it."""


def long_text(word: str, parts: int = 4) -> str:
    """Markdown of some pieces, a section each of which names its number."""
    filler = "The tide came in and the tide went out again. " * 6
    return "\n\n".join(f"## Part {n}\n\nThe {word} of part {n} is {word}{n}. {filler}" for n in range(parts * 4))


def texts(question: str, collection: str, most: int = 5) -> str:
    return " ".join(one.text for one in documents.search(ANNA, question, [collection], most=most).passages)


def rows(document: str) -> list[tuple[Any, ...]]:
    """What the index holds of a document, in every space."""
    with postgres.connection() as database:
        return database.execute(
            "SELECT s.scope, r.item, r.part, r.text, (SELECT count(*) FROM search.vectors v WHERE v.row = r.id),"
            " (SELECT count(*) FROM search.postings p WHERE p.row = r.id AND p.space = r.space), r.language, r.length"
            " FROM search.rows r JOIN search.groups g ON g.id = r.group JOIN search.spaces s ON s.id = r.space"
            " WHERE g.name = %s ORDER BY s.scope, r.place",
            (document,),
        ).fetchall()


def stop_after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, calls: int) -> None:
    """The process "ends" right after the n-th call of a function."""
    real: Callable[..., Any] = getattr(owner, name)
    left = [calls]

    def counted(*arguments: Any, **more: Any) -> Any:
        result = real(*arguments, **more)
        left[0] -= 1
        if not left[0]:
            raise Cut
        return result

    monkeypatch.setattr(owner, name, counted)


def test_the_first_pages_are_found_before_the_last_are_read(shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (FILES / "handbook.pdf").read_bytes()
    document = documents.add_file(ANNA, shelf, "handbook.pdf", data).document
    assert (document.state, document.serving) == ("waiting", False)
    monkeypatch.setattr(parse, "FIRST_PAGES", 6)
    stop_after(monkeypatch, shelve, "put_slice", 1)
    with pytest.raises(Cut):
        ingest.ingest(document.id)
    monkeypatch.undo()
    halfway = documents.get(ANNA, document.id)
    assert halfway.state in {"embedding", "reading"}
    assert "founded in 1961" in " ".join(texts("Who founded the station?", shelf).split())


@pytest.mark.parametrize(
    ("owner", "name", "calls"),
    [
        (store, "advance", 1),
        (store, "put_slice", 1),
        (shelve, "put_slice", 1),
        (store, "advance", 5),
        (shelve, "put_slice", 3),
        (store, "drop_slices", 1),
    ],
)
def test_work_that_ends_anywhere_gives_the_same_as_work_in_one_go(
    put: Add, shelf: str, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, calls: int
) -> None:
    monkeypatch.setattr(parse, "CHARACTERS", 1_500)
    whole = put("whole.md", long_text("heron"))
    documents.remove(ANNA, whole.id)
    expected = [(one.number, one.text, one.start, one.end, one.heading) for one in _passages(whole.id)]
    document = documents.add_file(ANNA, shelf, "broken.md", long_text("heron").encode()).document
    with monkeypatch.context() as patched:
        stop_after(patched, owner, name, calls)
        with pytest.raises(Cut):
            ingest.ingest(document.id)
    ingest.ingest(document.id)
    assert documents.get(ANNA, document.id).state == "ready"
    assert [(one.number, one.text, one.start, one.end, one.heading) for one in _passages(document.id)] == expected
    stored = rows(document.id)
    assert [row[3] for row in stored] == [text for _, text, *_ in expected]
    assert {(row[0], row[4]) for row in stored} == {(f"collection:{shelf}", 1)}
    assert all(row[5] for row in stored)


def _passages(document: str) -> tuple[Passage, ...]:
    row = store.load(document)
    assert row is not None
    shown = [(one["version"], each) for one in store.shown_slices(row) for each in one["passages"]]
    return tuple(show._passage(row, version, each) for version, each in shown)


@pytest.mark.parametrize(
    ("owner", "name", "calls"),
    [(shelve, "put_slice", 1), (shelve, "put_slice", 3), (ingest, "swap_in", 1), (store, "drop_slices", 1)],
)
def test_a_new_version_serves_all_at_once_and_the_old_one_until_then(
    put: Add, shelf: str, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, calls: int
) -> None:
    monkeypatch.setattr(parse, "CHARACTERS", 1_500)
    first = put("notes.md", long_text("heron"))
    added = documents.add_file(ANNA, shelf, "notes.md", long_text("plover").encode())
    assert (added.replaces, added.document.id, added.document.version) == (True, first.id, 2)
    with monkeypatch.context() as patched:
        stop_after(patched, owner, name, calls)
        with pytest.raises(Cut):
            ingest.ingest(first.id)
    served = {row[3].split(" of part")[0] for row in rows(first.id) if row[0] == f"collection:{shelf}"}
    assert len({"The heron" in served, "The plover" in served}) == 2  # one of them, never both
    ingest.ingest(first.id)
    assert documents.get(ANNA, first.id).state == "ready"
    stored = rows(first.id)
    assert {row[0] for row in stored} == {f"collection:{shelf}"}
    assert not any("heron" in row[3] for row in stored)
    assert "heron" not in documents.markdown(ANNA, first.id).text
    assert "plover3" in texts("What is the plover of part 3?", shelf)


def test_a_new_version_that_cannot_be_read_leaves_the_old_one_serving(put: Add, shelf: str) -> None:
    put("handbook.pdf")
    failed = put("handbook.pdf", (FILES / "corrupt.pdf").read_bytes())
    assert (failed.state, failed.serving, failed.version, failed.passages) == ("failed", True, 2, 81)
    assert "damaged" in failed.reason
    assert "ringing team" in texts("Which radio channel does the ringing team use?", shelf)
    assert documents.original(ANNA, failed.id) == (FILES / "handbook.pdf").read_bytes()
    kept = documents.cancel(ANNA, failed.id)
    assert kept is not None
    assert (kept.state, kept.version, kept.reason) == ("ready", 1, "")


def test_the_same_content_is_not_taken_twice(put: Add, shelf: str) -> None:
    first = put("storm_log.txt")
    again = documents.add_file(ANNA, shelf, "copy.txt", (FILES / "storm_log.txt").read_bytes())
    assert (again.duplicate, again.document.id) == (True, first.id)
    assert len(documents.documents(ANNA, shelf)) == 1


def test_what_a_room_writes_by_itself_is_stored_under_each_name(shelf: str) -> None:
    for name in ("Monday", "Monday", "Tuesday"):
        documents.add_text(ANNA, shelf, name, "Nothing new.", by="schedule")
    assert sorted(one.name for one in documents.documents(ANNA, shelf)) == ["Monday.md", "Tuesday.md"]


def test_pause_halts_between_pieces_and_resume_goes_on(shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "CHARACTERS", 1_500)
    document = documents.add_file(ANNA, shelf, "long.md", long_text("heron").encode()).document
    real = shelve.put_slice

    def pausing(*arguments: Any) -> None:
        real(*arguments)
        monkeypatch.setattr(shelve, "put_slice", real)
        documents.pause(ANNA, document.id)

    monkeypatch.setattr(shelve, "put_slice", pausing)
    ingest.ingest(document.id)
    assert documents.get(ANNA, document.id).state == "paused"
    ingest.ingest(document.id)  # a job that is still queued does nothing
    assert documents.get(ANNA, document.id).state == "paused"
    with pytest.raises(BadInput, match="has not failed"):
        documents.retry(ANNA, document.id)
    assert documents.resume(ANNA, document.id).state == "waiting"
    ingest.ingest(document.id)
    assert documents.get(ANNA, document.id).state == "ready"
    assert len({row[1] for row in rows(document.id)}) == len(rows(document.id)) == 16


def test_a_piece_that_ends_the_process_again_and_again_is_given_up(shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = documents.add_file(ANNA, shelf, "deadly.md", b"Some words that are enough.").document
    for _ in range(ingest.MOST_STARTS):
        with monkeypatch.context() as patched:
            stop_after(patched, parse, "parse", 1)
            with pytest.raises(Cut):
                ingest.ingest(document.id)
    ingest.ingest(document.id)
    failed = documents.get(ANNA, document.id)
    assert failed.state == "failed"
    assert "ended the process that reads it" in failed.reason
    documents.retry(ANNA, document.id)
    ingest.ingest(document.id)
    assert documents.get(ANNA, document.id).state == "ready"


def test_other_settings_cut_anew_without_reading_again(put: Add, shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = put("handbook.pdf")
    before = documents.passages(ANNA, document.id)
    documents.change_collection(ANNA, shelf, settings=CollectionSettings(chunk_tokens=60, overlap=0))
    assert documents.get(ANNA, document.id).state == "waiting"
    assert len(documents.passages(ANNA, document.id)) == len(before)  # the old ones serve

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("The file was read again.")

    monkeypatch.setattr(parse, "parse", never)
    ingest.ingest(document.id)
    after = documents.get(ANNA, document.id)
    assert (after.state, after.version, after.pages, after.title) == ("ready", 2, 24, document.title)
    assert after.passages > len(before)
    assert len(rows(document.id)) == sum(one.indexed for one in documents.passages(ANNA, document.id))


def test_what_is_removed_is_not_found_and_comes_back(put: Add, shelf: str) -> None:
    document = put("storm_log.txt")
    documents.remove(ANNA, document.id)
    assert texts("when did the chimney sing", shelf) == ""
    assert rows(document.id) == []
    assert documents.documents(ANNA, shelf) == ()
    documents.restore(ANNA, document.id)
    jobs.index(document.id)
    assert "chimney sings" in texts("when did the chimney sing", shelf)


def test_a_day_after_nothing_is_left(put: Add, shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from hub.db.mongo import collection

    document = put("storm_log.txt")
    other = put("a.md", "# A\n\nThis one stays where it is.")
    documents.remove(ANNA, document.id)
    jobs.purge()
    assert store.load(document.id) is not None
    monkeypatch.setattr(jobs, "KEPT", timedelta(seconds=-1))
    jobs.purge()
    assert store.load(document.id) is None
    assert [one.id for one in documents.documents(ANNA, shelf)] == [other.id]
    documents.delete_collection(ANNA, shelf)
    jobs.purge()
    for name in ("documents", "document_collections", "document_slices", "originals.files", "originals.chunks"):
        assert collection(name).count_documents({}) == 0
    assert rows(other.id) == []


def test_the_index_built_anew_is_the_index_kept(put: Add, shelf: str) -> None:
    from hub.documents import plugin

    names = ("handbook.pdf", "stores.xlsx", "warden_letters.epub")
    ids = [put(name).id for name in names]
    gone = put("storm_log.txt")
    documents.remove(ANNA, gone.id)
    kept = [rows(one) for one in ids]
    with postgres.connection() as database:
        database.execute("DELETE FROM search.spaces")
    (source,) = plugin.search_sources()
    rebuild.rebuild(source, lambda done, of: None)
    assert [rows(one) for one in ids] == kept
    assert rows(gone.id) == []


def test_an_index_built_anew_leaves_a_version_on_its_way_alone(
    put: Add, shelf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.documents import plugin

    monkeypatch.setattr(parse, "CHARACTERS", 1_500)
    document = put("notes.md", long_text("heron")).id
    documents.add_file(ANNA, shelf, "notes.md", long_text("plover").encode())
    with monkeypatch.context() as patched:
        stop_after(patched, store, "put_slice", 3)
        with pytest.raises(Cut):
            ingest.ingest(document)
    halfway = rows(document)
    (source,) = plugin.search_sources()
    rebuild.rebuild(source, lambda done, of: None)
    assert rows(document) == halfway
    ingest.ingest(document)
    assert len(rows(document)) == len(_passages(document))
    assert {row[0] for row in rows(document)} == {f"collection:{shelf}"}


def test_without_postgres_a_document_waits_and_says_so(
    mongo: str, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.db.processes import free_port

    configure(postgres_url=f"postgresql://127.0.0.1:{free_port()}/hub", store_timeout=0.1)
    shelf = documents.create_collection(ANNA, "Shelf").id
    document = documents.add_file(ANNA, shelf, "a.md", b"# A\n\nSome words that are enough.").document
    assert document.state == "waiting"
    assert "goes on by itself" in documents.get(ANNA, document.id).reason
    with pytest.raises(StoreDown):
        ingest.ingest(document.id)
    assert documents.get(ANNA, document.id).state not in {"ready", "failed"}
    postgres.close()
