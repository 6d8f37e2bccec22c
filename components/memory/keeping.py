"""What is never kept, what memory costs, and removing everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from components.clock import long_ago
from components.memory.words import Wish, day, escaped, many, whose
from components.transcript.money import money
from hub.memory.records import Counts, Extraction, Rule, Spent

RESET_WORD = "reset"


def keeping_view(
    rules: Sequence[Rule], days: Sequence[Spent], scope: str, name: str, counts: Counts, now: datetime, *, costs: bool
) -> Wish | None:
    """Rules, costs, and removing everything of a scope; `costs`: whether amounts of money are shown."""
    asked = _rules(rules, now)
    _spent(days, money_shown=costs)
    return _reset(scope, name, counts) or asked


def _rules(rules: Sequence[Rule], now: datetime) -> Wish | None:
    """The rules, with adding and removing."""
    asked: Wish | None = None
    with st.container(horizontal=True, vertical_alignment="center", key="never_head"):
        st.subheader("Never remember", anchor=False, width="stretch")
        if st.button("Add rule", icon=":material/add:", key="never_add"):
            asked = ("never", ())
    st.caption("Passwords, keys and card numbers are never kept. Add what else should not be.")
    for rule in rules:
        with st.container(horizontal=True, vertical_alignment="center", key=f"row_rule_{rule.id}"):
            with st.container(gap=None):
                st.markdown(escaped(rule.text))
                st.caption(f"Added {long_ago(rule.at, now)}")
            if st.button("Remove rule", key=f"rule_{rule.id}", icon=":material/delete:", type="tertiary"):
                asked = ("unrule", (rule.id,))
    return asked


def _spent(days: Sequence[Spent], *, money_shown: bool) -> None:
    """What learning cost, by day; amounts of money only where they are wanted."""
    st.subheader("What it costs", anchor=False)
    if not days:
        st.caption("Nothing in the last 30 days. Finding memories costs nothing; learning asks a model.")
        return
    calls, total = sum(one.calls for one in days), sum(one.cost for one in days)
    tokens = sum(one.input + one.output for one in days)
    unpriced = sum(one.unpriced for one in days)
    price = f", {money(total)}" + (f"; the price of {unpriced:,} is unknown" if unpriced else "")
    st.markdown(f"**{tokens:,} tokens** in {many(calls, 'call', 'calls')} over 30 days{price if money_shown else ''}.")
    names = {"day": "Day", "calls": "Calls", "input": "Tokens in", "output": "Tokens out"}
    rows = [_cost_row(one, names, money_shown=money_shown) for one in days]
    st.dataframe(rows, hide_index=True, width="stretch", height=min(36 * len(rows) + 38, 300))


def _cost_row(one: Spent, names: dict[str, str], *, money_shown: bool) -> dict[str, Any]:
    found: dict[str, Any] = {label: getattr(one, name) for name, label in names.items()}
    found["Day"] = day(date.fromisoformat(one.day))
    if money_shown:
        found["Cost"] = "unknown" if one.unpriced == one.calls else money(one.cost)
    return found


def exchanges(found: Sequence[Extraction], now: datetime, names: Mapping[str, str]) -> None:
    """What came of the last exchanges, and what was not kept and why. `names` are the labels of models by id."""
    if not found:
        return
    with st.expander("What came of the last exchanges", type="compact", icon=":material/fact_check:"):
        for one in found:
            who = names.get(one.model, one.model.rpartition("/")[2])
            about = [who, f"{one.tokens:,} tokens" if one.tokens else "", long_ago(one.at, now)]
            st.markdown(escaped(one.said) + f"  \n:gray[:small[{' · '.join(escaped(part) for part in about if part)}]]")
            for refusal in one.refusals:
                quoted = f"“{escaped(refusal.text)}” " if refusal.text else ""
                st.caption(f"Not kept: {quoted}{escaped(refusal.said)}")


def _reset(scope: str, name: str, counts: Counts) -> Wish | None:
    """Removing everything of a scope, confirmed by a typed word."""
    st.subheader("Reset", anchor=False)
    st.caption(
        f"Removes the {many(counts.all)} kept for {whose(name)} for good, with history and summary. Chats, "
        "settings and rules stay. It cannot be undone: export first what you may want again."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="reset_row"):
        typed = st.text_input(f"Type {RESET_WORD} to confirm", key="reset_word", width=220)
        fits = typed.strip().casefold() == RESET_WORD
        pressed = st.button("Remove everything", key="reset_do", disabled=not fits or not counts.all)
    return ("reset", (scope,)) if pressed else None
