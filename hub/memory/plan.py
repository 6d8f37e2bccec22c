"""From what a model asks for to what is stored: every operation checked, each refusal with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hub.db.mongo import now
from hub.db.who import Who
from hub.memory import store
from hub.memory.change import Step, new_id
from hub.memory.check import Allowed, Words, asking, comes, grounded, quoted, repeats, tidy
from hub.memory.operations import Operation
from hub.memory.records import EventTime, Evidence, Fact, Refusal
from hub.memory.sensitive import kind_of
from hub.memory.times import absolute, day, named
from hub.memory.words import fingerprint, own, plain
from hub.search.embed import Embedder
from hub.turns import Exchange, Said

_FORGET = re.compile(
    r"\b(?:forget|delete|remove|erase|(?:do not|don'?t) (?:remember|keep|store|save)|vergiss|vergessen|l\u00f6sch\w*"
    r"|oublie\w*|supprime\w*|efface\w*|olvida\w*|borra\w*|dimentica\w*|esque\w*)\b"
)


@dataclass
class Plan:
    """What one exchange comes to. `known` are the facts that the model saw, by label."""

    who: Who
    exchange: Exchange
    known: Mapping[str, Fact]
    allowed: Allowed
    embedder: Embedder | None
    steps: list[Step] = field(default_factory=list[Step])
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    _texts: dict[str, str] = field(default_factory=dict[str, str])
    _touched: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.words = Words.of(self.exchange.asked, self.exchange.before)
        here = (fact for fact in self.known.values() if fact.scope == self.exchange.scope)
        self._texts = {fact.id: fact.text for fact in here}

    def take(self, operations: Sequence[Operation]) -> None:
        """Checks operations one after the other."""
        for operation in operations:
            if refused := self._take(operation):
                self.refusals.append(refused)

    def _take(self, operation: Operation) -> Refusal | None:
        if operation.op == "NOOP":
            return None
        quote = tidy(operation.quote)
        source = quoted(self.words, quote)
        if isinstance(source, Refusal):
            safe = self.allowed.refusal("", quote)
            return replace(source, text="") if safe else source
        about = self.known.get(operation.fact.strip().upper().strip("[]():."))
        if refused := self._about(operation, about):
            return refused
        if operation.op == "FORGET":
            assert about is not None
            return self._forget(about, source, quote)
        return self._keep(operation, about, source, quote)

    def _about(self, operation: Operation, about: Fact | None) -> Refusal | None:
        if about is None:
            return Refusal("fact", "It would change a memory that there is not.") if operation.op == "FORGET" else None
        if operation.op == "ADD":
            return None
        if about.scope != self.exchange.scope:
            return Refusal("scope", "It would change a memory of another scope.")
        if about.id in self._touched:
            return Refusal("twice", "It was changed by this exchange already.", about.text)
        return None

    def _forget(self, about: Fact, source: Said, quote: str) -> Refusal | None:
        """What the person asks to forget is taken back; what merely is over ends."""
        if _FORGET.search(plain(own(source.text))):
            after, reason = replace(about, retracted_at=source.time), "You asked to forget it."
        else:
            after, reason = replace(about, valid_to=source.time), "It is over."
        evidence = Evidence(self.exchange.conversation, source.message, quote)
        self._add("forget", replace(after, sources=_with(about.sources, evidence)), reason)
        return None

    def _keep(self, operation: Operation, about: Fact | None, source: Said, quote: str) -> Refusal | None:
        ahead = comes(source, quote)
        ahead = True if ahead is None and operation.kind == "plan" else ahead
        text = " ".join(absolute(operation.text, source.time, ahead).split())[:1000]
        if refused := self.allowed.refusal(text, quote, operation.sensitive) or asking(text, quote):
            return refused
        times = _times(operation, source, quote, ahead)
        if isinstance(times, Refusal):
            return times
        others = [about.text] if about else []
        if refused := grounded(text, quote, self.words, others, self.embedder, self.exchange.answered.text):
            return refused
        if refused := self._known(text, about if operation.op == "UPDATE" else None, source):
            return refused
        made = self._fact(operation, text, source, quote, times)
        if about is not None and operation.op == "SUPERSEDE":
            return self._supersede(about, made)
        if about is not None and operation.op == "UPDATE":
            return self._update(about, made)
        self._add("add", made, "")
        return None

    def _known(self, text: str, updated: Fact | None, source: Said) -> Refusal | None:
        """Whether it is known already, or was deleted by the person after they said it."""
        for row in store.same(self.who, self.exchange.scope, fingerprint(text)):
            if row["shelf"] in {"always", "live"}:
                return Refusal("duplicate", "It is known already.", text)
            if row["shelf"] == "deleted" and row["fact"]["retracted_at"] >= source.time:
                return Refusal("deleted", "You deleted this memory since.", text)
        others = {fact: known for fact, known in self._texts.items() if updated is None or fact != updated.id}
        if any(fingerprint(known) == fingerprint(text) for known in others.values()):
            return Refusal("duplicate", "It is known already.", text)
        if repeats(text, list(others.values()), self.embedder) is not None:
            return Refusal("duplicate", "It is known already in other words.", text)
        return None

    def _fact(self, operation: Operation, text: str, source: Said, quote: str, times: _Times) -> Fact:
        event, since = times
        return Fact(
            id=new_id(),
            scope=self.exchange.scope,
            text=text,
            kind=operation.kind,
            subject=operation.subject[:80],
            predicate=operation.predicate[:80],
            object=operation.object[:200],
            entities=tuple(operation.entities),
            importance=operation.importance,
            confidence=operation.confidence,
            event=event,
            valid_from=since,
            recorded_at=now(),
            sources=(Evidence(self.exchange.conversation, source.message, quote),),
            sensitive=kind_of(f"{text}\n{quote}", operation.sensitive),
        )

    def _supersede(self, about: Fact, made: Fact) -> None:
        made = replace(made, supersedes=(about.id,), pinned=about.pinned)
        group = new_id()
        closed = replace(about, valid_to=about.valid_to or made.valid_from, superseded_by=made.id)
        self._add("supersede", closed, "Something newer took its place.", group)
        self._add("supersede", made, "", group)

    def _update(self, about: Fact, made: Fact) -> None:
        after = replace(
            about,
            text=made.text,
            entities=tuple(dict.fromkeys((*about.entities, *made.entities))),
            importance=max(about.importance, made.importance),
            event=made.event or about.event,
            sources=_with(about.sources, made.sources[0]),
        )
        self._add("update", after, "More became known.")

    def _add(self, op: str, after: Fact, reason: str, group: str = "") -> None:
        step = Step(op, after.id, after, reason, group or new_id(), self.exchange.conversation)  # pyright: ignore[reportArgumentType]
        self.steps.append(step)
        self._touched.add(after.id)
        if after.shelf == "live":
            self._texts[after.id] = after.text
        else:
            self._texts.pop(after.id, None)


_Times = tuple[EventTime | None, datetime]


def _times(operation: Operation, source: Said, quote: str, ahead: bool | None) -> _Times | Refusal:
    """When it happened and since when it holds; a date that is none is refused. `ahead`: whether it is to come."""
    read: dict[str, tuple[str, str]] = {}
    for name in ("event_start", "event_end", "valid_from"):
        given = getattr(operation, name)
        if not given:
            continue
        found = day(given)
        if found is None:
            return Refusal("date", f"It has a date that is none: {given[:40]}.", operation.text)
        read[name] = found
    since = datetime.fromisoformat(read["valid_from"][0]).replace(tzinfo=UTC) if "valid_from" in read else source.time
    if "event_start" in read:
        start, precision = read["event_start"]
        end = read.get("event_end", ("", ""))[0]
        if end and end < start:
            return Refusal("date", "It ends before it begins.", operation.text)
        return EventTime(start, end, precision), since  # pyright: ignore[reportArgumentType]
    found = [one for one in named(quote, source.time, ahead) if one.other is None]
    if operation.kind in {"event", "plan"} and found:
        first = found[0]
        end = "" if first.first == first.last else first.last.isoformat()
        return EventTime(first.first.isoformat(), end, first.precision), since
    return None, since


def _with(sources: tuple[Evidence, ...], one: Evidence) -> tuple[Evidence, ...]:
    return sources if one in sources else (*sources, one)
