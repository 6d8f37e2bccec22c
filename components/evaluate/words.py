"""Prompt sets, runs and models of runs in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from components.clock import long_ago
from components.evaluate.grid import Baselines, Column
from components.item_list import Deed, Item
from components.parameters import WORDS
from components.transcript.money import money
from hub.evals.figures import Summary
from hub.evals.records import EvalRun, PromptSet, RunModel, Template
from hub.models.types import Params

_DELETE_SET = Deed("delete", "Delete prompt set", "delete", danger=True)
_DELETE_RUN = Deed("delete", "Delete run", "delete", danger=True)
_RUN = Deed("run", "Run on models", "play_arrow")
_SIGNS = {
    "running": "progress_activity",
    "paused": "pause_circle",
    "cancelled": "cancel",
    "capped": "money_off",
    "done": "check_circle",
}
TIMES = " \N{MULTIPLICATION SIGN} "
STATUS = {
    "running": "Running",
    "paused": "Paused",
    "cancelled": "Cancelled",
    "capped": "Cap reached",
    "done": "Done",
}


def many(count: int, one: str, more: str = "") -> str:
    """A number with its word."""
    return f"1 {one}" if count == 1 else f"{count:,} {more or f'{one}s'}"


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """`labels` by id with a number behind those that came before: a select box goes by what is shown, not by the id."""
    seen: Counter[str] = Counter()
    found: dict[str, str] = {}
    for id_, label in labels.items():
        seen[label] += 1
        found[id_] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return found


def span(seconds: float) -> str:
    """A time that something takes, as people say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def percent(share: float) -> str:
    """A share of one."""
    return f"{share * 100:.1f} %" if 0.0005 < share < 0.9995 else f"{share * 100:.0f} %"


def params(given: Params) -> str:
    """How a model shall answer, in the words of the form; "" for the provider's defaults."""
    default = asdict(Params())
    told: list[str] = []
    for name, value in asdict(given).items():
        if value != default[name]:
            told.append(WORDS[name] if value is True else f"{WORDS[name]} {_value(value)}")
    return ", ".join(told)


def _value(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return " ".join(f"“{one}”" for one in value)  # pyright: ignore[reportUnknownVariableType]
    return f"{value:,}" if isinstance(value, int) else str(value)


def columns(models: Sequence[RunModel], templates: Sequence[Template]) -> list[Column]:
    """The columns of a run's grid: each model, with several templates once for each of them."""
    found: list[Column] = []
    for place, one in enumerate(models):
        twin = sum(other.label == one.label for other in models[:place]) + 1
        label = f"{one.label} ({twin})" if twin > 1 else one.label
        for template in templates:
            about = [template.name] if len(templates) > 1 else []
            found.append(Column(label, " · ".join(filter(None, [*about, params(one.params)]))))
    return found


def baselines(found: Sequence[Column], earlier: Sequence[EvalRun], now: datetime) -> list[Baselines]:
    """What the columns of a run can be compared with: one of them, or an earlier run of the same set."""
    here = tuple((f"column:{at}", " · ".join(filter(None, (one.label, one.about)))) for at, one in enumerate(found))
    runs = tuple((f"run:{one.id}", f"{one.name}, {long_ago(one.created_at, now)}") for one in earlier)
    return [Baselines("A column of this run", here if len(here) > 1 else ()), Baselines("Another run of the set", runs)]


def set_item(one: PromptSet, now: datetime) -> Item:
    """A prompt set as a row."""
    said = [many(one.rows, "row")]
    if len(one.templates) > 1:
        said.append(many(len(one.templates), "template"))
    if one.checks:
        said.append(many(len(one.checks), "check"))
    said.append(f"version {one.version}")
    facts = long_ago(one.updated_at, now)
    return Item(one.id, "dataset", one.name, " · ".join(said), facts, deeds=(_RUN, _DELETE_SET))


def run_item(run: EvalRun, found: Summary, now: datetime) -> Item:
    """A run as a row: how it stands, the pass rate of each column, what it cost and when it began."""
    errors = sum(one.errors for one in found.columns)
    done = errors + sum(one.done for one in found.columns)
    said: list[str] = []
    if run.status != "done" or done < run.cells:
        said.append(f"{STATUS[run.status]}, {done:,} of {many(run.cells, 'cell')}")
    rated = [f"{one.name} {percent(one.rate.value)}" for one in found.columns if one.rate is not None]
    said += [", ".join(rated)] if rated else [f"{many(run.rows, 'row')} on {many(len(run.models), 'model')}"]
    if errors:
        said.append(many(errors, "error"))
    spent = [money(run.spent)] if run.spent else []
    tone = "busy" if run.status == "running" else "warn" if run.status in {"paused", "capped"} else ""
    share = done / max(1, run.cells) if run.status == "running" else None
    facts = " · ".join([*spent, long_ago(run.created_at, now)])
    return Item(run.id, _SIGNS[run.status], run.name, " · ".join(said), facts, tone, share, (_DELETE_RUN,))


def about_run(run: EvalRun, now: datetime) -> str:
    """Under the title of a run: what was asked of whom, and when."""
    size = [many(run.rows, "row"), many(len(run.models), "model")]
    if len(run.templates) > 1:
        size.append(many(len(run.templates), "template"))
    if run.repeats > 1:
        size.append(many(run.repeats, "repeat"))
    return f"{run.set_name}, version {run.set_version} · {TIMES.join(size)} · {long_ago(run.created_at, now)}"
