"""Retrieval on long conversations: the share of the gold turns and sessions among the first k, without any LLM.

The data (LoCoMo, CC BY-NC 4.0) is for evaluation only and is not part of the project: `--data FILE` names it.
Metric as in Maharana et al., Evaluating Very Long-Term Conversational Memory of LLM Agents (2024): the mean over all
questions with evidence of the fraction of their gold turns that are found; sessions are ranked by their best turn.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.result import Bar
from bench.tables import index_alone
from hub.chat.passages import passages
from hub.models import estimate
from hub.search import Entry, Space, find, index
from hub.search.embed import MiniLM

CUTS = (5, 10, 25, 50)
INJECTED = 10
"""Turns that would go into a prompt for one question."""


@dataclass(frozen=True)
class Question:
    """`gold`: the turns that hold the answer."""

    text: str
    category: int
    gold: frozenset[str]


@dataclass(frozen=True)
class Conversation:
    """`session` names the session of each turn."""

    entries: tuple[Entry, ...]
    session: dict[str, str]
    questions: tuple[Question, ...]


def measure(repeats: int, data: str = "") -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Indexes each conversation as one person's messages and asks its questions; `repeats` changes nothing."""
    if not data:
        raise SystemExit("This benchmark needs --data FILE: conversations and questions in the form of LoCoMo.")
    conversations = [read(one) for one in json.loads(Path(data).read_text())]
    embedder, began = MiniLM(), time.monotonic()
    turns, sessions, ndcg = _Shares(), _Shares(), _Shares()
    tokens: list[int] = []
    with index_alone():
        for number, conversation in enumerate(conversations):
            space = Space("messages", f"person {number}")
            index.put(space, conversation.entries, embedder)
            for question in conversation.questions:
                hits = find([space], question.text, embedder, most=10 * max(CUTS))
                found = list(dict.fromkeys(hit.item for hit in hits))
                visited = list(dict.fromkeys(conversation.session[item] for item in found))
                wanted = {conversation.session[item] for item in question.gold}
                for cut in CUTS:
                    turns.add(cut, question.category, _share(found[:cut], question.gold))
                    sessions.add(cut, question.category, _share(visited[:cut], wanted))
                ndcg.add(10, question.category, _ndcg(found[:10], question.gold))
                tokens.append(estimate.tokens("\n".join(hit.text for hit in hits[:INJECTED])))
    bars = (
        Bar("turn recall@10", turns.mean(10), "%", 78, least=True),
        Bar("turn recall@50", turns.mean(50), "%", 91, least=True),
        Bar("session recall@5", sessions.mean(5), "%", 91, least=True),
        Bar("session recall@10", sessions.mean(10), "%", 95.5, least=True),
        Bar("injected tokens", sum(tokens) / len(tokens), "tokens", 2000),
    )
    detail = {
        "turns": turns.record(),
        "sessions": sessions.record(),
        "ndcg": ndcg.record(),
        "questions": len(tokens),
        "seconds": round(time.monotonic() - began, 1),
    }
    return bars, detail


class _Shares:
    """Shares from 0 to 1 by cut and category; read as percentages."""

    def __init__(self) -> None:
        self._all: dict[int, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, cut: int, category: int, share: float) -> None:
        self._all[cut][category].append(share)

    def mean(self, cut: int) -> float:
        return _percent([share for shares in self._all[cut].values() for share in shares])

    def record(self) -> dict[str, Any]:
        """{"5": {"all": 71.9, "1": 44.2, ...}, ...}"""
        return {
            str(cut): {"all": round(self.mean(cut), 1)}
            | {str(category): round(_percent(shares), 1) for category, shares in sorted(by_category.items())}
            for cut, by_category in self._all.items()
        }


def _percent(shares: Sequence[float]) -> float:
    return 100 * sum(shares) / len(shares)


def _share(found: Sequence[str], wanted: frozenset[str] | set[str]) -> float:
    return len(wanted & set(found)) / len(wanted)


def _ndcg(found: Sequence[str], gold: frozenset[str]) -> float:
    gain = sum(1 / math.log2(place + 2) for place, item in enumerate(found) if item in gold)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(gold), 10)))


def read(raw: dict[str, Any]) -> Conversation:
    """A conversation of LoCoMo with the questions that have evidence."""
    talk: dict[str, Any] = raw["conversation"]
    names = sorted((key for key in talk if re.fullmatch(r"session_\d+", key)), key=lambda key: int(key[8:]))
    entries: list[Entry] = []
    session: dict[str, str] = {}
    for name in names:
        for turn in talk[name]:
            at = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=len(session))
            seen = [turn["blip_caption"]] if turn.get("blip_caption") else []
            said = {"speaker": turn["speaker"], "day": talk[f"{name}_date_time"], "text": turn["text"]}
            entries += passages(turn["dia_id"], name, len(session), at=at, seen=seen, **said)
            session[turn["dia_id"]] = name
    questions: list[Question] = []
    for asked in raw["qa"]:
        named = {part for given in asked.get("evidence", []) for part in re.split(r"[;,\s]+", given)}
        if gold := frozenset(named & session.keys()):
            questions.append(Question(asked["question"], asked["category"], gold))
    return Conversation(tuple(entries), session, tuple(questions))
