"""Two settings on the same questions, in a scratch space that nobody else searches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from hub.db.mongo import Document as Row
from hub.db.who import Who
from hub.documents import find, holdings, shelve, split, store
from hub.documents.records import CollectionSettings, Comparison, Question, Scored
from hub.documents.split import Headings
from hub.errors import BadInput
from hub.search import Hit, Space
from hub.search.ask import ask
from hub.search.index import drop_group, put

MOST_QUESTIONS = 100
MOST_TOKENS = 400_000
"""Tokens of a collection that are cut for a comparison, which happens while somebody waits."""


def compare_settings(
    who: Who, collection: str, questions: Sequence[Question], first: CollectionSettings, second: CollectionSettings
) -> Comparison:
    """Cuts the collection with both settings in a scratch space and asks `questions`; what serves is not touched."""
    owner = holdings.row_of(who, collection)
    asked = tuple(one for one in questions if one.text.strip() and one.expected.strip())
    if not asked or len(asked) > MOST_QUESTIONS:
        raise BadInput(
            f"A comparison takes 1 to {MOST_QUESTIONS} questions.",
            hint="Each needs words that a right passage holds.",
        )
    rows = [row for row in store.of_collection(owner["_id"]) if row["served"] or row["work"]["passages"]]
    tokens = sum((row["served"] or row["work"])["tokens"] for row in rows)
    if not rows or tokens > MOST_TOKENS:
        raise BadInput(
            "There is nothing to compare with: no document is ready."
            if not rows
            else f"The collection has {tokens:,} tokens; {MOST_TOKENS:,} are the most for a comparison.",
            hint="Compare on a smaller collection of the same kind." if rows else "",
        )
    return Comparison(asked, *(_scored(who, rows, asked, holdings.checked(one)) for one in (first, second)))


def _scored(who: Who, rows: Sequence[Row], questions: Sequence[Question], settings: CollectionSettings) -> Scored:
    space = Space("documents", who.id, f"scratch:{uuid4().hex}")
    names = {str(row["_id"]): row["name"] for row in rows}
    try:
        sizes = [size for row in rows for size in _put(space, row, settings)]
        places = tuple(_place(space, one, settings, names) for one in questions)
    finally:
        for group in names:
            drop_group(space, group)
    found = [place for place in places if place is not None]
    return Scored(
        settings=settings,
        hit_rate=len(found) / len(questions),
        mrr=sum(1 / place for place in found) / len(questions),
        positions=places,
        passages=len(sizes),
        tokens=sum(sizes) / max(1, len(sizes)),
    )


def _put(space: Space, row: Row, settings: CollectionSettings) -> list[int]:
    """Cuts a document by `settings` into the space; the tokens of its passages."""
    shown = row["served"] or row["work"]
    above: Headings = ()
    sizes: list[int] = []
    for slice_ in store.shown_slices(row):
        cuts = split.split(slice_["text"], settings, above, plain=shown["kind"] == "plain")
        above = split.headings_after(slice_["text"], above, plain=shown["kind"] == "plain")
        passages = [shelve.passage_row(cut, len(sizes) + place) for place, cut in enumerate(cuts)]
        fields = {"version": 0, "passages": passages, "language": slice_["language"]}
        put(space, shelve.entries(row, fields, shown["title"] or row["name"]), shelve.embedder())
        sizes += [cut.tokens for cut in cuts]
    return sizes


def _place(space: Space, question: Question, settings: CollectionSettings, names: dict[str, str]) -> int | None:
    hits = ask([space], question.text, most=settings.k, weights=find.WEIGHTS, again=settings.rerank).hits
    right = (place for place, hit in enumerate(hits, 1) if _right(hit, question, names))
    return next(right, None)


def _right(hit: Hit, question: Question, names: dict[str, str]) -> bool:
    if question.document and names[hit.group] != question.document:
        return False
    return " ".join(question.expected.split()).casefold() in " ".join(hit.text.split()).casefold()
