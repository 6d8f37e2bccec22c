"""The right one of 300 tools among the first five: what a search for tools finds, without any LLM.

`data/tool_queries.tsv` are a hundred requests in a person's own words, written before the tools were (the history of
both files shows it). `data/tool_search_queries.tsv` are the queries that a model is told to write for them
(`hub.tools.rank.QUERY`): from the request alone, though after the tools were written. `tool_search_small.tsv`
are those of a small model (Qwen2.5-Coder-1.5B) that has never seen the tools.
The sets that it chose for them were right in 44 of 100 cases, so nothing is filtered by them.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.result import Bar
from hub.models.estimate import tokens
from hub.search.embed import MiniLM
from hub.tools import rank, vectors
from tests.fakes.toolsets import tools

DATA = Path(__file__).parent / "data"
CUTS = (1, 3, 5, 10)


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Ranks all tools for each query; `repeats` is how often the time is taken."""
    given, by = tools(), MiniLM()
    detail: dict[str, Any] = {"tools": len(given), "schema tokens": sum(map(_tokens, given))}
    rank.rank("warm up", given[:1], by=by)
    began = time.perf_counter()
    rank.rank("the first time all vectors are made", given, by=by)
    detail["first search (s)"] = round(time.perf_counter() - began, 3)
    for name in ("tool_search_queries", "tool_queries", "tool_search_small"):
        detail[name] = {f"first {cut}": share for cut, share in zip(CUTS, _found(name, by), strict=True)}
    seconds = [_seconds(by) for _ in range(max(repeats, 3))]
    right = detail["tool_search_queries"]["first 5"]
    return (
        Bar("right tool in the first 5, queries in a model's words", right, "%", 95, least=True),
        Bar("one search, vectors known", median(seconds) * 1000, "ms", 15),
    ), {**detail, "vectors kept": vectors.count()}


def _found(name: str, by: MiniLM) -> list[float]:
    """The share of queries in per cent whose tool is among the first 1, 3, 5 and 10."""
    rows = [line.split("\t") for line in (DATA / f"{name}.tsv").read_text().splitlines()]
    places = [_place(query, right, by) for query, right in rows]
    return [round(100 * sum(place < cut for place in places) / len(places), 1) for cut in CUTS]


def _place(query: str, right: str, by: MiniLM) -> int:
    found = [tool.id for tool in rank.rank(query, tools(), max(CUTS), by=by)]
    return found.index(f"mcp:{right}") if f"mcp:{right}" in found else max(CUTS)


def _seconds(by: MiniLM) -> float:
    began = time.perf_counter()
    rank.rank("send a message to somebody", tools(), by=by)
    return time.perf_counter() - began


def _tokens(tool: Any) -> int:
    shape = {"name": tool.name, "description": tool.spec.description, "parameters": tool.spec.parameters}
    return tokens(json.dumps({"type": "function", "function": shape}))
