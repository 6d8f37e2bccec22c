"""Looking at what is remembered: pages, one fact, its history, what was learned where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound
from hub.memory import preferences, store
from hub.memory.change import change
from hub.memory.fold import fact_of
from hub.memory.index import moment
from hub.memory.records import Change, Counts, Extraction, Fact, Filters, Page, Refusal, Spent, Use
from hub.memory.undoing import taken_back
from hub.memory.words import content, plain
from hub.turns import EVERYWHERE

PATIENCE = timedelta(minutes=10)
"""How long a page waits for what is learned from an answer."""
WINDOWS = [timedelta(minutes=8**step) for step in range(7)]
"""How far a page looks back, step by step from a minute to half a year, so that the store sorts few more rows than are
shown."""
Span = tuple[datetime | None, datetime | None]


def facts(
    who: Who, scope: str = EVERYWHERE, filters: Filters | None = None, *, before: datetime | None = None, most: int = 40
) -> Page:
    """A page of facts, newest first; `before` is that of the page before."""
    wanted = filters or Filters()
    shelves = store.SHELVES[wanted.shelf] if wanted.shelf else ("always", "live", "past", "deleted")
    found: list[Fact] = []
    for since, until in _windows(before):
        rows = [row for shelf in shelves for row in store.shelf(who, scope, shelf, since, until)]
        some = [fact for fact in (_bare(rows) if wanted.used is None else known(who, rows)) if fits(fact, wanted)]
        found += sorted(some, key=lambda fact: (fact.recorded_at or now(), fact.id), reverse=True)
        if len(found) > most:
            break
    shown = _counted(who, _whole_moments(found, most))
    more = len(shown) < len(found)
    return Page(tuple(shown), more, shown[-1].recorded_at if more else None)


def _whole_moments(found: list[Fact], most: int) -> list[Fact]:
    """The first `most`, and those recorded in the same moment as the last: the next page begins before it."""
    if len(found) <= most:
        return found
    last = found[most - 1].recorded_at
    return [*found[:most], *(fact for fact in found[most:] if fact.recorded_at == last)]


def _windows(before: datetime | None) -> Iterator[Span]:
    until = before
    for back in WINDOWS:
        since = (before or now()) - back
        yield since, until
        until = since
    yield None, until


def known(who: Who, rows: list[Document]) -> list[Fact]:
    """The facts of rows, with how often they were used."""
    return _counted(who, _bare(rows))


def _bare(rows: list[Document]) -> list[Fact]:
    made = (fact_of(row["_id"], row["scope"], row["fact"]) for row in rows)
    return [fact for fact in made if fact is not None]


def _counted(who: Who, facts: list[Fact]) -> list[Fact]:
    """The same facts with how often they were used; read for those that are shown, since it costs a row each."""
    uses = store.many("memory_uses", who, [fact.id for fact in facts])
    return [
        replace(fact, uses=uses[fact.id]["count"], last_used=uses[fact.id]["last_used"]) if fact.id in uses else fact
        for fact in facts
    ]


def fits(fact: Fact, wanted: Filters) -> bool:
    """Whether a fact is among those asked for."""
    words = content(wanted.text)
    return (
        (not wanted.kinds or fact.kind in wanted.kinds)
        and (wanted.shelf is None or fact.shelf == wanted.shelf)
        and (not wanted.origins or fact.origin in wanted.origins)
        and (not wanted.text or plain(wanted.text) in plain(fact.text) or bool(words and words <= content(fact.text)))
        and (not wanted.conversation or any(one.conversation == wanted.conversation for one in fact.sources))
        and (not wanted.subject or plain(fact.subject) == plain(wanted.subject))
        and (wanted.pinned is None or fact.pinned == wanted.pinned)
        and (wanted.used is None or (fact.uses > 0) == wanted.used)
        and (wanted.age_days is None or (fact.recorded_at or now()) >= now() - timedelta(days=wanted.age_days))
    )


def counts(who: Who, scope: str = EVERYWHERE, *, kinds: bool = True) -> Counts:
    """How many facts there are; of which kinds only when that is asked for, since every row is read for it."""
    waiting = sum(row["scope"] == scope for row in store.all_of("memory_pending", who))
    always, live, past, deleted = (store.count(who, scope, shelf) for shelf in ("always", "live", "past", "deleted"))
    rows = [*store.shelf(who, scope, "always"), *store.shelf(who, scope, "live")] if kinds else []
    by_kind = Counter(row["fact"]["kind"] for row in rows)
    return Counts(always + live, past, deleted, waiting, dict(by_kind.most_common()))


def scopes(who: Who) -> list[str]:
    """The scopes that hold or held facts, the person's own first."""
    return sorted(row["scope"] for row in store.scopes(who))


def get(who: Who, fact: str) -> Fact:
    """One fact, deleted ones too; raises NotFound."""
    row = store.row(who, fact)
    found = known(who, [row]) if row else []
    if not found:
        raise NotFound("There is no such memory.", hint="It may have been removed for good.")
    return found[0]


def used_in(who: Who, fact: str) -> list[Use]:
    """The last answers that a fact went into, newest first."""
    found = store.many("memory_uses", who, [fact]).get(fact)
    return [Use(**one) for one in reversed(found["last"])] if found else []


def history(who: Who, fact: str) -> list[Change]:
    """What became of a fact, oldest first."""
    undone = taken_back(who)
    return [change(event, event["group"] in undone) for event in store.events_of(who, "fact", fact)]


def events(who: Who, scope: str | None = None, *, before: str = "", most: int = 50) -> list[Change]:
    """The last changes, newest first, of every scope when none is given; those that come after `before` in that
    order, when it names a change."""
    only = {} if scope is None else {"scope": scope}
    begin = store.event(who, before)["at"] if before else None
    found: list[Document] = []
    if begin is not None:  # an import makes many changes in one moment
        found = [one for one in store.events_at(who, begin, **only) if one["_id"] < before][:most]
    for since, until in _windows(begin):
        if len(found) >= most:
            break
        found += store.newest("memory_events", who, most - len(found), since=since, before=until, **only)
    undone = taken_back(who)
    return [change(one, one["group"] in undone) for one in found]


def timeline(who: Who, subject: str, scope: str = EVERYWHERE) -> list[Fact]:
    """Everything about a subject, past things too, in the order in which it happened or held."""
    rows = [row for shelf in ("always", "live", "past") for row in store.shelf(who, scope, shelf)]
    wanted = plain(subject)
    found = [fact for fact in _bare(rows) if wanted == plain(fact.subject) or wanted in map(plain, fact.entities)]
    return sorted(_counted(who, found), key=lambda fact: (moment(fact), fact.id))


def subjects(who: Who, scope: str = EVERYWHERE) -> list[str]:
    """The subjects of facts, the commonest first."""
    rows = [row for shelf in ("always", "live", "past") for row in store.shelf(who, scope, shelf)]
    return [name for name, _ in Counter(row["fact"]["subject"] for row in rows if row["fact"]["subject"]).most_common()]


def said_in(who: Who, conversation: str) -> dict[str, Document]:
    """The rows of facts that a conversation has changed or is a source of, by id. What was merged or imported has
    sources that no change of it names."""
    changed = {event["fact"] for event in store.events_of(who, "conversation", conversation)}
    facts = [row for row in store.all_of("memories", who) if row["fact"]]
    quoting = {
        row["_id"] for row in facts if any(one["conversation"] == conversation for one in row["fact"]["sources"])
    }
    return store.rows(who, changed | quoting)


def learned_from(who: Who, conversation: str) -> list[Fact]:
    """What was learned from a conversation and is live or past."""
    ids = {event["fact"] for event in store.events_of(who, "conversation", conversation)}
    found = known(who, list(store.rows(who, ids).values()))
    here = [fact for fact in found if any(one.conversation == conversation for one in fact.sources)]
    return sorted((fact for fact in here if fact.shelf != "deleted"), key=lambda fact: (moment(fact), fact.id))


def extractions(who: Who, *, conversation: str = "", most: int = 30) -> list[Extraction]:
    """What came of the last exchanges, newest first."""
    found: list[Document] = []
    if conversation:
        found = store.all_of("memory_extractions", who, conversation=conversation)
    else:
        for since, until in _windows(None):
            found += store.newest("memory_extractions", who, most - len(found), since=since, before=until)
            if len(found) >= most:
                break
    newest = sorted(found, key=lambda row: row["at"], reverse=True)[:most]
    return [_extraction(row) for row in newest]


def learning(who: Who, answer: str, at: datetime, attached: Mapping[str, Any]) -> bool:
    """Whether something is still to be learned from the exchange that `answer` ended; not more than `PATIENCE` after
    `at`, however it stands. `attached` is as in a `Turn`."""
    if not preferences.learns(who, attached) or now() - at > PATIENCE:
        return False
    found = store.read("memory_extractions", answer)
    return found is None or found["state"] == "failed"


def _extraction(row: Document) -> Extraction:
    names = ("conversation", "scope", "state", "said", "model", "changes", "tokens", "cost", "at")
    refusals = tuple(Refusal(**one) for one in row["refusals"])
    return Extraction(answer=row["_id"], refusals=refusals, **{name: row[name] for name in names})


def spent(who: Who, days: int = 30) -> list[Spent]:
    """What memory cost, by day, newest first; days without a call are left out."""
    since = (now() - timedelta(days=days)).date().isoformat()
    rows = [row for row in store.all_of("memory_spent", who) if row["day"] > since]
    names = ("day", "calls", "input", "output", "cost", "unpriced")
    return [
        Spent(**{name: row[name] for name in names}) for row in sorted(rows, key=lambda row: row["day"], reverse=True)
    ]
