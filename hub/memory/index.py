"""Facts in the search index: the live ones of a scope are found, all others leave it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from hub import hooks
from hub.db.mongo import Document
from hub.db.who import Who
from hub.found import Checked
from hub.memory import store
from hub.memory.fold import fact_of
from hub.memory.records import Fact
from hub.search import Entry, Hit, Space, embedder, fill_soon, index
from hub.search.embed import AwayModel

COLLECTION = "memories"
BATCH = 64
LIVE = frozenset({"always", "live"})


def space(who: Who, scope: str) -> Space:
    """Where the facts of a scope are found."""
    return Space(COLLECTION, who.id, scope)


def follow(who: Who, scope: str, facts: Iterable[str]) -> None:
    """Makes the index say what the rows of `facts` say. Raises StoreDown."""
    wanted = list(dict.fromkeys(facts))
    while wanted:
        found = store.rows(who, wanted)
        _put(who, scope, [found[one] for one in wanted if one in found and found[one]["scope"] == scope])
        if gone := [one for one in wanted if one not in found]:
            index.drop(space(who, scope), gone)
        now = store.rows(who, wanted)  # another writer may have been quicker with the row and slower with the index
        wanted = [one for one in wanted if now.get(one, {}).get("seq") != found.get(one, {}).get("seq")]


def _put(who: Who, scope: str, rows: list[Document]) -> None:
    entries = [_entry(row) for row in rows if row["shelf"] in LIVE]
    for start in range(0, len(entries), BATCH):
        some = entries[start : start + BATCH]
        try:
            index.put(space(who, scope), some, embedder())
        except AwayModel:  # found by words until the model is back
            index.put(space(who, scope), some)
            fill_soon()
    if gone := [row["_id"] for row in rows if row["shelf"] not in LIVE]:
        index.drop(space(who, scope), gone)


def _entry(row: Document) -> Entry:
    fact = fact_of(row["_id"], row["scope"], row["fact"])
    assert fact is not None
    about = {"kind": fact.kind, "subject": fact.subject, "pinned": fact.pinned}
    return Entry(fact.id, fact.id, 0, fact.text, moment(fact), about=about)


def moment(fact: Fact) -> datetime:
    """The time that a fact is searched by: when it happened, else since when it held, else when it was recorded."""
    if fact.event is not None:
        return datetime.fromisoformat(fact.event.start).replace(tzinfo=UTC)
    found = fact.valid_from or fact.recorded_at
    assert found is not None
    return found


def checked(who: Who, hits: Sequence[Hit]) -> list[Checked]:
    """Those hits whose facts are live and in no deleted project, as a search over everything shows them."""
    rows = store.rows(who, [hit.item for hit in hits])
    names = hooks.project_names(who) if any(hit.space.scope for hit in hits) else {}
    out: list[Checked] = []
    for hit in hits:
        row, project = rows.get(hit.item), hit.space.scope.removeprefix("project:") or None
        fact = fact_of(hit.item, row["scope"], row["fact"]) if row and row["shelf"] in LIVE else None
        if fact is None or fact.scope != hit.space.scope or (project and project not in names):
            continue
        link = f"/memory?fact={fact.id}"
        out.append(Checked(hit, fact.kind.capitalize(), link, hit.at, project=project, pinned=fact.pinned))
    return out


class Facts:
    """The facts as a `SearchSource`: one unit is a scope of a person."""

    collection = COLLECTION

    def units(self) -> Iterator[tuple[Who, str]]:
        """Every scope with facts."""
        for found in sorted(store.every_scope(), key=lambda one: one["_id"]):
            yield Who(found["owner"], ""), found["scope"]

    def index(self, who: Who, unit: str) -> int:
        """Makes the index hold the live facts of the scope `unit`, and no others."""
        rows = [row for shelf in ("always", "live", "past", "deleted", "gone") for row in store.shelf(who, unit, shelf)]
        _put(who, unit, rows)
        return sum(row["shelf"] in LIVE for row in rows)

    def living(self, space: Space, groups: Sequence[str]) -> set[str]:
        """The facts that are live in this scope; each is a group of its own."""
        rows = store.rows(Who(space.owner, ""), groups)
        return {fact for fact, row in rows.items() if row["shelf"] in LIVE and row["scope"] == space.scope}
