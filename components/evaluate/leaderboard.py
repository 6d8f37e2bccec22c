"""The leaderboards: of a person's own votes, and of the judge of a run beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from components.clock import long_ago
from components.connection_card import plain
from components.empty_state import empty_state
from components.evaluate.ranking import Place, rank_range, ranking
from components.evaluate.words import many, told_apart
from hub.evals.records import EvalRun
from hub.votes.records import Leaderboard, Standing

EXPLAINED = (
    "Bradley-Terry: scores are fitted so that their differences give the chance that one model is preferred to the "
    "other (100 points are 64 in 100), ties count half, and intervals treat votes on one prompt as belonging together."
)


TAGS = "leaderboard_tags"


def chosen_tags() -> tuple[str, ...]:
    """The tags that votes must have to count."""
    return tuple(st.session_state.get(TAGS) or ())


def leaderboard(found: Leaderboard) -> None:
    """Draw the models with their scores; models that no chain of votes connects stand apart."""
    if found.tags:
        counted = dict(found.tags)
        st.pills(
            "Only votes with",
            list(counted),
            selection_mode="multi",
            format_func=lambda tag: f"{tag} ({counted[tag]})",
            key=TAGS,
        )
    if not found.standings and chosen_tags():
        st.caption("No vote has all of these tags.")
        return
    if not found.standings:
        text = (
            "Vote on answers in Compare, best with names hidden: each vote says which of two models answered better, "
            "and here they add up."
        )
        empty_state("leaderboard", "No votes yet", text, key="votes")
        return
    _groups(found, "Leaderboard", "leaderboard")
    st.caption(f"{many(found.votes, 'vote')} on {many(found.prompts, 'prompt')}. {EXPLAINED}")


def judges_board(
    runs: Sequence[EvalRun], read: Callable[[EvalRun], tuple[Leaderboard, Sequence[str]]], now: datetime
) -> None:
    """Draw how the judge of a run ranks its models, and how far it agrees with the person; `read` gives both."""
    st.subheader("What judges say", anchor=False)
    by_id = {one.id: one for one in runs}
    named = told_apart({one.id: f"{one.name} · {long_ago(one.created_at, now)}" for one in runs})
    chosen = st.selectbox("Run", list(named), format_func=named.__getitem__, key="judged_run", width=420)
    run = by_id[chosen or runs[0].id]
    with st.spinner("Reading the comparisons", show_time=False):
        found, sentences = read(run)
    for sentence in sentences:
        st.markdown(f":material/balance: {plain(sentence)}")
    if not found.standings:
        st.caption("The judge has compared nothing yet.")
        return
    _groups(found, "Leaderboard of the judge", "judged")
    judge = run.judge.label if run.judge else "The judge"
    st.caption(
        f"{many(found.votes, 'comparison')} by {plain(judge)} on {many(found.prompts, 'prompt')}, each in both orders. "
        "Fitted as your votes are; a judge counts for as much as it agrees with you."
    )


def _groups(found: Leaderboard, label: str, key: str) -> None:
    for sentence in found.said:
        st.warning(plain(sentence), icon=":material/call_split:")
    for group in sorted({one.group for one in found.standings}):
        standings = [one for one in found.standings if one.group == group]
        ranking([_place(one) for one in standings], label=label, unit="Score", key=f"{key}_{group}")


def _place(one: Standing) -> Place:
    return Place(
        rank_range(one.rank_low, one.rank_high),
        one.model,
        one.score,
        one.low,
        one.high,
        f"{one.score:,.0f}",
        many(one.votes, "vote"),
        one.next,
    )
