"""What memory adds to a turn: the time of its `chat_context`, and the tokens that it puts into the prompt.

One person with 2,000 facts and the messages of a LoCoMo conversation (`--data FILE`, see `bench.locomo`) in the stores
of `make run`; each question of that conversation is a turn of a new chat.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.extraction import stores
from bench.locomo import Conversation, read
from bench.result import Bar
from hub import chat, hooks
from hub.db.mongo import now
from hub.db.who import Who
from hub.memory.change import Step, new_id, write
from hub.memory.records import KINDS, Fact
from hub.models.types import ModelInfo
from hub.search import Entry, Space, index
from hub.search.embed import MiniLM
from hub.turns import Turn

FACTS = 2000
MODEL = ModelInfo("c/m", "m", "c", "C", "openai", "M")
THINGS = ["book", "lamp", "boat", "recipe", "garden", "letter", "violin", "camera", "jacket", "ticket"]
PLACES = ["kitchen", "cellar", "office", "harbour", "attic", "studio", "village", "library", "station", "market"]


def measure(repeats: int, data: str = "") -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Asks `repeats` questions, spread over those of the first conversation in `data`."""
    if not data:
        raise SystemExit("This benchmark needs --data FILE: conversations and questions in the form of LoCoMo.")
    talk, who = read(json.loads(Path(data).read_text())[0]), Who("anna", "Anna")
    times: list[float] = []
    tokens: list[int] = []
    with stores():
        _fill(who, talk)
        for question in ["Hello", *(one.text for one in talk.questions[:: max(1, len(talk.questions) // repeats)])]:
            began = time.perf_counter()
            blocks, said = hooks.chat_context(Turn(who, new_id(), new_id(), question, MODEL, asked=new_id()))
            times.append(1000 * (time.perf_counter() - began))
            tokens.append(sum(block.tokens for block in blocks))
            assert not said, said
    del times[0], tokens[0]  # the first loads the embedding model
    bars = (
        Bar("p50", statistics.median(times), "ms", 300),
        Bar("p95", statistics.quantiles(times, n=20)[-1], "ms", 300),
        Bar("injected tokens", statistics.mean(tokens), "tokens", 2000),
        Bar("most injected tokens", max(tokens), "tokens", 2000),
    )
    return bars, {"facts": FACTS, "messages": len(talk.entries), "questions": len(times)}


def _fill(who: Who, talk: Conversation) -> None:
    steps: list[Step] = []
    for number in range(FACTS):
        thing, place = THINGS[number % 10], PLACES[number // 10 % 10]
        text = f"The user keeps {thing} number {number} in the {place} since {1990 + number % 35}."
        steps.append(_added(Fact(new_id(), "", text, KINDS[number % 7], recorded_at=now()), number))
    write(who, "", steps, "import")
    index.put(Space("messages", who.id), list(_chats(who, talk)), MiniLM())


def _chats(who: Who, talk: Conversation) -> Iterator[Entry]:
    """The entries of a conversation, each session stored as a chat: what is recalled is looked up there."""
    for name, entries in groupby(talk.entries, lambda entry: entry.group):
        home = chat.create(who, title=name)
        for _, parts in groupby(entries, lambda entry: entry.item):
            first, *more = parts
            message = chat.add_message(who, home.id, "user", first.text)
            yield from (replace(entry, item=message, group=home.id) for entry in (first, *more))


def _added(fact: Fact, number: int) -> Step:
    return Step("add", fact.id, fact, group=f"g{number}")
