"""What is known in a scope as a text one can read, each sentence linked to the facts that it rests on.

Written by a model at night and on demand; without one the facts stand in groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound
from hub.memory import extract, preferences, store
from hub.memory.llama import structured
from hub.memory.look import known
from hub.memory.records import KINDS, Fact, Kind, Sentence, Summary
from hub.memory.words import content
from hub.models import catalogue
from hub.models.types import ModelInfo
from hub.turns import EVERYWHERE

MOST_FACTS = 120
HEADS: dict[Kind, str] = {
    "profile": "Who you are",
    "relationship": "People",
    "preference": "What you prefer",
    "instruction": "What you asked for",
    "plan": "Plans",
    "event": "What happened",
    "knowledge": "What else is known",
}
RULES = """You write a short, readable summary of what is remembered of a user, for the user. Write in the second person
("You ..."), in the language of the facts, in plain sentences without headings. Put related facts into one sentence. Say
nothing that the facts do not say. Each sentence names the labels of the facts that it rests on."""
SHAPE = """Answer with one JSON object and nothing else:
{"sentences": [{"text": "...", "facts": ["F1", "F4"]}]}"""


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str
    facts: list[str] = Field(min_length=1)

    @field_validator("facts", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class _Sentences(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sentences: list[_Said]


def summary(who: Who, scope: str = EVERYWHERE) -> Summary:
    """The stored summary of a scope; put together at once when there is none."""
    found = store.read("memory_summaries", store.key(who, scope))
    if found is None:
        return _stored(who, scope, _grouped(_facts(who, scope)), "")
    place = store.scope(who, scope)
    sentences = tuple(Sentence(one["text"], tuple(one["facts"])) for one in found["sentences"])
    return Summary(scope, sentences, found["model"], found["at"], bool(place and place["changes"] != found["of"]))


def rewrite(who: Who, scope: str = EVERYWHERE) -> Summary:
    """Writes the summary anew and waits for the model. Raises ModelError when it does not answer."""
    facts = _facts(who, scope)
    model = _model(who, scope)
    if model is None or not facts:
        return _stored(who, scope, _grouped(facts), "")
    labels = {f"F{number}": fact for number, fact in enumerate(facts, 1)}
    listed = "\n".join(f"{label} ({fact.kind}): {fact.text}" for label, fact in labels.items())
    asked = structured(who, model.id, _Sentences, SHAPE, RULES, f"The facts:\n{listed}", most=2500)
    extract.spend(who, model, asked.usages)
    sentences = _linked(asked.value, labels) if asked.value else ()
    if not sentences:
        return _stored(who, scope, _grouped(facts), "")
    told = {fact for sentence in sentences for fact in sentence.facts}
    return _stored(who, scope, (*sentences, *_grouped([fact for fact in facts if fact.id not in told])), model.label)


def _linked(said: _Sentences, labels: Mapping[str, Fact]) -> tuple[Sentence, ...]:
    """The sentences that rest on facts, by what they name and by their words."""
    out: list[Sentence] = []
    for one in said.sentences:
        facts = [labels[name.strip().upper()] for name in one.facts if name.strip().upper() in labels]
        facts = [fact for fact in facts if content(fact.text) & content(one.text)]
        if facts and one.text.strip():
            out.append(Sentence(" ".join(one.text.split()), tuple(dict.fromkeys(fact.id for fact in facts))))
    return tuple(out)


def _grouped(facts: list[Fact]) -> tuple[Sentence, ...]:
    out: list[Sentence] = []
    for kind in sorted(KINDS, key=list(HEADS).index):
        if some := [fact for fact in facts if fact.kind == kind]:
            out += [Sentence(HEADS[kind]), *(Sentence(fact.text, (fact.id,)) for fact in some)]
    return tuple(out)


def _facts(who: Who, scope: str) -> list[Fact]:
    rows = [*store.shelf(who, scope, "always"), *store.shelf(who, scope, "live")]
    facts = sorted(known(who, rows), key=lambda fact: (fact.pinned, fact.importance, fact.id), reverse=True)
    return facts[:MOST_FACTS]


def _model(who: Who, scope: str) -> ModelInfo | None:
    """The model that memory uses: the one set, else the one that learned something last in the scope."""
    name = preferences.settings(who).model
    if not name:
        rows = [row for row in store.all_of("memory_extractions", who) if row["model"] and row["scope"] == scope]
        name = max(rows, key=lambda row: row["at"])["model"] if rows else ""
    try:
        info = catalogue.find(who, name) if name else None
    except NotFound:
        return None
    return None if info is None or info.demo else info


def _stored(who: Who, scope: str, sentences: tuple[Sentence, ...], model: str) -> Summary:
    place = store.scope(who, scope)
    made = Summary(scope, sentences, model, now())
    row: Document = {
        "_id": store.key(who, scope),
        "owner": who.id,
        "scope": scope,
        "sentences": [{"text": one.text, "facts": list(one.facts)} for one in sentences],
        "model": model,
        "at": made.at,
        "of": place["changes"] if place else 0,
    }
    if place is not None:
        store.write("memory_summaries", row)
    return made


def stale() -> list[tuple[Who, str]]:
    """The scopes of anyone whose facts have changed since their summary was written."""
    found: list[tuple[Who, str]] = []
    for place in store.every_scope():
        row = store.read("memory_summaries", place["_id"])
        if place["changes"] and (row is None or row["of"] != place["changes"]):
            found.append((Who(place["owner"], ""), place["scope"]))
    return found
