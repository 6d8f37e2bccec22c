"""What a new run asks for beside its models: which rows, how often, how it is judged, and within which limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.evaluate.check_editor import Kinds, check_editor
from components.evaluate.words import many, told_apart
from components.model_picker import model_picker
from components.state import NewRun
from hub.evals.records import Asked, CheckData, EvalRun, Limits, Order, PromptSet, RunRequest
from hub.models.types import ModelInfo

ORDERS: dict[Order, str] = {
    "rows": "Row by row, all models at once",
    "models": "One model after the other (local servers)",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes, beside set and models."""

    name: str = ""
    repeats: int = 1
    cap: float | None = None
    order: Order = "rows"
    limits: Limits = field(default_factory=Limits)
    cache: bool = True
    baseline: str | None = None
    tags: tuple[str, ...] = ()


def choose_set(sets: Sequence[PromptSet], chosen: str) -> PromptSet:
    """The set that the run is of."""
    ids = [one.id for one in sets]
    by_id = {one.id: one for one in sets}
    place = ids.index(chosen) if chosen in ids else 0
    named = told_apart({one.id: f"{one.name} · {many(one.rows, 'row')}" for one in sets})
    id_ = st.selectbox(
        "Prompt set",
        ids,
        place,
        format_func=named.__getitem__,
        key="run_set",
    )
    return by_id[id_]


def choose_version(versions: Sequence[PromptSet]) -> PromptSet:
    """The version of it, the newest at first."""
    if len(versions) == 1:
        return versions[0]
    numbers = {one.version: one for one in versions}
    newest = versions[0].version
    chosen = st.selectbox(
        "Version",
        list(numbers),
        format_func=lambda number: f"{number}, the newest" if number == newest else str(number),
        key=f"run_version_{versions[0].id}",
    )
    return numbers[chosen]


def judging(
    one: PromptSet, kinds: Kinds, new: NewRun, models: Sequence[ModelInfo], of_rows: Sequence[CheckData]
) -> None:
    """Checks beside those of the set, and the model that judges, when any check asks one; `of_rows` are the rows'
    own."""
    own = ", ".join(check.get("name") or kinds[check["kind"]].title for check in one.checks)
    said = f"Checks of the set: {own}." if own else "The set has no checks of its own."
    st.caption(f"{said} Rows have {many(len(of_rows), 'check')} of their own." if of_rows else said)
    with st.expander("More checks for this run", key=f"run_checks_{new.round}", expanded=bool(new.checks)):
        check_editor(new.checks, kinds, key=f"run_check_{new.round}", own=False)
    if asks_judge([*one.checks, *of_rows, *new.checks], kinds):
        with st.container(horizontal=True, vertical_alignment="center", key="run_judge_row"):
            st.markdown("Judge", width="content")
            event = model_picker(models, new.judge or None, label="Judge", manage=False, key="run_judge")
        if event and event.do == "choose":
            new.judge = event.id
            st.rerun()


def asks_judge(checks: Sequence[object], kinds: Kinds) -> bool:
    """Whether any of the checks asks a model."""
    return any(kinds[check["kind"]].asks for check in checks)  # type: ignore[index]


def options(tags: Sequence[str], runs: Sequence[EvalRun], new: NewRun) -> Options:
    """Repeats, cap, order, limits, cache, baseline and a name. `runs` are earlier ones of the same set."""
    key = f"run_{new.round}"
    with st.container(horizontal=True, vertical_alignment="bottom", key="run_options"):
        repeats = int(st.number_input("Repeats", 1, 100, new.repeats, key=f"{key}_repeats", width=130))
        cap = cap_field(new.cap, key=key)
        name = st.text_input("Name", key="run_name", placeholder="Named after set and time", max_chars=120, width=260)
    with st.expander("More options", key="run_more"):
        order, limits, cache = _how(new, key)
        chosen = st.multiselect("Only rows with these tags", sorted(tags), key="run_tags") if tags else []
        named = told_apart({one.id: one.name for one in runs})
        baseline = st.selectbox(
            "Compare with",
            [None, *named],
            format_func=lambda id_: named.get(id_ or "", "No earlier run"),
            key="run_base",
        )
    return Options((name or "").strip(), repeats, cap, order, limits, cache, baseline, tuple(chosen))


def cap_field(cap: float | None, *, key: str) -> float | None:
    """US dollars that are spent at most; None is no cap."""
    st.session_state.setdefault(f"{key}_cap", cap)
    given = st.number_input(
        "Cap in US dollars",
        0.0,
        None,
        None,
        0.5,
        "%.2f",
        f"{key}_cap",
        "No more than this is spent, judges included. A call is made only if its worst case still fits.",
        placeholder="No cap",
        width=180,
    )
    return given or None


def _how(new: NewRun, key: str) -> tuple[Order, Limits, bool]:
    place = list(ORDERS).index(new.order)
    order = st.radio("Order", list(ORDERS), place, format_func=ORDERS.__getitem__, key=f"{key}_order", horizontal=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limits = limit_fields(new.limits, key=key)
    cache = st.toggle("Take earlier answers to exactly the same request", True, key="run_cache")
    return order or "rows", limits, cache


def limit_fields(limits: Limits, *, key: str) -> Limits:
    """How many calls may be under way."""
    total = st.number_input("Calls at once", 1, 1000, limits.total, key=f"{key}_total", width=140)
    st.session_state.setdefault(f"{key}_per_model", limits.per_model)
    each = st.number_input(
        "At once per model",
        1,
        1000,
        None,
        key=f"{key}_per_model",
        placeholder="Found out",
        help="Empty: doubles until the provider refuses, then shrinks.",
        width=160,
    )
    return Limits(int(total), int(each) if each else None, limits.start)


def request(one: PromptSet, new: NewRun, given: Options, *, unpriced: bool, newest: bool) -> RunRequest:
    """Everything as one request."""
    return RunRequest(
        set_id=one.id,
        models=tuple(new.models),
        version=None if newest else one.version,
        name=given.name,
        repeats=given.repeats,
        checks=tuple(new.checks),
        judge=Asked(new.judge) if new.judge else None,
        cap=given.cap,
        unpriced=unpriced,
        order=given.order,
        limits=given.limits,
        cache=given.cache,
        baseline=given.baseline,
        tags=given.tags,
    )
