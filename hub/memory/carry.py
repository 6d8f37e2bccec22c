"""Memory out of the hub and into it: our JSON, Markdown, and texts pasted from other assistants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import orjson
from pydantic import TypeAdapter, ValidationError

from hub import hooks
from hub.db.mongo import now
from hub.db.who import Who
from hub.errors import BadInput
from hub.memory import ask, index, preferences, store
from hub.memory.change import Step, new_id, write
from hub.memory.check import Allowed, repeats
from hub.memory.extract import spend
from hub.memory.llama import structured
from hub.memory.look import known, scopes
from hub.memory.manage import LONGEST
from hub.memory.operations import Operations
from hub.memory.records import KINDS, EventTime, Evidence, Fact, Imported, Kind, Planned, Refusal
from hub.memory.summaries import HEADS
from hub.memory.words import fingerprint, occurs
from hub.models import catalogue
from hub.search import find
from hub.turns import EVERYWHERE

Form = Literal["json", "markdown", "text"]
FORMAT = "llm-hub-memory"
LARGEST = 5_000_000
MOST = 3000
PIECE = 5000
"""Characters of pasted text that a model reads at once."""
_BULLET = re.compile(r"^\s*(?:[-*\u2022+]|\d+[.)])\s+")
_DATE = re.compile(r"^\[?(\d{4}-\d\d-\d\d)\]?\s*(?:[-:]\s*)?")
_adapter = TypeAdapter(Fact)


def export(who: Who, scope: str | None = None, *, form: str = "json") -> str:
    """Everything that is remembered, past and deleted facts too in "json"; the live ones in "markdown"."""
    wanted = scopes(who) if scope is None else [scope]
    if form == "json":
        facts = [asdict(fact) for one in wanted for fact in _facts(who, one, ("always", "live", "past", "deleted"))]
        whole = {"format": FORMAT, "version": 1, "at": now(), "facts": facts}
        return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()
    if form != "markdown":
        raise BadInput(f"Memory is exported as json or markdown, not as {form}.")
    return "\n".join(line for one in wanted for line in _markdown(who, one)) + "\n"


def _facts(who: Who, scope: str, shelves: Sequence[str]) -> list[Fact]:
    found = known(who, [row for shelf in shelves for row in store.shelf(who, scope, shelf)])
    return sorted(found, key=lambda fact: (fact.recorded_at or now(), fact.id))


def _markdown(who: Who, scope: str) -> Iterator[str]:
    project = hooks.project_name(who, scope.removeprefix("project:")) if scope != EVERYWHERE else None
    yield f"# Memory{f' of the project {project or scope}' if scope else ''}"
    facts = _facts(who, scope, ("always", "live"))
    for kind, head in HEADS.items():
        if some := [fact for fact in facts if fact.kind == kind]:
            yield f"\n## {head}"
            for fact in some:
                yield f"- [{fact.recorded_at:%Y-%m-%d}] {fact.text}"
    yield ""


def import_(who: Who, data: str, *, scope: str = EVERYWHERE, form: str = "", model: str = "") -> Imported:
    """Takes in our JSON, Markdown or pasted text: what `plan` finds. One undo takes all of it back."""
    return take(who, scope, plan(who, data, scope=scope, form=form, model=model))


def plan(who: Who, data: str, *, scope: str = EVERYWHERE, form: str = "", model: str = "") -> Planned:
    """What an import would take; nothing is kept yet, and what is known already is left as it is.

    `form` is seen from the data when it is not given. Pasted text is read by `model` (an id), else line by line.
    Secrets, sensitive kinds that are not wanted and what is never to be kept stay out.
    """
    if not data.strip():
        raise BadInput("There is nothing to import.")
    if len(data) > LARGEST:
        raise BadInput(f"That is more than {LARGEST // 1_000_000} MB of text.", hint="Import it in parts.")
    found = _read(who, data, form or _form_of(data), model)
    rules = tuple(row["text"] for row in store.all_of("memory_rules", who))
    allowed = Allowed(preferences.settings(who).sensitive, rules, index.embedder())
    return _planned(who, scope, found, allowed)


def take(who: Who, scope: str, planned: Planned) -> Imported:
    """Keeps what was planned for a scope."""
    batch, begin = new_id(), now() - timedelta(milliseconds=len(planned.facts))
    facts = [
        replace(fact, recorded_at=fact.recorded_at or begin + timedelta(milliseconds=at))  # pages turn between moments
        for at, fact in enumerate(planned.facts)
    ]
    if facts:
        write(who, scope, [Step("add", fact.id, fact, "Imported.", batch) for fact in facts], "import", batch=batch)
    left_out = len(planned.refusals)
    said = f"{len(facts)} imported, {planned.known} known already, {left_out} left out."
    return Imported(len(facts), planned.known, planned.refusals, said, batch if facts else "")


def _form_of(data: str) -> Form:
    start = data.lstrip()[:1]
    if start in "{[":
        try:
            orjson.loads(data)
        except orjson.JSONDecodeError:
            return "text"
        return "json"
    return "markdown" if re.search(r"^#+ ", data, re.MULTILINE) else "text"


def _read(who: Who, data: str, form: str, model: str) -> list[Fact]:
    if form == "json":
        return list(_of_json(data))
    if form == "markdown":
        return list(_of_lines(data))
    if form != "text":
        raise BadInput(f"Memory is imported from json, markdown or text, not from {form}.")
    return list(_of_model(who, data, model)) if model else list(_of_lines(data))


def _of_json(data: str) -> Iterator[Fact]:
    try:
        whole: Any = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadInput("This is not JSON.", hint="Nothing was imported.") from error
    rows: Any = cast("dict[str, Any]", whole).get("facts", ()) if isinstance(whole, dict) else whole
    for number, row in enumerate(cast("Iterable[Any]", rows), 1):
        if isinstance(row, str):
            yield _fact(row, "knowledge")
            continue
        try:
            yield _adapter.validate_python({"id": "", "scope": "", "kind": "knowledge", **row})
        except (TypeError, ValidationError) as error:
            raise BadInput(f"Memory {number} in this JSON cannot be read.", hint="Nothing was imported.") from error


def _of_lines(data: str) -> Iterator[Fact]:
    """Each line or list item is a fact, of the kind of the heading above it."""
    kind: Kind = "knowledge"
    kinds: dict[str, Kind] = {head.casefold(): one for one, head in HEADS.items()}
    kinds |= {str(one): one for one in KINDS}
    for line in data.splitlines():
        if line.startswith("#"):
            kind = kinds.get(line.lstrip("# ").strip().casefold(), "knowledge")
            continue
        text = _BULLET.sub("", line).strip()
        dated = _DATE.match(text)
        text = text[dated.end() :] if dated else text
        if len(text) >= 4:
            since = datetime.fromisoformat(f"{dated[1]}T00:00:00+00:00") if dated and _real(dated[1]) else None
            yield replace(_fact(text, kind), valid_from=since)


def _real(day: str) -> bool:
    try:
        datetime.fromisoformat(day)
    except ValueError:
        return False
    return True


def _of_model(who: Who, data: str, model: str) -> Iterator[Fact]:
    """What a model reads out of a text, each with a quote that stands in it. Raises ModelError."""
    info = catalogue.find(who, model)
    for piece in _pieces(data):
        user = f"Today is {now():%Y-%m-%d}.\n\nNotes about the user, from another assistant:\n<<<\n{piece}\n>>>\n\n"
        user += "Write down every note as one or more facts (ADD), with the words of the note as its quote."
        asked = structured(who, info.id, Operations, ask.SHAPE, ask.RULES, user, most=3000)
        spend(who, info, asked.usages)
        if asked.value is None:
            raise BadInput(f"The model could not read this text: {asked.problem}.", hint="Import it line by line.")
        for one in asked.value.operations:
            if one.text and occurs(one.quote, piece):
                source = Evidence(quote=one.quote)
                yield replace(_fact(one.text, one.kind), importance=one.importance, sources=(source,))


def _pieces(data: str) -> Iterator[str]:
    piece = ""
    for line in data.splitlines(keepends=True):
        if piece and len(piece) + len(line) > PIECE:
            yield piece
            piece = ""
        piece += line[:PIECE]
    if piece.strip():
        yield piece


def _fact(text: str, kind: Kind) -> Fact:
    return Fact("", "", " ".join(text.split())[:LONGEST], kind, sources=(Evidence(),))


def _planned(who: Who, scope: str, found: list[Fact], allowed: Allowed) -> Planned:
    if len(found) > MOST:
        raise BadInput(
            f"That is {len(found):,} memories; {MOST:,} can be imported at once.", hint="Import it in parts."
        )
    seen, known_ = set[str](), 0
    refusals: list[Refusal] = []
    ids = {fact.id: new_id() for fact in found if fact.id}
    taken: list[Fact] = []
    for fact in found:
        text = " ".join(fact.text.split())
        mark = fingerprint(text)
        if mark in seen or (fact.shelf == "live" and _is_known(who, scope, text, mark)):
            known_ += 1
            continue
        seen.add(mark)
        if refused := allowed.refusal(text, "", fact.sensitive):
            refusals.append(refused)
            continue
        taken.append(_imported(fact, text, scope, ids.get(fact.id) or new_id(), ids))
    return Planned(tuple(taken), known_, tuple(refusals))


def _imported(fact: Fact, text: str, scope: str, made: str, ids: dict[str, str]) -> Fact:
    """A fact of the import as it is kept: its links lead to others of the same import, or nowhere."""
    return replace(
        fact,
        id=made,
        scope=scope,
        text=text,
        origin="import",
        supersedes=tuple(ids[one] for one in fact.supersedes if one in ids),
        superseded_by=ids.get(fact.superseded_by, ""),
        uses=0,
        last_used=None,
        event=EventTime(**asdict(fact.event)) if fact.event else None,
    )


def _is_known(who: Who, scope: str, text: str, mark: str) -> bool:
    if any(row["shelf"] in index.LIVE for row in store.same(who, scope, mark)):
        return True
    hits = find([index.space(who, scope)], text, index.embedder(), most=3)
    rows = store.rows(who, [hit.item for hit in hits])
    near = [row["fact"]["text"] for row in rows.values() if row["shelf"] in index.LIVE]
    return repeats(text, near, index.embedder()) is not None
