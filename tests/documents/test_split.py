"""Cutting: everything is in a passage, offsets are true, headings are those above, tables keep their heads."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.documents.records import CollectionSettings
from hub.documents.split import headings_after, path, split

LINES = st.sampled_from(
    [
        "# Top",
        "## Middle",
        "#### Deep",
        "",
        "A sentence. Another one here.",
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
        "```",
        "# no heading, code",
        "日本語の文です。",
        "- a point\n- another",
        "word " * 60,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=40), st.integers(32, 120), st.integers(0, 16), st.booleans())
def test_nothing_is_lost_and_offsets_are_true(lines: list[str], tokens: int, overlap: int, plain: bool) -> None:
    text = "\n".join(lines)
    cuts = split(text, CollectionSettings(tokens, overlap), plain=plain)
    covered = set[int]()
    for cut in cuts:
        assert cut.text.endswith(text[cut.start : cut.end])
        covered |= set(range(cut.start, cut.end))
    left = "".join(letter for place, letter in enumerate(text) if place not in covered)
    assert not [line for line in left.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    assert [cut.start for cut in cuts] == sorted(cut.start for cut in cuts)


def test_headings_are_those_above() -> None:
    text = "# A\n\none\n\n## B\n\ntwo\n\n```\n# code\n```\n\n# C\n\nthree"
    cuts = split(text, CollectionSettings(), above=((1, "Before"),))
    assert [(path(cut.headings), cut.text.split()[0]) for cut in cuts] == [
        ("A", "one"),
        ("A > B", "two"),
        ("C", "three"),
    ]
    assert headings_after(text) == ((1, "C"),)
    assert headings_after("no heading here", ((1, "Before"), (2, "Still"))) == ((1, "Before"), (2, "Still"))


def test_a_long_table_is_cut_between_rows_and_each_part_has_the_head() -> None:
    rows = "\n".join(f"| bird {n} | {n} grams of weight |" for n in range(60))
    cuts = split(f"# Weights\n\n| Bird | Weight |\n| --- | --- |\n{rows}\n", CollectionSettings(80, 10))
    assert len(cuts) > 5
    for cut in cuts:
        assert cut.text.startswith("| Bird | Weight |\n| --- | --- |\n| bird")
        assert cut.text.rstrip().endswith("|")
    assert sum(cut.text.count("| bird ") for cut in cuts) == 60  # no row twice


def test_a_list_of_contents_is_not_searched() -> None:
    contents = "\n".join(f"{n} Chapter … {n + 3}" for n in range(12))
    (cut,) = split(contents, CollectionSettings())
    assert not cut.indexed


def test_words_that_repeat_for_pages_are_all_in_passages() -> None:
    text = "no breaks " * 4_000
    cuts = split(text, CollectionSettings(), plain=True)
    assert cuts[0].start == 0
    assert cuts[-1].end == len(text.rstrip())
    assert all(one.end + 1 >= other.start > one.start for one, other in pairwise(cuts))
    assert all(cut.text == text[cut.start : cut.end] for cut in cuts)
