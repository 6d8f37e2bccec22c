"""The right one of 300 tools among the first five: what a search for tools finds, without any LLM.

`data/tool_queries.tsv` are a hundred requests in a person's own words, written before the tools were (the history of
both files shows it). `data/tool_search_queries.tsv` are the queries that a model is told to write for them
(`hub.tools.rank.QUERY`): from the request alone, though after the tools were written. `tool_search_small.tsv`
are those of a small model (Qwen2.5-Coder-1.5B) that has never seen the tools.
The sets that it chose for them were right in 44 of 100 cases, so a set hides no other.

`tool_fresh.tsv` are a hundred more, one for each of a hundred other tools (`random.Random(20261123).sample`): the tool,
a request in a person's words and the query of a model that knows how to write them, both written from what the tool is
for, before the question counted beside the query. Nothing was chosen by them. `tool_fresh_small.tsv` is what the small
model did with them by itself, told of `tool_search` and of the sets: it searched in 42 of the hundred, with these
queries and sets.

Each kind is measured by the query alone, and beside the question as a chat has it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.result import Bar
from hub.models.estimate import tokens
from hub.search.embed import MiniLM
from hub.tools import rank, vectors
from tests.fakes.toolsets import tools

DATA = Path(__file__).parent / "data"
CUTS = (1, 3, 5, 20)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, what the person had asked, and the tool that is right."""

    query: str
    question: str
    right: str
    toolset: str = ""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Ranks all tools for each query; `repeats` is how often the time is taken."""
    given, by = tools(), MiniLM()
    detail: dict[str, Any] = {"tools": len(given), "schema tokens": sum(map(_tokens, given))}
    rank.rank("warm up", given[:1], by=by)
    began = time.perf_counter()
    rank.rank("the first time all vectors are made", given, by=by)
    detail["first search (s)"] = round(time.perf_counter() - began, 3)
    for name, asked in _asked().items():
        detail[name] = _found(asked, by, with_question=False)
        detail[f"{name}, beside the question"] = _found(asked, by, with_question=True)
    seconds = [_seconds(by) for _ in range(max(repeats, 3))]
    model = detail["a model's words, beside the question"]["first 5"]
    fresh = detail["fresh, a model's words, beside the question"]["first 5"]
    return (
        Bar("right tool in the first 5, queries in a model's words", model, "%", 95, least=True),
        Bar("right tool in the first 5, fresh ones", fresh, "%", 95, least=True),
        Bar("one search, vectors known", median(seconds) * 1000, "ms", 15),
    ), {**detail, "vectors kept": vectors.count()}


def _asked() -> dict[str, list[Asked]]:
    """The queries by kind."""
    people, told, small = map(_rows, ("tool_queries", "tool_search_queries", "tool_search_small"))
    fresh = _rows("tool_fresh")
    said = {right: question for right, question, _ in fresh}
    alone = _rows("tool_fresh_small")
    return {
        "a model's words": [Asked(query, said, right) for (query, right), (said, _) in zip(told, people, strict=True)],
        "a person's words": [Asked(said, said, right) for said, right in people],
        "a small model's": [Asked(query, said, right) for (query, right), (said, _) in zip(small, people, strict=True)],
        "fresh, a model's words": [Asked(query, question, right) for right, question, query in fresh],
        "fresh, a person's words": [Asked(question, question, right) for right, question, _ in fresh],
        "fresh, a small model's own searches": [Asked(query, said[right], right) for right, query, _ in alone],
        "fresh, these with the sets": [Asked(query, said[right], right, toolset) for right, query, toolset in alone],
    }


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (DATA / f"{name}.tsv").read_text().splitlines()]


def _found(asked: list[Asked], by: MiniLM, *, with_question: bool) -> dict[str, float]:
    """The share in per cent whose tool is among the first 1, 3, 5 and 20."""
    places = [_place(one, by, with_question) for one in asked]
    return {f"first {cut}": round(100 * sum(place < cut for place in places) / len(places), 1) for cut in CUTS}


def _place(one: Asked, by: MiniLM, with_question: bool) -> int:
    question = one.question if with_question else ""
    ranked = rank.rank(one.query, tools(), max(CUTS), question=question, toolset=one.toolset, by=by)
    found = [tool.id for tool in ranked]
    return found.index(f"mcp:{one.right}") if f"mcp:{one.right}" in found else max(CUTS)


def _seconds(by: MiniLM) -> float:
    began = time.perf_counter()
    rank.rank("send message", tools(), question="tell Anna that I am late", by=by)
    return time.perf_counter() - began


def _tokens(tool: Any) -> int:
    shape = {"name": tool.name, "description": tool.spec.description, "parameters": tool.spec.parameters}
    return tokens(json.dumps({"type": "function", "function": shape}))
