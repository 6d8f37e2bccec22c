"""A question to collections: the passages that fit it, and whether they hold an answer at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hub.db.mongo import Document as Row
from hub.db.who import Who
from hub.documents import holdings, relevance, store
from hub.documents.records import Findings, Found
from hub.errors import BadInput
from hub.search import Filter, Hit, Weights, embedder
from hub.search.ask import Found as Looked
from hub.search.ask import ask

WEIGHTS = Weights(near=0.1)
"""Passages that stand side by side are less about one thing than the messages of a conversation."""
WIDER = 3
"""How many times more passages are looked at than are wanted: what is merged makes room for others."""


def search(
    who: Who, question: str, chosen: Sequence[str], *, most: int | None = None, merged: bool = False
) -> Findings:
    """What `question` finds in the collections `chosen` that `who` may read; `most` defaults to their k. With `merged`
    passages that stand side by side come as one, as a prompt has them. StoreDown when the index is away."""
    if not question.strip():
        raise BadInput("There is no question.", hint="Type what you are looking for.")
    owners = holdings.readable(who, chosen=chosen)
    if not owners:
        gone = ("None of the collections is there any more.",) if chosen else ()
        return Findings((), 0.0, answered=False, strange=True, notices=gone)
    count = most or max(holdings.settings_of(row).k for row in owners)
    given = looked_up(question, owners, max(count * WIDER, relevance.WEIGHED))
    found = _found(given.hits, owners)
    model = embedder()
    sure = relevance.sure(question, found, model.name if model else "")
    shown = merge(found, count) if merged else found[:count]
    return Findings(tuple(shown), sure, sure >= relevance.THRESHOLD, sure < relevance.STRANGE, given.notices)


def looked_up(question: str, owners: Sequence[Row], most: int) -> Looked:
    """What the index finds in these collections, without documents that were removed a moment ago; sorted anew by the
    reranking model where one of the collections wants that and one is set up."""
    spaces = [holdings.space_of(row) for row in owners]
    gone = store.hidden([row["_id"] for row in owners])
    only = Filter(without_groups=tuple(gone)) if gone else None
    again = any(holdings.settings_of(row).rerank for row in owners)
    return ask(spaces, question, most=most, only=only, weights=WEIGHTS, again=again)


def _found(hits: Sequence[Hit], owners: Sequence[Row]) -> list[Found]:
    there = still_there(hits, owners)
    return [_passage(hit, row, position) for position, (row, hit) in enumerate(there, 1)]


def still_there(hits: Sequence[Hit], owners: Sequence[Row]) -> list[tuple[Row, Hit]]:
    """The hits with their documents' rows, without what was removed since the index was asked."""
    rows = store.many(sorted({hit.group for hit in hits}))
    allowed = {str(row["_id"]) for row in owners}
    found: list[tuple[Row, Hit]] = []
    for hit in hits:
        row = rows.get(hit.group)
        if row is not None and row["removed_at"] is None and str(row["collection"]) in allowed:
            found.append((row, hit))
    return found


def _passage(hit: Hit, row: Row, position: int) -> Found:
    about = hit.about
    return Found(
        id=hit.item,
        document=hit.group,
        collection=str(row["collection"]),
        title=store.record(row).title,
        number=hit.place,
        last=hit.place,
        text=hit.text,
        start=about["start"],
        end=about["end"],
        page=about["page"],
        unit=about["unit"],
        heading=about["heading"],
        score=hit.score,
        lexical=hit.lexical,
        dense=hit.dense,
        near=hit.near,
        whole=hit.whole,
        position=position,
    )


def merge(found: Sequence[Found], most: int) -> list[Found]:
    """The best `most` of `found` with neighbours in one document joined, each at the place of its best part."""
    chosen = {(one.document, one.number): one for one in found[:most]}
    groups: list[list[Found]] = []
    for key in sorted(chosen):
        one = chosen[key]
        if groups and groups[-1][-1].document == one.document and groups[-1][-1].number + 1 == one.number:
            groups[-1].append(one)
        else:
            groups.append([one])
    joined = [_joined(group) for group in groups]
    return sorted(joined, key=lambda one: one.position)


def _joined(group: Sequence[Found]) -> Found:
    best = min(group, key=lambda one: one.position)
    first, last = group[0], group[-1]
    if first is last:
        return best
    text, end = first.text, first.end
    for one in group[1:]:
        shared = max(0, end - one.start) if len(one.text) == one.end - one.start else 0
        head = "" if one.heading == first.heading else f"{one.heading}\n"
        text, end = f"{text}\n{head}{one.text[shared:].lstrip()}", one.end
    return replace(
        best, id=first.id, number=first.number, last=last.number, text=text, start=first.start, end=end,
        page=first.page, heading=first.heading,
    )  # fmt: skip
