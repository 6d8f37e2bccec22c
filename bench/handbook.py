"""Questions to a handbook and the files beside it: is the passage that holds the answer among the first five?

`--data DIR`: documents, `questions.jsonl` (question, document, evidence, page) and `questions_without_answer.jsonl`.
A passage is right when it comes from the document and holds the evidence, white space apart.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.documents import stores
from bench.result import Bar
from hub import documents
from hub.db.who import OWNER
from hub.documents import ingest
from hub.documents.records import Document, Findings
from hub.errors import BadInput

CUTS = (1, 3, 5)
QUESTIONS = "questions.jsonl"
WITHOUT = "questions_without_answer.jsonl"


def measure(repeats: int, data: str = "") -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Adds every file, asks every question; `repeats` changes nothing."""
    if not data:
        raise SystemExit("This benchmark needs --data DIR: documents with questions.jsonl.")
    folder = Path(data)
    asked = [json.loads(line) for line in (folder / QUESTIONS).read_text().splitlines()]
    unanswered = [json.loads(line) for line in (folder / WITHOUT).read_text().splitlines()]
    with stores():
        collection = documents.create_collection(OWNER, "Handbook").id
        began = time.monotonic()
        added = [_added(collection, path) for path in sorted(folder.iterdir()) if path.name not in {QUESTIONS, WITHOUT}]
        seconds = time.monotonic() - began
        names = {one.id: one.name for one in documents.documents(OWNER, collection)}
        began = time.monotonic()
        found = [documents.search(OWNER, one["question"], [collection], most=max(CUTS)) for one in asked]
        each = (time.monotonic() - began) / len(asked)
        empty = [documents.search(OWNER, one["question"], [collection]) for one in unanswered]
    places = [_place(one, question, names) for one, question in zip(found, asked, strict=True)]
    shares = {cut: 100 * sum(place is not None and place <= cut for place in places) / len(places) for cut in CUTS}
    kinds: dict[str, list[bool]] = defaultdict(list)
    for place, question in zip(places, asked, strict=True):
        kinds[question["kind"]].append(place is not None)
    detail = {
        "share by cut": {str(cut): round(share, 1) for cut, share in shares.items()},
        "by kind": {kind: f"{sum(right)} of {len(right)}" for kind, right in sorted(kinds.items())},
        "missed": [question["id"] for place, question in zip(places, asked, strict=True) if place is None],
        "answered though in the documents": f"{sum(one.answered for one in found)} of {len(found)}",
        "refused though not in the documents": f"{sum(not one.answered for one in empty)} of {len(empty)}",
        "sure": {
            one["id"]: round(given.sure, 2) for one, given in zip([*asked, *unanswered], [*found, *empty], strict=True)
        },
        "files": dict(added),
        "ingestion seconds": round(seconds, 1),
        "milliseconds a question": round(1000 * each),
    }
    return (Bar("right passage in the first 5", shares[5], "%", 95, least=True),), detail


def _added(collection: str, path: Path) -> tuple[str, str]:
    """A file's name, and what became of it."""
    try:
        document = documents.add_file(OWNER, collection, path.name, path.read_bytes()).document
    except BadInput as error:
        return path.name, error.message
    ingest.ingest(document.id)
    return path.name, _said(documents.get(OWNER, document.id))


def _said(document: Document) -> str:
    return f"{document.passages} passages" if document.state == "ready" else document.reason


def _place(found: Findings, question: dict[str, Any], names: dict[str, str]) -> int | None:
    """The position of the first right passage, from 1."""
    wanted = _plain(question["evidence"])
    for one in found.passages:
        if names[one.document] == question["document"] and wanted in _plain(one.text):
            return one.position
    return None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
