"""Which facts went into which answers: noted when the prompt is made, counted when the answer has come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from hub.db.mongo import now
from hub.db.who import Who
from hub.memory import store

KEPT = 20
"""Answers that a fact remembers having gone into."""
WAITING = 2000
"""Answers in progress that a process remembers; what is older was never finished."""


class Waiting:
    """Facts of answers that are still being written, by answer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._facts: OrderedDict[str, tuple[str, tuple[str, ...]]] = OrderedDict()

    def note(self, answer: str, conversation: str, facts: Sequence[str]) -> None:
        """These facts go into the answer."""
        with self._lock:
            self._facts[answer] = (conversation, tuple(dict.fromkeys(facts)))
            while len(self._facts) > WAITING:
                self._facts.popitem(last=False)

    def take(self, answer: str) -> tuple[str, tuple[str, ...]]:
        """The conversation and the facts of an answer that has ended; they are not given again."""
        with self._lock:
            return self._facts.pop(answer, ("", ()))


waiting = Waiting()


def count(who: Who, answer: str) -> int:
    """Counts the use of the facts that went into an answer; how many there were."""
    conversation, facts = waiting.take(answer)
    there = store.many("memory_uses", who, facts)
    for fact in facts:
        row = there.get(fact, {"count": 0, "last": []})
        if any(one["answer"] == answer for one in row["last"]):
            continue
        last = [*row["last"], {"conversation": conversation, "answer": answer, "at": now()}][-KEPT:]
        store.write(
            "memory_uses",
            {"_id": fact, "owner": who.id, "count": row["count"] + 1, "last_used": last[-1]["at"], "last": last},
        )
    return len(facts)
