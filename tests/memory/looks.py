"""What people see in the soak, and whether they may: nothing given to somebody bears the mark of another place."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hub import documents, hooks, library, memory
from hub.errors import NotFound
from hub.memory import store
from hub.turns import Turn
from tests.memory.conftest import turn
from tests.memory.world import MARK, Home, Person, World

THINGS = ("boat", "violin", "garden", "lantern", "bicycle", "teapot", "telescope", "ladder", "kite", "drum")
MEMORY_TOOLS = frozenset({"search_past_chats", "remember", "update_memory", "forget"})


@dataclass
class Looks:
    """`wrong` says what crossed or was lost; `counted` how often what was looked at."""

    dice: random.Random
    world: World
    counted: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    number: int = 0

    def one(self, person: Person, home: Home) -> memory.Fact:
        """A fact of a home, on any shelf."""
        while home.facts:
            fact = self.dice.choice(home.facts)
            try:
                return memory.get(person.who, fact)
            except NotFound:  # gone with its chat, or an undo left none
                home.facts.remove(fact)
        raise NotFound("none")

    def look(self, allowed: set[str], given: object, where: str, person: Person) -> None:
        """Whether anything given to somebody bears a mark that it must not."""
        found = set(MARK.findall(repr(given)))
        self.counted["marks seen"] += len(found)
        if foreign := found - allowed:
            self.wrong.append(f"act {self.number}, {where}: {person.who.id} was given {sorted(foreign)}")

    def expect(self, holds: bool, said: str) -> None:
        """Notes what does not hold."""
        if not holds:
            self.wrong.append(f"act {self.number}: {said}")

    def turn(self, person: Person, home: Home, question: str, **more: object) -> Turn:
        """A model about to answer, with every collection attached that somebody tries to read."""
        tried = [one.shelf for other in self.world.people for one in other.homes]
        attached = {"documents": {"collections": self.dice.sample(tried, 2)}}
        return turn(question, who=person.who, scope=home.scope, attached=attached, **more)

    def equal(self, person: Person, states: dict[str, object], what: str) -> None:
        """Whether facts are again as they were."""
        self.counted[what] += 1
        for fact, state in states.items():
            row = store.row(person.who, fact)
            self.expect((row or {}).get("fact") == state, f"{what} of {fact} left another state")

    # what is read

    def recall(self, person: Person, home: Home) -> None:
        """What all rooms put into the prompt of a turn."""
        asked = self.turn(person, home, f"Where is my {self.dice.choice(THINGS)}?")
        blocks, failed = hooks.chat_context(asked)
        self.expect(not failed, f"a room failed: {failed}")
        own = {block.room: block for block in blocks if block.room != "documents"}
        self.look(self.world.remembered(person, home) | {home.mark}, own, "recall", person)
        self.look(self.world.shelves(person), [one for one in blocks if one.room == "documents"], "documents", person)
        self.counted["blocks"] += len(blocks)

    def recall_temporary(self, person: Person, home: Home) -> None:
        asked = turn("Where is my boat?", who=person.who, scope=home.scope, temporary=True)
        rooms = {block.room for block in hooks.chat_context(asked)[0]}
        names = {one.spec.name for one in hooks.tools(asked)[0]}
        self.expect("memory" not in rooms and not names & MEMORY_TOOLS, "a temporary chat was given memory")

    def read(self, person: Person, home: Home) -> None:
        who, scope = person.who, home.scope
        looks: dict[str, Callable[[], object]] = {
            "facts": lambda: memory.facts(who, scope, memory.Filters(shelf=None)),
            "events": lambda: memory.events(who, scope),
            "export": lambda: memory.export(who, scope, form=self.dice.choice(["json", "markdown"])),
            "summary": lambda: memory.summary(who, scope),
            "timeline": lambda: memory.timeline(who, "the user", scope),
            "history": lambda: memory.story(who, self.one(person, home).id),
        }
        where = self.dice.choice(list(looks))
        self.look({home.mark}, looks[where](), where, person)
        self.look(self.world.remembered(person, home), memory.recall_preview(who, scope, "the boat"), "preview", person)
        if self.dice.random() < 0.2:  # everything at once
            mine = {one.mark for one in person.homes}
            self.look(mine, (memory.export(who), memory.events(who)), "whole export", person)

    def search(self, person: Person, home: Home) -> None:
        """The library, everywhere or in one project."""
        inside = home if home.project and self.dice.random() < 0.5 else None
        asked = self.dice.choice([self.dice.choice(THINGS), f"the {self.dice.choice(THINGS)} and the garden"])
        found = library.search(person.who, asked, project=inside.project if inside else None)
        self.look(self.world.library(person, inside), found, "library", person)
        self.counted["found"] += len(found.talks) + len(found.memories) + len(found.documents)

    def strangers(self, person: Person, home: Home) -> None:
        """Somebody else's facts and documents look like those that there never were."""
        other = self.dice.choice([one for one in self.world.people if one is not person]).who
        fact = self.one(person, home)
        event = memory.history(person.who, fact.id)[0].id
        tries: list[Callable[[], object]] = [
            lambda: memory.get(other, fact.id),
            lambda: memory.edit(other, fact.id, text="taken"),
            lambda: memory.delete(other, fact.id),
            lambda: memory.purge(other, fact.id),
            lambda: memory.undo(other, event),
            lambda: memory.pin(other, fact.id),
            lambda: memory.merge(other, [fact.id, fact.id + "x"], "taken"),
            lambda: documents.add_text(other, home.shelf, "taken", "taken"),
        ]
        tries += [lambda: library.search(other, "boat", project=home.project)] if home.project else []
        tries += [lambda: documents.get(other, home.documents[0])] if home.documents and not person.shared else []
        try:
            self.dice.choice(tries)()
        except NotFound:
            return
        self.wrong.append(f"act {self.number}: {other.id} reached something of {person.who.id}")

    def ask_documents(self, person: Person, home: Home) -> None:
        tried = [one.shelf for other in self.world.people for one in other.homes]
        found = documents.search(person.who, f"Where does the {self.dice.choice(THINGS)} stand?", tried)
        self.look(self.world.shelves(person), found, "document search", person)
        self.counted["passages"] += len(found.passages)
