"""What a run would take, before it is started."""

from __future__ import annotations

import streamlit as st

from components.connection_card import plain
from components.evaluate.words import many, span
from components.transcript.money import money
from hub.evals.records import Estimate

LOCAL = "local, no price"
"""What is said of models that run here and cost nothing that anybody knows of."""


def estimate_card(found: Estimate, *, cap: float | None) -> None:
    """Draw calls, tokens, money and time."""
    with st.container(border=True, key="card_estimate"), st.container(horizontal=True, gap="large"):
        _figure("Cells", f"{found.cells:,}", many(found.calls, "call"))
        _figure("Tokens, about", f"{_short(found.tokens_in + found.tokens_out)}", _split(found))
        _figure("Cost, about", _cost(found), _capped(found, cap))
        _figure("Time, about", "unknown" if found.seconds is None else span(found.seconds), _time(found))


def problems(found: Estimate) -> None:
    """Draw what keeps the run from starting."""
    for problem in found.problems:
        st.error(plain(problem), icon=":material/error:")


def unpriced_question(found: Estimate, *, key: str = "run") -> bool:
    """Ask about models without a known price; whether they may be asked all the same."""
    if not found.unpriced:
        return False
    names = ", ".join(dict.fromkeys(found.unpriced))
    return st.checkbox(
        f"Ask {plain(names)} although the price is unknown",
        key=f"{key}_unpriced",
        help="What they cost is not counted and no cap holds for them.",
    )


def waiting_words() -> None:
    """Why nothing can be started until that question is answered."""
    st.caption("A model without a known price does not count as free: say first that it may be asked.")


def _figure(title: str, value: str, more: str) -> None:
    with st.container(gap=None, width="content"):
        st.caption(title)
        st.markdown(f"**{plain(value)}**")
        st.caption(plain(more))


def _short(count: int) -> str:
    return f"{count:,}" if count < 10_000 else f"{count / 1000:,.0f}k" if count < 1e6 else f"{count / 1e6:.1f}M"


def _split(found: Estimate) -> str:
    return f"{_short(found.tokens_in)} in, {_short(found.tokens_out)} out"


def _cost(found: Estimate) -> str:
    if found.cost is None:
        return "unknown"
    return money(found.cost) if found.cost else LOCAL if found.local else "free"


def _capped(found: Estimate, cap: float | None) -> str:
    said = "judges included"
    if cap is None:
        said += ", no cap"
    else:
        over = found.cost is not None and found.cost > cap
        said = f"over the cap of {money(cap)}" if over else f"{said}, cap {money(cap)}"
    apart = found.local and found.cost != 0
    return f"{said} · {LOCAL}: {', '.join(found.local)}" if apart else said


def _time(found: Estimate) -> str:
    if not found.calls:
        return "no model is asked"
    return "no earlier answers to go by" if found.seconds is None else "from earlier answers"
