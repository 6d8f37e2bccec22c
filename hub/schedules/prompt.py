"""The prompt of a run: the text of the schedule with its variables filled in. What is filled in is data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hub import documents
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.files import read
from hub.net.fetch import fetch
from hub.schedules import store
from hub.settings import settings

NAMES = ("date", "time", "weekday", "last_result", "url", "payload", "new_documents")
LONGEST = 40_000
"""Characters of a page, a result, a payload or of new documents that go into a prompt."""
MOST_DOCUMENTS = 300
"""New documents that a prompt names."""
SHORTEST_BEGINNING, LONGEST_BEGINNING = 100, 4_000
"""Characters of the beginning of a new document; where there is room for less, only its title is given."""
_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)(?:\s+([^\s{}]+))?\s*\}\}")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def problems(prompt: str) -> str:
    """What is wrong with the variables in a prompt, as a sentence; empty when nothing is."""
    for name, given in _VARIABLE.findall(prompt):
        if name not in NAMES:
            known = ", ".join(f"{{{{{one}}}}}" for one in NAMES)
            return f"There is no variable {{{{{name}}}}}. There are: {known}."
        if name == "url" and not given.startswith(("https://", "http://")):
            return "{{url}} needs an address: {{url https://example.org}}."
    return ""


def names(prompt: str, variable: str) -> bool:
    """Whether a variable stands in a prompt."""
    return any(name == variable for name, _ in _VARIABLE.findall(prompt))


def written(who: Who, schedule: Document, occurrence: Document, zone: str) -> str:
    """The prompt of an occurrence. Raises BadInput when a page that it names cannot be read."""
    local = occurrence["due_at"].astimezone(ZoneInfo(zone))

    def value(found: re.Match[str]) -> str:
        return _value(found[1], found[2] or "", who, schedule, occurrence, local)

    text: str = schedule["spec"]["prompt"]
    if wrong := problems(text):
        raise BadInput(wrong)
    return _VARIABLE.sub(value, text)


def _value(name: str, given: str, who: Who, schedule: Document, occurrence: Document, local: datetime) -> str:
    match name:
        case "date":
            return f"{local:%Y-%m-%d}"
        case "time":
            return f"{local:%H:%M}"
        case "weekday":
            return _DAYS[local.weekday()]
        case "last_result":
            last = next(iter(store.newest_done(who, schedule["_id"])), None)
            return _data(name, last.get("said", "") if last else "") if last else "(there is none yet)"
        case "url":
            return _data(f"page {given}", _page(given))
        case "new_documents":
            return _documents(who, occurrence.get("documents", []))
        case _:
            return _data(name, occurrence.get("payload", "") or "(none)")


def _documents(who: Who, ids: Sequence[str]) -> str:
    """Titles, ids and beginnings of documents: the fewer they are, the more of each."""
    if not ids:
        return "(there are none)"
    each = min(LONGEST_BEGINNING, (LONGEST - 100 * len(ids)) // len(ids))
    parts = [_document(who, one, each) for one in ids[:MOST_DOCUMENTS]]
    more = [f"and {len(ids) - MOST_DOCUMENTS:,} more"] if len(ids) > MOST_DOCUMENTS else []
    return _data("new documents", "\n\n".join([f"New documents: {len(ids):,}", *parts, *more]))


def _document(who: Who, document: str, most: int) -> str:
    try:
        found = documents.get(who, document)
        said = documents.beginning(who, document, most).strip() if most >= SHORTEST_BEGINNING else ""
    except NotFound:
        return f"# (id {document}, removed since)"
    return f"# {found.title} (id {document})\n{said}".strip()


def _page(url: str) -> str:
    page = fetch(url, private=settings().reaches_private("tools"))
    text = read.read(page.name, page.data).text.strip()
    if not text:
        raise BadInput(f"There is no text at {url}.")
    return text


def _data(what: str, text: str) -> str:
    """`text` marked as data: nothing in it can end the mark."""
    cut = text[:LONGEST] + ("\n[cut here]" if len(text) > LONGEST else "")
    kept = re.sub(r"(?i)</?\s*data\b", "<\u200bdata", cut)
    return f'<data from="{re.sub(chr(34), "", what)[:300]}">\n{kept}\n</data>'
