"""Random operations by several people, in projects and temporary chats, and a look that nothing ever crosses.

`python -m tests.memory.soak --count 100000` runs it alone on stores of its own. Every text bears the mark of whom and
which scope it belongs to, so whatever comes out anywhere says where it came from.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np

from hub import memory
from hub.db import indexes
from hub.db.migrations import postgres as migrations
from hub.db.mongo import collection
from hub.db.postgres import connection
from hub.db.who import Who
from hub.errors import HubError, NotFound
from hub.memory import index as facts_index
from hub.memory import plugin, store
from hub.memory.change import write
from hub.memory.check import Allowed
from hub.memory.operations import Operation
from hub.memory.plan import Plan
from hub.search import Entry, Space
from hub.search import index as rows
from hub.search.embed import Vectors
from tests.memory.conftest import NOON, exchange, new_id, turn

PEOPLE = tuple(Who(name, name.title()) for name in ("ada", "bo", "cy"))
SCOPES = ("", "project:one", "project:two")
THINGS = ("boat", "violin", "garden", "lantern", "bicycle", "teapot", "telescope", "ladder", "kite", "drum")
MARK = re.compile(r"zq[a-z]+x[a-z]*q")
MOST = 25
"""Facts of a scope, beyond which some are removed for good."""


class Quick:
    """Vectors from the hashes of words: meaning plays no part in what may not cross."""

    name, dimensions = "words-hashed", 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for place, text in enumerate(texts):
            for word in text.casefold().split():
                out[place, int(hashlib.blake2b(word.encode(), digest_size=2).hexdigest(), 16) % self.dimensions] += 1
            out[place] += 1e-3
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def query(self, text: str) -> Vectors:
        return self.embed([text])[0]


def mark(who: Who, scope: str) -> str:
    """The word that every text of a scope bears."""
    return f"zq{who.id}x{scope.removeprefix('project:')}q"


@dataclass
class Soak:
    """One run. `wrong` says what crossed or was lost."""

    dice: random.Random
    done: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    messages: set[str] = field(default_factory=set[str])
    there: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    number: int = 0

    def step(self) -> None:
        """One operation of somebody somewhere."""
        who, scope = self.dice.choice(PEOPLE), self.dice.choice(SCOPES)
        names, weights = zip(*_WEIGHTS.items(), strict=True)
        [name] = self.dice.choices(names, weights)
        self.number += 1
        try:
            getattr(self, name)(who, scope)
        except HubError as error:
            if error.kind not in {"not_found", "bad_input", "refused", "error"}:
                raise
            self.done[f"{name} refused"] += 1
        self.done[name] += 1

    def text(self, who: Who, scope: str) -> str:
        return f"The user has a {self.dice.choice(THINGS)} {mark(who, scope)} w{self.number}"

    def one(self, who: Who, scope: str) -> memory.Fact:
        there = self.there[who.id, scope]
        if not there:
            raise NotFound("none")
        return memory.get(who, self.dice.choice(there))

    def keep(self, who: Who, scope: str, fact: str) -> None:
        """Notes a new fact; when there are many, an old one is removed for good."""
        there = self.there[who.id, scope]
        there.append(fact)
        if len(there) > MOST:
            memory.purge(who, there.pop(self.dice.randrange(MOST)))

    def look(self, who: Who, scope: str, given: str, where: str) -> None:
        """Whether anything given to somebody bears another's mark."""
        allowed = {mark(who, scope)}
        if foreign := set(MARK.findall(given)) - allowed:
            self.wrong.append(f"{where}: {who.id} in {scope!r} was given {sorted(foreign)}")

    # what changes something

    def add(self, who: Who, scope: str) -> None:
        kind = self.dice.choice(["preference", "knowledge", "event"])
        made = memory.add(who, self.text(who, scope), scope=scope, kind=kind, pinned=self.dice.random() < 0.1)
        self.keep(who, scope, made.id)

    def learn(self, who: Who, scope: str) -> None:
        said = f"I have a {self.dice.choice(THINGS)} {mark(who, scope)} w{self.number}"
        self.plan(who, scope, said, temporary=False)

    def learn_temporary(self, who: Who, scope: str) -> None:
        said = exchange(f"I have a secret zqtemporaryxq w{self.number}", who=who, scope=scope, temporary=True)
        plugin.exchange_settled(said)

    def plan(self, who: Who, scope: str, said: str, *, temporary: bool) -> None:
        at = NOON + timedelta(seconds=self.number)
        given = exchange(said, who=who, scope=scope, temporary=temporary, at=at)
        self.messages |= {given.asked.message, given.answered.message}
        known = self.one(who, scope) if self.there[who.id, scope] else None
        labels = {"F1": known} if known and known.shelf == "live" else {}
        op = self.dice.choice(["ADD", "SUPERSEDE", "UPDATE"]) if labels else "ADD"
        text = said.replace("I have", "The user has")
        plan = Plan(who, given, labels, Allowed(), None)
        plan.take([Operation(op=op, text=text, quote=said, fact="F1" if labels else "")])  # pyright: ignore
        answer = given.answered.message
        for _ in range(self.dice.choice([1, 1, 2])):  # a job may run twice
            write(who, scope, plan.steps, "automatic", batch=answer, mark=f"extract {answer}")
        self.message(who, scope, given.conversation, said)
        for step in plan.steps:
            if step.fact not in self.there[who.id, scope]:
                self.keep(who, scope, step.fact)

    def message(self, who: Who, scope: str, conversation: str = "", said: str = "") -> None:
        text = said or f"We spoke of the {self.dice.choice(THINGS)} {mark(who, scope)} w{self.number}"
        item, at = new_id(), NOON + timedelta(seconds=self.number)
        entry = Entry(item, conversation or new_id(), 0, text, at, about={"role": "user"})
        rows.put(Space("messages", who.id, scope), [entry], facts_index.embedder())

    def edit(self, who: Who, scope: str) -> None:
        memory.edit(who, self.one(who, scope).id, text=self.text(who, scope))

    def pin(self, who: Who, scope: str) -> None:
        memory.pin(who, self.one(who, scope).id, self.dice.random() < 0.5)

    def delete(self, who: Who, scope: str) -> None:
        memory.delete(who, self.one(who, scope).id)

    def merge(self, who: Who, scope: str) -> None:
        two = [self.one(who, scope).id, self.one(who, scope).id]
        self.keep(who, scope, memory.merge(who, two, self.text(who, scope)).id)

    def undo(self, who: Who, scope: str) -> None:
        found = memory.history(who, self.one(who, scope).id)
        if found:
            event = self.dice.choice(found)
            memory.undo(who, event.id)
            now = store.row(who, event.fact)
            first = store.event(who, event.id)
            if (now or {}).get("fact") != first["before"]:
                self.wrong.append(f"undo of {event.id} left another state")

    # what looks

    def recall(self, who: Who, scope: str) -> None:
        asked = turn(f"Where is my {self.dice.choice(THINGS)}?", who=who, scope=scope, temporary=False)
        blocks = plugin.chat_context(asked)
        self.look(who, scope, repr(blocks), "recall")
        self.done["blocks"] += len(blocks)

    def recall_temporary(self, who: Who, scope: str) -> None:
        asked = turn("Where is my boat?", who=who, scope=scope, temporary=True)
        if plugin.chat_context(asked) or plugin.tools(asked):
            self.wrong.append("a temporary chat was given memory")

    def tool(self, who: Who, scope: str) -> None:
        thing = self.dice.choice(THINGS)
        said = f"remember that I have a {thing} {mark(who, scope)} v{self.number}"
        tools = {one.spec.name: one for one in plugin.tools(turn(said, who=who, scope=scope))}
        self.look(who, scope, repr(tools["search_past_chats"].call({"query": thing})), "search tool")
        given = {"text": said.replace("remember that I have", "The user has"), "quote": said}
        name = self.dice.choice(["remember", "forget", "update_memory"])
        self.look(who, scope, repr(tools[name].call({**given, "memory": thing})), name)

    def read(self, who: Who, scope: str) -> None:
        for where, given in (
            ("facts", memory.facts(who, scope, memory.Filters(shelf=None))),
            ("events", memory.events(who, scope)),
            ("export", memory.export(who, scope, form=self.dice.choice(["json", "markdown"]))),
            ("summary", memory.summary(who, scope)),
            ("preview", memory.recall_preview(who, scope, "the boat and the garden")),
        ):
            self.look(who, scope, repr(given), where)

    def strangers(self, who: Who, scope: str) -> None:
        other = self.dice.choice([one for one in PEOPLE if one != who])
        fact = self.one(who, scope)
        event = memory.history(who, fact.id)[0].id
        tries: tuple[Callable[[], object], ...] = (
            lambda: memory.get(other, fact.id),
            lambda: memory.edit(other, fact.id, text="taken"),
            lambda: memory.delete(other, fact.id),
            lambda: memory.purge(other, fact.id),
            lambda: memory.undo(other, event),
            lambda: memory.pin(other, fact.id),
        )
        try:
            self.dice.choice(tries)()
        except NotFound:
            return
        self.wrong.append(f"{other.id} reached a fact of {who.id}")

    # at the end

    def check(self) -> None:
        """Every row of every store, and whether the index built anew is the index kept."""
        for name in ("memories", "memory_events", "memory_summaries", "memory_scopes", "memory_pending"):
            for row in collection(name).find({}):
                self.look(Who(row["owner"], ""), row["scope"], repr(row), name)
        for row in collection("memories").find({"fact": {"$ne": None}}):
            if row["fact"]["origin"] == "automatic" and not row["fact"]["sources"]:
                self.wrong.append(f"{row['_id']} has no source")
            for source in row["fact"]["sources"] if row["fact"]["origin"] == "automatic" else ():
                if source["message"] not in self.messages:
                    self.wrong.append(f"the source of {row['_id']} is not there")
        for owner, scope, text in _indexed():
            self.look(Who(owner, ""), scope, text, "index")
        if collection("memory_unsettled").count_documents({}):
            self.wrong.append("something was left unfinished")
        kept = sorted(_indexed())
        source = facts_index.Facts()
        live = sum(source.index(who, unit) for who, unit in source.units())
        if sorted(_indexed()) != kept:
            self.wrong.append("the index built anew is another")
        if live != sum(row[2] != "" and row in kept for row in _indexed("memories")):
            self.wrong.append("the index holds other facts than the store")


def _indexed(name: str = "") -> list[tuple[str, str, str]]:
    with connection() as database:
        found = database.execute(
            "SELECT s.owner, s.scope, r.item || ' ' || r.text FROM search.rows AS r"
            " JOIN search.spaces AS s ON s.id = r.space WHERE %s IN ('', s.collection)",
            (name,),
        ).fetchall()
    return [(owner, scope, text) for owner, scope, text in found]


_WEIGHTS = {
    "add": 18, "learn": 14, "learn_temporary": 3, "message": 6, "edit": 8, "pin": 4, "delete": 5, "merge": 3, "undo": 8,
    "recall": 12, "recall_temporary": 3, "tool": 6, "read": 3, "strangers": 7,
}  # fmt: skip


def run(count: int, seed: int) -> Soak:
    """`count` operations on the stores that are open; the embedder of facts must be `Quick`."""
    soak = Soak(random.Random(seed))
    for _ in range(count):
        soak.step()
    soak.check()
    return soak


def main() -> int:
    """Stores of its own, the operations, a report; 1 when something crossed."""
    from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
    from hub.settings import override

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        stores = EmbeddedMongo(home / "m", durable=False, auth=False), EmbeddedPostgres(home / "p", durable=False)
        for one in stores:
            one.prepare()
        running = [(one, one.spawn()) for one in stores]
        try:
            for one, process in running:
                one.wait(process)
            (home / "data").mkdir()
            override(data=home / "data", mongo_url=stores[0].url, postgres_url=stores[1].url)
            migrations.apply()
            indexes.ensure(memory.INDEXES)
            facts_index.embedder = Quick  # pyright: ignore
            began = time.monotonic()
            soak = run(given.count, given.seed)
            seconds = time.monotonic() - began
        finally:
            for one, process in running:
                process.kill()
                one.stop(process)
    print(f"{given.count:,} operations in {seconds:.0f} s, {len(soak.wrong)} crossings or losses")
    print(dict(soak.done.most_common()))
    print("\n".join(soak.wrong[:20]))
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
