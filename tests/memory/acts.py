"""What people do in the soak: each act is a random one of somebody somewhere, with a look at what it gave."""

from __future__ import annotations

from datetime import timedelta

from hub import chat, documents, hooks, memory, people, projects
from hub.db.mongo import collection, now
from hub.db.postgres import connection
from hub.errors import HubError, NotFound
from hub.memory import store
from hub.memory.extract import extract
from tests.memory.looks import THINGS, Looks
from tests.memory.world import Home, Person

MOST = 20
"""Facts of a home, beyond which some are removed for good."""
LONGEST = 6
"""Exchanges of a chat, after which another one begins."""
EXPECTED = frozenset({"not_found", "bad_input", "refused", "error"})
"""Kinds of errors that a random act may meet."""


class Acts(Looks):
    """One random act after the other."""

    def step(self) -> None:
        """One act."""
        self.number += 1
        person = self.dice.choice(self.world.people)
        home = self.dice.choice(self.world.living(person))
        names, weights = zip(*WEIGHTS.items(), strict=True)
        [name] = self.dice.choices(names, weights)
        try:
            getattr(self, name)(person, home)
        except HubError as error:
            if error.kind not in EXPECTED:
                raise
            self.counted[f"{name} refused"] += 1
        self.counted[name] += 1

    def text(self, home: Home) -> str:
        return f"The user has a {self.dice.choice(THINGS)} {home.mark} w{self.number}"

    def keep(self, person: Person, home: Home, fact: str) -> None:
        """Notes a new fact; when there are many, an old one is removed for good."""
        if fact not in home.facts:
            home.facts.append(fact)
        if len(home.facts) > MOST:
            memory.purge(person.who, home.facts.pop(self.dice.randrange(MOST)))

    # what changes facts

    def add(self, person: Person, home: Home) -> None:
        kind = self.dice.choice(["preference", "knowledge", "event"])
        pinned = self.dice.random() < 0.1
        made = memory.add(person.who, self.text(home), scope=home.scope, kind=kind, pinned=pinned)  # pyright: ignore
        self.keep(person, home, made.id)

    def edit(self, person: Person, home: Home) -> None:
        memory.edit(person.who, self.one(person, home).id, text=self.text(home))

    def pin(self, person: Person, home: Home) -> None:
        memory.pin(person.who, self.one(person, home).id, self.dice.random() < 0.5)

    def delete(self, person: Person, home: Home) -> None:
        memory.delete(person.who, self.one(person, home).id)

    def merge(self, person: Person, home: Home) -> None:
        two = [self.one(person, home).id, self.one(person, home).id]
        self.keep(person, home, memory.merge(person.who, two, self.text(home)).id)

    def undo(self, person: Person, home: Home) -> None:
        """Any event, undos too; now and then the undo itself is undone at once."""
        event = self.dice.choice(memory.history(person.who, self.one(person, home).id))
        first = store.event(person.who, event.id)
        changes = memory.undo(person.who, event.id)
        self.equal(person, {first["fact"]: first["before"]}, "undo")
        if self.dice.random() < 0.4:
            before = {one.fact: store.event(person.who, one.id)["before"] for one in changes}
            memory.undo(person.who, changes[0].id)
            self.equal(person, before, "undo of an undo")

    # what is said in chats

    def tell(self, person: Person, home: Home, said: str) -> tuple[str, str]:
        """A chat of this home with a new exchange, and its answer."""
        usable = [(place, one) for place, one in enumerate(home.chats) if one[1] < LONGEST]
        if usable and self.dice.random() < 0.9:
            place, (conversation, length) = self.dice.choice(usable)
            home.chats[place] = (conversation, length + 1)
        else:
            conversation = chat.create(person.who, title=f"Chat {home.mark}", project=home.project).id
            home.chats.append((conversation, 1))
        chat.add_message(person.who, conversation, "user", said)
        return conversation, chat.add_message(person.who, conversation, "assistant", "I see.")

    def learn(self, person: Person, home: Home) -> str:
        """The worker learns from an exchange what the model says: new, changed, superseded or forgotten facts."""
        said = f"I have a {self.dice.choice(THINGS)} {home.mark} w{self.number}"
        conversation, answer = self.tell(person, home, said)
        op = self.dice.choice(["ADD", "ADD", "SUPERSEDE", "UPDATE", "FORGET"])
        text = said.replace("I have", "The user has")
        operation = {"op": op, "text": text, "quote": said, "kind": "knowledge", "fact": "F1" if op != "ADD" else ""}
        self.world.plans[answer] = (person, home, [operation])
        self.world.learned(person, conversation, answer)
        return answer

    def learn_temporary(self, person: Person, home: Home) -> None:
        """A temporary chat, whose mark may appear nowhere."""
        mark = self.world.mark(person)
        made = chat.create(person.who, title=f"Secret {mark}", temporary=True, project=home.project)
        chat.add_message(person.who, made.id, "user", f"I have a {self.dice.choice(THINGS)} {mark}")
        answer = chat.add_message(person.who, made.id, "assistant", "I see.")
        self.world.learned(person, made.id, answer)
        self.expect(extract(person.who, answer) == "", "something was learned from a temporary chat")

    def paused(self, person: Person, home: Home) -> None:
        """While learning is paused nothing is learned, and what is known is still read."""
        self.world.work()
        memory.pause(person.who)
        answer = self.learn(person, home)
        self.world.work()
        names = {one.spec.name for one in hooks.tools(self.turn(person, home, "boat"))[0]}
        self.expect(not store.events_of(person.who, "batch", answer), "something was learned while paused")
        self.expect("remember" not in names and "search_past_chats" in names, "the tools of a pause")
        memory.pause(person.who, False)

    def review(self, person: Person, home: Home) -> None:
        """What the model says waits, and is taken or not."""
        self.world.work()
        memory.change_settings(person.who, review_first=True)
        self.learn(person, home)
        self.world.work()
        memory.change_settings(person.who, review_first=False)
        waiting = memory.pending(person.who, home.scope)
        self.look({home.mark}, waiting, "pending", person)
        for one in waiting:
            if self.dice.random() < 0.5:
                memory.reject(person.who, one.id)
                continue
            try:
                self.keep(person, home, memory.approve(person.who, one.id).id)
            except HubError:
                memory.reject(person.who, one.id)

    def forget_chat(self, person: Person, home: Home) -> None:
        """A chat goes, with what was learned from it."""
        if len(home.chats) < 2:
            raise NotFound("none")
        conversation, _ = home.chats.pop(self.dice.randrange(len(home.chats)))
        self.world.work()
        chat.delete(person.who, conversation)
        memory.forget_conversation(person.who, conversation)
        left = [row for row in store.all_of("memories", person.who) if conversation in repr(row)]
        left += [row for row in store.all_of("memory_events", person.who) if conversation in repr(row["after"])]
        self.expect(not left, f"something of the forgotten chat {conversation} is left")

    def import_(self, person: Person, home: Home) -> None:
        """What was exported here is known; new texts are taken, and go with one undo."""
        again = memory.import_(person.who, memory.export(person.who, home.scope, form="markdown"), scope=home.scope)
        made = memory.import_(person.who, f'["{self.text(home)} i", "{self.text(home)} j"]', scope=home.scope)
        for batch in filter(None, (again.batch, made.batch)):
            events = store.events_of(person.who, "batch", batch)
            memory.undo(person.who, events[0]["_id"])
            self.equal(person, {one["fact"]: one["before"] for one in events}, "undo of an import")

    def tool(self, person: Person, home: Home) -> None:
        thing = self.dice.choice(THINGS)
        said = f"remember, and forget, that I have a {thing} {home.mark} v{self.number}"
        tools = {one.spec.name: one for one in hooks.tools(self.turn(person, home, said))[0]}
        name = self.dice.choice(["search_past_chats", "remember", "forget", "update_memory", "search_documents"])
        if name not in tools:
            raise NotFound("none")
        given = {"query": thing, "text": f"The user has a {thing} {home.mark} v{self.number}", "quote": said}
        result = tools[name].call({**given, "memory": thing})
        own = {home.mark} if name in {"remember", "forget", "update_memory"} else self.world.remembered(person, home)
        self.look(own if name != "search_documents" else self.world.shelves(person), result, name, person)
        for source in result.sources if name == "remember" else ():
            self.keep(person, home, source.item)

    # what moves, goes and comes back

    def move(self, person: Person, home: Home) -> None:
        """A chat moves, is deleted, or comes back."""
        talk = self.dice.choice(person.talks)
        if talk.at is None:
            if talk.id in {one for gone in person.homes if gone.deleted for one, _ in gone.chats}:
                raise NotFound("none")
            back = chat.restore(person.who, talk.id)
            talk.at = next(one for one in self.world.living(person) if one.project == back.project)
        elif talk.at.deleted:
            raise NotFound("none")
        elif self.dice.random() < 0.3:
            chat.delete(person.who, talk.id)
            talk.at = None
        else:
            chat.move(person.who, talk.id, home.project)
            talk.at = home
        talk.places |= {talk.at.mark} if talk.at else set()

    def open(self, person: Person, home: Home) -> None:
        """A project reads what is remembered outside of it, or no longer."""
        if home.project is None:
            raise NotFound("none")
        home.open = not home.open
        projects.change(person.who, home.project, reads_personal_memory=home.open)

    def project(self, person: Person, home: Home) -> None:
        """A project is deleted with its chats; one that was deleted comes back, or goes for good."""
        gone = next((one for one in person.homes if one.deleted), None)
        if gone is not None and self.dice.random() < 0.7:
            self._back(person, gone)
        elif gone is not None:
            self._for_good(person, gone)
        elif home.project is not None:
            projects.delete(person.who, home.project, chats="delete")
            home.deleted = True
        else:
            raise NotFound("none")

    def _back(self, person: Person, home: Home) -> None:
        assert home.project
        projects.restore(person.who, home.project)
        home.deleted = False
        self.counted["project back"] += 1
        for talk in person.talks:
            talk.places |= {home.mark} if talk.at is home else set()

    def _for_good(self, person: Person, home: Home) -> None:
        """As if its day were over."""
        assert home.project
        self.world.work()
        long_ago = now() - timedelta(hours=25)
        collection("projects").update_many(
            {"owner": person.who.id, "deleted_at": {"$ne": None}}, {"$set": {"deleted_at": long_ago}}
        )
        projects.purge()
        self.world.work()
        person.homes.remove(home)
        person.talks = [talk for talk in person.talks if talk.at is not home]
        left = [name for name in MEMORY if home.project in repr(store.all_of(name, person.who))]
        left += [one for one in _spaces(person.who.id) if home.project in one or home.shelf in one]
        self.expect(not left, f"of a project that is gone, {left} are left")
        person.homes.append(self.world.project(person))
        self.world.talk(person, person.homes[-1])
        self.counted["project for good"] += 1

    def document(self, person: Person, home: Home) -> None:
        """A document comes, in a new version perhaps, goes or comes back."""
        how, who = self.dice.choice(["add", "add", "version", "remove", "restore"]), person.who
        if how in {"add", "version"} and len(home.documents) < 5:
            name = "Notes" if how == "version" else f"Note {self.number}"
            text = f"# {name}\n\nThe {self.dice.choice(THINGS)} stands in the shed {home.shelf_mark} w{self.number}."
            made = documents.add_text(who, home.shelf, name, text).document.id
            home.documents = [*dict.fromkeys((*home.documents, made))]
        elif how == "restore" and home.removed:
            made = home.removed.pop()
            documents.restore(who, made)
            home.documents.append(made)
        elif home.documents:
            made = home.documents.pop(self.dice.randrange(len(home.documents)))
            documents.remove(who, made)
            home.removed.append(made)

    def share(self, person: Person, home: Home) -> None:
        """The collection outside of projects is everybody's, or no longer."""
        person.shared = not person.shared
        documents.change_collection(person.who, person.own.shelf, shared=person.shared)

    def leave(self, person: Person, home: Home) -> None:
        """An account is deleted, and nothing of its person is left; somebody else comes."""
        people.delete_account(self.world.admin, person.who.id)
        self.world.people.remove(person)
        self.world.work()
        left = [
            name
            for name in collection("people").database.list_collection_names()
            if name not in HOUSE
            for row in collection(name).find({})
            if person.who.id in (said := repr(row)) or f"zq{person.alias}x" in said
        ]
        left += _spaces(person.who.id)
        self.expect(not left, f"of a person who left, {sorted(set(left))} are left")
        self.world.settle()


MEMORY = tuple(dict.fromkeys(index[0] for index in store.INDEXES))
HOUSE = frozenset({"people", "processes", "migrations", "unindexed"})
WEIGHTS = {
    "add": 14, "edit": 8, "pin": 6, "delete": 6, "merge": 4, "undo": 6, "learn": 3, "learn_temporary": 1,
    "paused": 0.2, "review": 0.3, "forget_chat": 0.2, "import_": 0.2, "tool": 7, "recall": 9, "recall_temporary": 3,
    "read": 4, "search": 5, "strangers": 13, "move": 5, "open": 1.5, "project": 0.5, "document": 0.3, "share": 0.5,
    "ask_documents": 2, "leave": 0.06,
}  # fmt: skip


def _spaces(owner: str) -> list[str]:
    with connection() as database:
        found = database.execute(
            "SELECT collection || ' ' || scope FROM search.spaces WHERE owner = %s AND EXISTS"
            " (SELECT FROM search.rows AS r WHERE r.space = spaces.id)",
            (owner,),
        ).fetchall()
    return [row[0] for row in found]
