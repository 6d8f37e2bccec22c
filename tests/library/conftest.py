"""Chats in the store and in the index, as the room of chats puts them there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub import chat, library, projects
from hub.chat import store
from hub.db import indexes
from hub.db.migrations import postgres as migrations
from hub.db.who import Who
from hub.documents import store as documents
from hub.memory import store as memory
from hub.search import Entry, Space, index
from hub.search.embed import MiniLM
from hub.turns import project_scope

ANNA, BERT = Who("anna", "Anna"), Who("bert", "Bert")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def house(mongo: str, postgres: str) -> None:
    """Both stores with their tables."""
    indexes.ensure([*chat.INDEXES, *projects.INDEXES, *documents.INDEXES, *memory.INDEXES])
    migrations.apply()


def talk(
    who: Who,
    title: str,
    *texts: str,
    project: str | None = None,
    at: datetime = NOON,
    minilm: MiniLM | None = None,
    **about: object,
) -> tuple[str, list[str]]:
    """A conversation with messages of the person and a model in turn; its id and theirs."""
    made = chat.create(who, title=title, project=project)
    ids: list[str] = []
    for place, text in enumerate(texts):
        role = "assistant" if place % 2 else "user"
        ids.append(chat.add_message(who, made.id, role, text))
    put(who, made.id, at=at, minilm=minilm, **about)
    return made.id, ids


def put(who: Who, conversation: str, *, at: datetime = NOON, minilm: MiniLM | None = None, **about: object) -> None:
    """Puts a conversation as it is now into the index."""
    home = store.conversation(who, conversation)
    scope = project_scope(home.get("project"))
    entries = [
        Entry(
            str(one["_id"]),
            conversation,
            one["depth"],
            one["text"],
            at,
            about={"role": one["role"], "model": "Fake 4o mini", "model_id": "c/fake-4o-mini", "files": False, **about},
        )
        for one in store.messages(who, home["_id"])
    ]
    index.put(Space("messages", who.id, scope), entries, minilm)
    index.put(Space("titles", who.id, scope), [Entry(conversation, conversation, 0, home["title"], at)], minilm)


def told(found: library.Found) -> list[str]:
    """The passages that were found, in their order."""
    return ["".join(part for part, _ in one.pieces) for each in found.talks for one in each.passages]


def titles(found: library.Found) -> list[str]:
    """The titles of the conversations that were found."""
    return ["".join(part for part, _ in each.title) for each in found.talks]
