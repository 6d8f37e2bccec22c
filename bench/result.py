"""What a benchmark is and what it answers."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Bar:
    """One figure with its bar: `value` holds when it is at most `bar`, or at least where `least` says so."""

    name: str
    value: float
    unit: str
    bar: float
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bar."""
        return self.value >= self.bar if self.least else self.value <= self.bar


@dataclass(frozen=True)
class Result:
    """One benchmark's answer; the first figure is its headline, `load` the machine's load averages before and after."""

    name: str
    bars: tuple[Bar, ...]
    repeats: int
    load: tuple[float, float]
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every figure is within its bar."""
        return all(bar.holds for bar in self.bars)

    def record(self) -> dict[str, Any]:
        """The JSON object: name, value, unit, bar, holds, load, repeats, figures, detail."""
        head = self.bars[0]
        return {
            "name": self.name,
            "value": round(head.value, 4),
            "unit": head.unit,
            "bar": head.bar,
            "holds": self.holds,
            "load": [round(each, 2) for each in self.load],
            "repeats": self.repeats,
            "figures": [{**asdict(bar), "value": round(bar.value, 4), "holds": bar.holds} for bar in self.bars],
            "detail": self.detail,
        }

    def line(self) -> str:
        """One line for a terminal."""
        figures = "; ".join(
            f"{bar.name} {bar.value:.4g} {bar.unit} (bar {bar.bar:g}{'' if bar.holds else ', missed'})"
            for bar in self.bars
        )
        return f"{self.name}: {figures}; load {self.load[0]:.2f} to {self.load[1]:.2f}, {self.repeats} repeats"


Measure = Callable[..., tuple[tuple[Bar, ...], dict[str, Any]]]


@dataclass(frozen=True)
class Bench:
    """Where a benchmark is, what it measures and how often by default; `data`: it reads a file that is named to it,
    `url`: it asks a server."""

    module: str
    what: str
    repeats: int
    data: bool = False
    url: bool = False


BENCHES: dict[str, Bench] = {
    "first-event": Bench("bench.first_event", "added time to the first event over the bare provider, one user", 20),
    "fifty-chats": Bench("bench.fifty_chats", "50 new chats in one second: added time to the first event", 5),
    "fifty-runs": Bench("bench.fifty_runs", "50 runs at 50 tokens/s: lateness and cores", 3),
    "chunk-cpu": Bench("bench.chunk_cpu", "CPU per streamed chunk, to stored and sent", 3),
    "send": Bench("bench.send", "browser: send to first visible change, and to first token", 10),
    "long-stream": Bench("bench.long_stream", "browser: 2,000 tokens at 200/s over a 500-message chat", 3),
    "open": Bench("bench.open", "browser: a 2,000-message conversation, a sidebar of 2,000 conversations", 5),
    "compare-panes": Bench("bench.compare_panes", "browser: 24 columns at 30 tokens/s, how late and how busy", 3),
    "start": Bench("bench.start", "`hub up` to first paint, memory idle and per tab", 3),
    "chunks": Bench(
        "bench.chunks", "documents: splitter settings against marked spans; needs --data DIR", 1, data=True
    ),
    "pdf300": Bench("bench.pdf300", "documents: a PDF of 300 pages, first answer and ready", 1),
    "handbook": Bench("bench.handbook", "documents: right passage in the first five; needs --data DIR", 1, data=True),
    "extraction": Bench(
        "bench.extraction", "what a real model keeps of 20 conversations; needs --url URL", 1, url=True
    ),
    "memory-turn": Bench("bench.memory_turn", "what memory adds to a turn; needs --data FILE", 100, data=True),
    "skills": Bench("bench.skills", "120 skills: import and index, share of the prompt, added to a turn", 3),
    "embedding": Bench("bench.embedding", "the small embedding model: short texts in a CPU-second, two threads", 3),
    "recall-scale": Bench("bench.recall_scale", "recall of one person among a million rows; HNSW against exact", 200),
    "eval-span": Bench("bench.eval_span", "a grid of 1,000 cells, 50 calls at once: span of calls and CPU per cell", 3),
    "eval-stream": Bench("bench.eval_stream", "a grid of 1,000 cells of which twelve stream to a viewer", 2),
    "eval-memory": Bench("bench.eval_memory", "memory of a worker over a run of 10,000 cells", 1),
    "eval-429": Bench("bench.eval_429", "a provider that takes five calls a model at once: calls for 200 cells", 2),
    "eval-kill": Bench("bench.eval_kill", "a worker killed half way: calls repeated, rows kept", 2),
    "eval-open": Bench("bench.eval_open", "a run of 15,000 cells: open, next page, filter", 5),
    "eval-page": Bench("bench.eval_page", "browser: a run of 15,000 cells: open, next page, filter, words", 5),
    "eval-workers": Bench("bench.eval_workers", "two workers on one run against one", 1),
    "skills-search": Bench(
        "bench.skills_search", "the right one of 120 skills among the first three; needs --data DIR", 1, data=True
    ),
    "tools-search": Bench("bench.tools_search", "the right one of 300 tools among the first five", 5),
    "tool-steps": Bench("bench.tool_steps", "what the hub adds to a step with a tool; the prompt with 300 tools", 3),
    "mcp": Bench("bench.mcp", "a call of a warm MCP server through the hub, over a direct client", 200),
    "job-start": Bench("bench.job_start", "an idle worker: from queueing a job to its first line", 100),
    "schedules-idle": Bench("bench.schedules_idle", "10,000 schedules, none due: the scheduler's memory and CPU", 1),
    "schedules-due": Bench("bench.schedules_due", "1,000 schedules due at once, two workers: how late each begins", 1),
    "backup": Bench("bench.backup", "2,000 conversations with files: backup, restore, equal by content hash", 3),
    "locomo": Bench("bench.locomo", "retrieval on long conversations; needs --data FILE", 1, data=True),
}


def run(name: str, repeats: int | None = None, data: str = "", url: str = "") -> Result:
    """Measures one benchmark; `data` is the path and `url` the server for those that need one."""
    bench = BENCHES[name]
    count = repeats or bench.repeats
    measure: Measure = importlib.import_module(bench.module).measure
    before = os.getloadavg()[0]
    given = (data, url) if bench.url else (data,) if bench.data else ()
    bars, detail = measure(count, *given)
    return Result(name, bars, count, (before, os.getloadavg()[0]), detail)
