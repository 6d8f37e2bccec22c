"""The leaderboard of a person's own votes."""

from __future__ import annotations

import streamlit as st

from components.connection_card import plain
from components.empty_state import empty_state
from components.evaluate.ranking import Place, ranking
from components.evaluate.words import many
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
    for sentence in found.said:
        st.warning(plain(sentence), icon=":material/call_split:")
    for group in sorted({one.group for one in found.standings}):
        standings = [one for one in found.standings if one.group == group]
        ranking([_place(one) for one in standings], label="Leaderboard", unit="Score", key=f"leaderboard_{group}")
    st.caption(f"{many(found.votes, 'vote')} on {many(found.prompts, 'prompt')}. {EXPLAINED}")


def _place(one: Standing) -> Place:
    low, high = one.rank_low, one.rank_high
    return Place(
        str(low) if low == high else f"{low}–{high}",  # noqa: RUF001 a range of ranks
        one.model,
        one.score,
        one.low,
        one.high,
        f"{one.score:,.0f}",
        many(one.votes, "vote"),
        one.next,
    )
