"""Splitter settings on questions with marked spans: recall, precision and IoU of the passages that are found.

`--data DIR`: `corpora/*.md` and `questions_df.csv` (question, references with offsets, corpus_id) as in Smith and
Troynikov, Evaluating Chunking Strategies for Retrieval (Chroma, 2024), whose metric this is, in characters: the found
passages against the marked spans, means over all questions; all corpora stand in one space.

Each setting is scored twice: on its first five passages, as in the paper, where larger passages bring more text and so
recall for nothing; and on as many as fit into the room of the default setting's passages for an answer, which is what
a prompt pays for.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from bench.result import Bar
from bench.tables import index_alone
from hub.documents.find import WEIGHTS
from hub.documents.pairs import for_pieces
from hub.documents.records import CollectionSettings
from hub.documents.split import path, split
from hub.models import estimate
from hub.search import Entry, Hit, Space, embedder, find, index

FOUND = 5
SETTINGS = ((100, 0), (100, 20), (150, 15), (200, 0), (200, 20), (200, 60), (300, 30), (400, 40))
"""Tokens of a passage, and how many of them the next one repeats."""
MOST = 60
ROOM = CollectionSettings().chunk_tokens * CollectionSettings().k
WITHIN = 1.0
"""Points by which the default may lie below the best: less than the standard error of these questions."""
MEASURES = ("recall", "precision", "iou")
NOON = datetime(2026, 1, 1, tzinfo=UTC)

Span = tuple[int, int]


@dataclass(frozen=True)
class Question:
    """`gold`: the spans of `corpus` that hold the answer."""

    text: str
    corpus: str
    gold: tuple[Span, ...]


def measure(repeats: int, data: str = "") -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Every setting on every question; `repeats` changes nothing."""
    if not data:
        raise SystemExit("This benchmark needs --data DIR: corpora and questions_df.csv.")
    corpora = {one.stem: one.read_text() for one in sorted((Path(data) / "corpora").glob("*.md"))}
    asked = list(questions(Path(data) / "questions_df.csv"))
    with index_alone():
        table = [_row(corpora, asked, tokens, overlap) for tokens, overlap in SETTINGS]
    served = CollectionSettings()
    ours = next(row for row in table if (row["tokens"], row["overlap"]) == (served.chunk_tokens, served.overlap))
    best = max(row["in the same room"]["recall"] for row in table)
    bars = (
        Bar("recall of the default setting in its room", ours["in the same room"]["recall"], "%", best - WITHIN, True),
        *(Bar(f"{name} of its first {FOUND}", ours["first"][name], "%", 0, True) for name in MEASURES),
    )
    return bars, {"settings": table, "questions": len(asked), "first": FOUND, "room in tokens": ROOM}


def _row(corpora: dict[str, str], asked: Sequence[Question], tokens: int, overlap: int) -> dict[str, Any]:
    began = time.monotonic()
    space = put(corpora, tokens, overlap)
    found = [look(space, one) for one in asked]
    return {
        "tokens": tokens,
        "overlap": overlap,
        "first": _means([score(hits[:FOUND], one) for hits, one in zip(found, asked, strict=True)]),
        "in the same room": _means([score(_fitting(hits), one) for hits, one in zip(found, asked, strict=True)]),
        "seconds": round(time.monotonic() - began, 1),
    }


def _means(scores: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(100 * sum(one[name] for one in scores) / len(scores), 1) for name in MEASURES}


def _fitting(hits: Sequence[Hit]) -> list[Hit]:
    """The first hits that have `ROOM` tokens together."""
    ends = accumulate(estimate.tokens(hit.text) for hit in hits)
    return [hit for hit, end in zip(hits, ends, strict=True) if end <= ROOM]


def questions(file: Path) -> Iterator[Question]:
    """The questions of the file with their spans."""
    csv.field_size_limit(10_000_000)
    with file.open(newline="") as lines:
        for row in csv.DictReader(lines):
            gold = tuple((one["start_index"], one["end_index"]) for one in json.loads(row["references"]))
            yield Question(row["question"], row["corpus_id"], gold)


def put(corpora: dict[str, str], tokens: int, overlap: int) -> Space:
    """Cuts the corpora by one setting into a space of their own."""
    space = Space("documents", "bench", f"{tokens}/{overlap}")
    settings = CollectionSettings(tokens, overlap)
    for name, text in corpora.items():
        entries = [
            Entry(f"{name}-{place}", name, place, cut.text, NOON, title=path(cut.headings), about=_about(cut))
            for place, cut in enumerate(split(text, settings))
            if cut.indexed
        ]
        index.put(space, entries, for_pieces(embedder()))
    return space


def _about(cut: Any) -> dict[str, Any]:
    return {"start": cut.start, "end": cut.end}


def look(space: Space, question: Question) -> list[Hit]:
    """What a question finds, more than fits into the room."""
    return find([space], question.text, embedder(), most=MOST, weights=WEIGHTS)


def score(hits: Sequence[Hit], question: Question) -> dict[str, float]:
    """Recall, precision and IoU of what was found."""
    found = [(hit.about["start"], hit.about["end"]) for hit in hits if hit.group == question.corpus]
    shared = _length(_cut(one, gold) for one in found for gold in question.gold)
    wanted = _length(question.gold)
    taken = sum(hit.about["end"] - hit.about["start"] for hit in hits)
    return {"recall": shared / wanted, "precision": shared / max(taken, 1), "iou": shared / (taken + wanted - shared)}


def _cut(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _length(spans: Iterator[Span] | Sequence[Span]) -> int:
    """The length of the union of spans; those that end before they begin are none."""
    total, reached = 0, -1
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
