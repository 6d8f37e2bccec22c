"""What a run was made of: everything that was copied into it when it was planned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import streamlit as st

from components import model_words
from components.connection_card import plain
from components.evaluate.check_editor import Kinds
from components.evaluate.estimate import LOCAL
from components.evaluate.set_templates import joined
from components.evaluate.words import TIMES, many, params
from components.transcript.money import money
from hub.evals.records import CheckData, EvalRun, RunModel


def run_plan(run: EvalRun, kinds: Kinds) -> None:
    """Draw the plan of a run."""
    st.caption(
        "Copied in when the run was planned: later changes of the set, the models or their prices do not reach it."
    )
    st.subheader("Models", anchor=False)
    st.markdown("\n".join(f"- {_model(one)}" for one in run.models))
    st.subheader("Judging", anchor=False)
    _checks(run.checks, kinds)
    if run.judge:
        st.markdown(f"Judge: {_model(run.judge)}")
        for name, prompt in run.judge_prompts.items():
            with st.expander(f"Prompt of the judge: {name}"):
                st.code(prompt, language=None, wrap_lines=True)
    if any(one.system or one.turns != ("{{prompt}}",) for one in run.templates):
        st.subheader("Templates", anchor=False)
        for one in run.templates:
            with st.expander(one.name):
                st.code(joined(one.turns), language=None, wrap_lines=True)
                if one.system:
                    st.caption("System prompt")
                    st.code(one.system, language=None, wrap_lines=True)
    st.subheader("Run", anchor=False)
    _facts(_told(run))


def _model(one: RunModel) -> str:
    free = one.local and not one.price.input and not one.price.output
    price = LOCAL if free else model_words.price(one.price)
    name = one.model.partition("/")[2] or one.model
    named = "" if name == one.label else plain(name)
    parts = [f"**{plain(one.label)}**", named, plain(params(one.params)), plain(price)]
    return " · ".join(filter(None, parts)) + (f" · :orange[{plain(one.paused)}]" if one.paused else "")


def _checks(checks: Sequence[CheckData], kinds: Kinds) -> None:
    if not checks:
        st.markdown("No checks: answers are only marked by you.")
        return
    lines: list[str] = []
    for check in checks:
        kind = kinds.get(str(check["kind"]))
        title = str(check.get("name") or (kind.title if kind else check["kind"]))
        more = {name: value for name, value in check.items() if name not in ("kind", "name")}
        shown = ", ".join(f"{name} {_short(value)}" for name, value in more.items())
        lines.append(f"- **{plain(title)}** {plain(shown)}")
    st.markdown("\n".join(lines))


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) < 200 else f"{text[:199]}…"


def _told(run: EvalRun) -> Mapping[str, str]:
    counts = [(run.rows, "row"), (len(run.models), "model"), (len(run.templates), "template"), (run.repeats, "repeat")]
    size = TIMES.join(many(count, word) for count, word in counts)
    found = run.estimate
    cost = "unknown" if found.cost is None else money(found.cost)
    return {
        "Prompt set": f"{run.set_name}, version {run.set_version}",
        "Size": f"{size} = {many(run.cells, 'cell')}",
        "Order": "row by row" if run.order == "rows" else "one model after the other",
        "Cap": "none" if run.cap is None else money(run.cap),
        "Estimated": f"{many(found.calls, 'call')}, {found.tokens_in + found.tokens_out:,} tokens, {cost}",
        "Limits": f"{run.limits.total} at once, per model {run.limits.per_model or 'found out'}",
        "Earlier answers": "taken where the request is the same" if run.cache else "not taken",
        "Seed": str(run.seed),
        "Versions": ", ".join(f"{name} {version}" for name, version in run.versions.items()),
        "Id": run.id,
    }


def _facts(told: Mapping[str, str]) -> None:
    st.markdown("\n".join(f"- {name}: {plain(value)}" for name, value in told.items()))
