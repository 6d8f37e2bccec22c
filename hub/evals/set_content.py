"""What a prompt set may hold, made exact or refused in a sentence, and its stored form.

Rows, templates and checks are stored as JSON text: keys such as "$ref" of a JSON schema are none of the store's
business, and the same content always has the same hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import orjson

from hub.db.mongo import Document
from hub.errors import BadInput
from hub.evals.checks import parse
from hub.evals.records import AS_WRITTEN, CheckData, PromptSet, Row, SetDraft, Template

MOST_ROWS = 20_000
MOST_TEMPLATES = 20
MOST_CHECKS = 50
MOST_TURNS = 50
MOST_TAGS = 20
LONGEST_NAME = 120
LONGEST_ID = 80
LARGEST_ROW = 1_000_000
LARGEST_HEAD = 2_000_000
LARGEST_SET = 100_000_000
"""Bytes as JSON: a row, templates with checks and description, a version. MongoDB takes 16 MB in one document."""


def head(document: Document) -> PromptSet:
    """The head of a stored version."""
    return PromptSet(
        id=str(document["_id"]),
        name=document["name"],
        version=document["version"],
        rows=document["rows"],
        templates=tuple(template(one) for one in orjson.loads(document["templates"])),
        checks=tuple(orjson.loads(document["checks"])),
        description=document["description"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
    )


def ids(document: Document) -> list[str]:
    """The ids of a stored version's rows in order."""
    return document["ids"].split("\n") if document["ids"] else []


def fields(draft: SetDraft) -> Document:
    """The stored form of a draft that was checked, but for its rows."""
    return {
        "name": draft.name,
        "description": draft.description,
        "templates": _json([asdict(one) for one in draft.templates]),
        "checks": _json(draft.checks),
    }


def document(row: Row) -> Document:
    """The stored form of a row; files are named apart, since their uses are counted."""
    return {"content": _json(row), "files": list(row.files)}


def row(document: Document) -> Row:
    """The row in its stored form."""
    found = orjson.loads(document["content"])
    for name in ("turns", "files", "tags", "checks"):
        found[name] = tuple(found[name])
    return Row(**found)


def checked(draft: SetDraft, taken: Collection[str] = ()) -> SetDraft:
    """`draft` with clean text and an id for each row, none of them in `taken`; raises BadInput."""
    check_count(len(draft.rows))
    templates = tuple(map(_clean_template, draft.templates or (AS_WRITTEN,)))
    if len(templates) > MOST_TEMPLATES:
        raise BadInput(f"A prompt set has at most {MOST_TEMPLATES} templates; this has {len(templates)}.")
    if len({one.name for one in templates}) < len(templates):
        raise BadInput("Two templates have the same name.", hint="Give each its own: the grid's columns need them.")
    made = SetDraft(name(draft.name), (), templates, _checks(draft.checks, "The set"), _clean(draft.description))
    if sum(len(part) for part in fields(made).values()) > LARGEST_HEAD:
        raise BadInput("Templates, checks and description together have more than 2 MB.", hint="Shorten them.")
    rows = tuple(_rows(draft.rows, taken))
    return replace(made, rows=rows)


def check_count(rows: int) -> None:
    """Raises BadInput for more rows than a set may have."""
    if rows > MOST_ROWS:
        raise BadInput(
            f"A prompt set has at most {MOST_ROWS:,} rows; this would have {rows:,}. Nothing was saved.",
            hint="Split it into several sets.",
        )


def name(text: str) -> str:
    """A set's name on one line; raises BadInput."""
    shown = " ".join(_clean(text).split())
    if not shown:
        raise BadInput("A prompt set needs a name.")
    if len(shown) > LONGEST_NAME:
        raise BadInput(f"The name has {len(shown):,} characters; at most {LONGEST_NAME} fit.")
    return shown


def row_id(row: Row) -> str:
    """An id made of what a row asks, so that the same case has the same id whenever its file is read."""
    return hashlib.sha256(_json([row.turns, sorted(row.vars.items()), row.system, row.files])).hexdigest()[:12]


def _rows(rows: Sequence[Row], taken: Collection[str]) -> Iterator[Row]:
    """Clean rows with ids of their own: those they have, else made of what they ask."""
    used, size = set(taken), 0
    kept = {one.id for one in rows}
    for number, given in enumerate(rows, 1):
        clean = _clean_row(given, f"Row {number}")
        id_ = clean.id
        if not id_ or id_ in used:
            id_ = _free(row_id(clean), used | kept)
        used.add(id_)
        clean = replace(clean, id=id_)
        length = len(_json(clean))
        size += length
        if length > LARGEST_ROW:
            raise BadInput(f"Row {number} has {length / 1e6:,.1f} MB; 1 MB is the most.", hint="Attach it as a file.")
        yield clean
    if size > LARGEST_SET:
        raise BadInput(f"The rows have {size / 1e6:,.0f} MB together; 100 MB is the most.", hint="Split the set.")


def _free(id_: str, used: Collection[str]) -> str:
    number, free = 2, id_
    while free in used:
        free, number = f"{id_}-{number}", number + 1
    return free


def _clean_row(row: Row, where: str) -> Row:
    turns = tuple(text for text in map(_clean, row.turns) if text.strip())
    if not turns and not row.vars:
        raise BadInput(f"{where} has neither a prompt nor variables.", hint="Write a prompt, or take the row out.")
    if len(turns) > MOST_TURNS:
        raise BadInput(f"{where} has {len(turns)} turns; at most {MOST_TURNS} are taken.")
    if len(row.tags) > MOST_TAGS:
        raise BadInput(f"{where} has {len(row.tags)} tags; at most {MOST_TAGS} are taken.")
    if len(row.id) > LONGEST_ID or "\n" in row.id:
        raise BadInput(f"{where} has an id that is longer than {LONGEST_ID} characters or has more than one line.")
    return Row(
        id=_clean(row.id).strip(),
        turns=turns,
        vars={_clean(key).strip(): _clean(value) for key, value in row.vars.items()},
        system=_clean(row.system),
        expected=None if row.expected is None else _clean(row.expected),
        files=row.files,
        tags=tuple(dict.fromkeys(tag for tag in (_clean(one).strip() for one in row.tags) if tag)),
        checks=_checks(row.checks, where),
    )


def _clean_template(template: Template) -> Template:
    turns = tuple(text for text in map(_clean, template.turns) if text.strip())
    title = " ".join(_clean(template.name).split())
    if not turns or not title:
        raise BadInput("A template needs a name and a text.", hint="{{prompt}} stands for the row's own prompt.")
    return Template(title[:LONGEST_NAME], turns, _clean(template.system), template.verbatim)


def _checks(checks: Sequence[CheckData], where: str) -> tuple[CheckData, ...]:
    if len(checks) > MOST_CHECKS:
        raise BadInput(f"{where} has {len(checks)} checks; at most {MOST_CHECKS} are taken.")
    for number, check in enumerate(checks, 1):
        try:
            parse(check, number)
        except BadInput as error:
            raise BadInput(f"{where}: {error.message}", hint=error.hint) from error
    return tuple(checks)


def template(stored: dict[str, Any]) -> Template:
    """A template in its stored form."""
    return Template(stored["name"], tuple(stored["turns"]), stored["system"], stored.get("verbatim", False))


def _clean(text: str) -> str:
    """The text without what a store cannot keep (null bytes, halves of characters)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise BadInput(f"A check or a template holds what cannot be stored: {error}.") from error
