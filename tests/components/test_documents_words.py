"""What the documents page says of collections, documents and what a question found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.documents import words
from components.documents.document_view import LONGEST, pages
from hub.documents.records import Collection, CollectionSettings, Document, Findings, Found, Markdown, Passage

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
DOCUMENT = Document("d", "c", "a.pdf", "A", "application/pdf", 1_240_000, "ready", WHEN, WHEN, unit="page")
SHELF = Collection("c", "Shelf", "anna", "", False, True, CollectionSettings(), WHEN, documents=3)
FOUND = Found("p1", "d", "c", "A", 0, 0, "Tea.\n\nAt four.", 0, 4, 3, "page", "Tea", 2.0, 1.0, None, 0.5, 0.2, 1)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (DOCUMENT, ""),
        (replace(DOCUMENT, warnings=("Two pages are pictures.",)), "Two pages are pictures."),
        (replace(DOCUMENT, state="waiting"), "Waiting."),
        (replace(DOCUMENT, state="reading", done=3, total=12), "Reading, page 3 of 12."),
        (
            replace(DOCUMENT, state="reading", done=3, total=12, version=2, serving=True),
            "Reading, page 3 of 12. The older version serves until then.",
        ),
        (replace(DOCUMENT, state="paused", done=3, total=12), "Paused at page 3 of 12."),
        (replace(DOCUMENT, state="failed", reason="It is locked.", hint="Unlock it."), "It is locked. Unlock it."),
    ],
)
def test_how_a_document_stands(document: Document, said: str):
    assert words.standing(document) == said


@pytest.mark.parametrize(
    ("document", "deeds"),
    [
        (DOCUMENT, ["remove"]),
        (replace(DOCUMENT, state="embedding"), ["pause", "remove"]),
        (replace(DOCUMENT, state="paused"), ["resume", "remove"]),
        (replace(DOCUMENT, state="failed", version=2, serving=True), ["retry", "cancel", "remove"]),
    ],
)
def test_what_can_be_done_with_a_document(document: Document, deeds: list[str]):
    assert [deed.do for deed in words.document_item(document, mine=True).deeds] == deeds
    assert not words.document_item(document, mine=False).deeds


def test_how_far_a_document_is():
    assert words.document_item(DOCUMENT, mine=True).share is None
    assert words.document_item(replace(DOCUMENT, state="waiting"), mine=True).share == 0
    assert words.document_item(replace(DOCUMENT, state="reading", done=3, total=12), mine=True).share == 0.25
    assert words.facts(replace(DOCUMENT, passages=1, pages=12)) == "1 passage · 12 pages · 1.2 MB"


def test_whose_a_collection_is():
    assert words.collection_item(SHELF, {}).said == "Personal · 3 documents"
    assert words.whose(replace(SHELF, scope="project:p"), {"p": "Boats"}) == "Project Boats"
    assert words.whose(replace(SHELF, shared=True, mine=False), {}) == "Shared with you"
    assert not words.collection_item(replace(SHELF, mine=False), {}).deeds


def test_why_a_passage_was_found():
    other = replace(FOUND, id="p2", lexical=2.0, dense=0.5, score=4.0, position=2)
    first, second = words.found_rows(Findings((FOUND, other), 0.9, True))
    assert (first.place, first.text) == ("page 3 · Tea", "Tea.\nAt four.")
    assert [(bar.name, bar.value, bar.share) for bar in first.bars] == [
        ("Words", "1.00", 0.5),
        ("Meaning", "none", 0.0),
        ("Beside", "0.50", 1.0),
        ("Document", "0.20", 1.0),
        ("Together", "2.00", 0.5),
    ]
    assert second.bars[1].share == 0.5


def test_a_passage_that_is_never_searched_says_so():
    passage = Passage("p", "d", 0, "1 Tea ... 4", 0, 10, 1, "page", tokens=8, indexed=False)
    assert words.passage_row(passage).quiet
    assert "never searched" in words.passage_row(passage).facts


def test_a_text_without_pages_is_cut_at_paragraphs_and_nothing_is_lost():
    text = "A paragraph of some words.\n\n" * 2_000
    cut = pages(Markdown(text))
    assert "".join(text[start:end] for _, start, end in cut) == text
    assert all(end - start <= LONGEST for _, start, end in cut)
    assert pages(Markdown("ab", ((1, 0, 1), (2, 1, 2)))) == [(1, 0, 1), (2, 1, 2)]
    assert pages(Markdown("")) == []
