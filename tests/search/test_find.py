"""What is found, and what is not."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.db.postgres import connection
from hub.search import dense, index
from hub.search.embed import MiniLM
from hub.search.find import find
from hub.search.lexical import ROW
from hub.search.records import Filter, Space
from tests.search.conftest import NOON, said

pytestmark = pytest.mark.usefixtures("index_store")
ANNA, BEN = Space("messages", "anna"), Space("messages", "ben")
TALK = [
    said("My sister Mia moved to Lisbon last spring", place=0),
    said("How does she like it there?", place=1),
    said("She opened a bakery near the river", place=2),
    said("The printer needs a new cartridge", group="c2", place=0),
    said("Order the black one, number 302", group="c2", place=1),
]


def texts(space: Space, question: str, embedder: MiniLM | None = None, **more: object) -> list[str]:
    return [hit.text for hit in find([space], question, embedder, **more)]  # pyright: ignore[reportArgumentType]


def test_words_find_their_stems(minilm: MiniLM) -> None:
    index.put(ANNA, TALK)
    assert texts(ANNA, "moving to Lisbon")[0] == TALK[0].text
    assert texts(ANNA, "cartridges for printers")[0] == TALK[3].text


def test_meaning_finds_what_shares_no_word(minilm: MiniLM) -> None:
    index.put(ANNA, TALK, minilm)
    assert TALK[2].text in texts(ANNA, "Who started a business selling bread?", minilm)[:2]


def test_a_neighbour_of_what_matches_comes_before_a_stranger(minilm: MiniLM) -> None:
    index.put(ANNA, TALK, minilm)
    found = texts(ANNA, "Mia Lisbon", minilm)
    assert found.index(TALK[1].text) < found.index(TALK[4].text)


def test_nothing_crosses_from_one_owner_collection_or_scope_to_another(minilm: MiniLM) -> None:
    elsewhere = [BEN, Space("messages", "anna", "project:1"), Space("memories", "anna")]
    for space in elsewhere:
        index.put(space, [said(f"Lisbon secret of {space}", group="x")], minilm)
    index.put(ANNA, TALK, minilm)
    for embedder in (None, minilm):
        assert {hit.space for hit in find([ANNA], "Lisbon secret", embedder, most=100)} == {ANNA}
    both = find([ANNA, elsewhere[1]], "Lisbon secret", minilm, most=100)
    assert {hit.space for hit in both} == {ANNA, elsewhere[1]}
    assert find([Space("messages", "nobody")], "Lisbon", minilm) == []


def test_a_language_keeps_its_stems_beside_another(minilm: MiniLM) -> None:
    index.put(ANNA, TALK)
    index.put(ANNA, [said("Die Kühlungen der beiden Anlagen wurden gestern geprüft", group="de")])
    index.put(ANNA, [said("東京都に住んでいます", group="ja")])
    assert "Kühlungen" in texts(ANNA, "Kühlung")[0]
    assert "東京都" in texts(ANNA, "東京")[0]


def test_bm25_is_the_formula(minilm: MiniLM) -> None:
    rows = [said("apple apple pear", place=0), said("pear", place=1), said("plum pear cherry fig", place=2)]
    index.put(ANNA, [said(one.text, place=one.place, language="simple") for one in rows])
    scores = {hit.place: hit.lexical for hit in find([ANNA], "apple")}
    (k1, b), mean = ROW, 8 / 3
    expected = math.log(1 + 2.5 / 1.5) * 2 * (k1 + 1) / (2 + k1 * (1 - b + b * 3 / mean))
    assert scores[0] == pytest.approx(expected)
    assert scores[1] == scores[2] == 0


def test_an_item_is_replaced_and_what_did_not_change_keeps_its_row(minilm: MiniLM) -> None:
    assert index.put(ANNA, TALK, minilm) == 5
    assert index.put(ANNA, TALK, minilm) == 0
    before = _ids()
    changed = said("She opened a bookshop near the river", place=2)
    assert index.put(ANNA, [changed], minilm) == 1
    after = _ids()
    assert len(set(before) & set(after)) == 4
    assert texts(ANNA, "bakery") == []
    assert texts(ANNA, "bookshop")[0] == changed.text


def test_parts_that_are_gone_leave(minilm: MiniLM) -> None:
    index.put(ANNA, [said("first half", item="m", part=0), said("second half", item="m", part=1)])
    index.put(ANNA, [said("first half", item="m", part=0)])
    assert texts(ANNA, "half") == ["first half"]


def test_items_groups_and_owners_are_dropped_whole(minilm: MiniLM) -> None:
    index.put(ANNA, TALK, minilm)
    index.put(BEN, TALK, minilm)
    index.drop(ANNA, ["c1-0"])
    assert all("Lisbon" not in text for text in texts(ANNA, "Lisbon"))
    index.drop_group(ANNA, "c2")
    assert len(texts(ANNA, "printer river she", minilm)) == 2
    index.drop_owner("anna")
    assert find([ANNA], "river", minilm) == []
    assert len(find([BEN], "river", minilm, most=50)) == 5
    with connection() as database:
        counted = database.execute("SELECT count(DISTINCT space) FROM search.postings").fetchone()
    assert counted == (1,)


def test_vectors_that_are_missing_come_later(minilm: MiniLM) -> None:
    index.put(ANNA, TALK)
    assert all(hit.dense is None for hit in find([ANNA], "sister", minilm))
    assert index.embed_missing(minilm, most=3) == 3
    assert index.embed_missing(minilm) == 2
    assert index.embed_missing(minilm) == 0
    assert all(hit.dense is not None for hit in find([ANNA], "sister", minilm))


def test_a_large_space_is_asked_through_the_vector_index(minilm: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    index.put(ANNA, TALK, minilm)
    index.put(BEN, [said(f"Who sells bread number {n}?", place=n) for n in range(60)], minilm)
    exact = find([ANNA], "Who sells bread?", minilm, most=100)
    monkeypatch.setattr(dense, "EXACT", 0)
    through = find([ANNA], "Who sells bread?", minilm, most=100)  # sixty nearer rows are another's
    assert [hit.item for hit in through] == [hit.item for hit in exact]
    assert [hit.dense for hit in through] == pytest.approx([hit.dense for hit in exact], abs=1e-3)
    only = Filter(groups=("c2",))
    assert {hit.group for hit in find([ANNA], "Who sells bread?", minilm, most=100, only=only)} == {"c2"}


def test_filters_hold_for_candidates_and_neighbours(minilm: MiniLM) -> None:
    rows = [
        replace(
            said(f"river number {n}", place=n, group=f"g{n % 2}"),
            at=NOON + timedelta(days=n),
            about={"role": "user" if n % 3 else "tool"},
        )
        for n in range(30)
    ]
    index.put(ANNA, rows, minilm)
    middle = Filter(after=NOON + timedelta(days=5), before=NOON + timedelta(days=20))
    cases = {
        middle: lambda n: 5 <= n <= 20,
        Filter(groups=("g1",)): lambda n: n % 2 == 1,
        Filter(without_groups=("g1",)): lambda n: n % 2 == 0,
        Filter(items=("g0-4", "g1-7")): lambda n: n in {4, 7},
        Filter(phrases=("number 2",)): lambda n: n == 2,
        replace(middle, groups=("g0",), phrases=("river",)): lambda n: 5 <= n <= 20 and n % 2 == 0,
    }
    for only, holds in cases.items():
        for embedder in (None, minilm):
            found = {hit.place for hit in find([ANNA], "river", embedder, most=100, only=only)}
            assert found == {n for n in range(30) if holds(n)}, only
    tools = find([ANNA], "river", minilm, most=100, only=Filter(about={"role": "tool"}))
    assert {hit.place for hit in tools} == {n for n in range(30) if n % 3 == 0}


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "the of and", "'; DROP TABLE x; --", "a:* & !b | (c", "%_\\", "🙂", "x" * 9000]
)
def test_any_question_is_answered(text: str, minilm: MiniLM) -> None:
    index.put(ANNA, [*TALK, said(text or "empty", group="odd")], minilm)
    assert len(find([ANNA], text, minilm)) > 0
    assert isinstance(find([ANNA], text), list)


def test_many_owners_never_see_each_other(minilm: MiniLM) -> None:
    chance = random.Random(7)
    words = ["river", "lamp", "bread", "train", "violin", "snow"]
    spaces = [Space(c, o, s) for c in ("messages", "memories") for o in ("a", "b", "c") for s in ("", "project:1")]
    for space in spaces:
        marked = f"{space.collection}{space.owner}{space.scope}"
        index.put(
            space,
            [
                said(f"{marked} {chance.choice(words)} {chance.choice(words)}", group=f"g{n % 3}", place=n)
                for n in range(12)
            ],
        )
    for _ in range(150):
        asked = chance.sample(spaces, chance.randint(1, 3))
        for hit in find(asked, " ".join(chance.sample(words, 2)), most=100):
            assert hit.space in asked
            assert hit.text.startswith(f"{hit.space.collection}{hit.space.owner}{hit.space.scope}")


def _ids() -> list[int]:
    with connection() as database:
        return [row[0] for row in database.execute("SELECT id FROM search.rows ORDER BY id").fetchall()]


def test_the_question_is_not_read_where_there_is_nothing_to_find(
    minilm: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.put(BEN, TALK, minilm)
    index.put(ANNA, TALK)
    index.drop(ANNA, [one.item for one in TALK])
    monkeypatch.setattr(MiniLM, "query", None)
    assert find([ANNA, Space("messages", "nobody")], "Lisbon", minilm) == []
    assert find([], "Lisbon", minilm) == []
    groups = Filter(without_groups=tuple({one.group for one in TALK}))
    assert find([BEN], "Lisbon", minilm, only=groups) == []
    with pytest.raises(TypeError):
        find([BEN], "Lisbon", minilm)
