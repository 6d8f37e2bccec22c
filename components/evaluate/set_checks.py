"""The checks of a prompt set, which judge every answer of every run of it."""

from __future__ import annotations

import streamlit as st

from components.evaluate.check_editor import Kinds, check_editor, missing
from components.evaluate.words import many
from components.state import SetWork
from hub.evals.records import PromptSet


def set_checks(one: PromptSet, kinds: Kinds, work: SetWork) -> bool:
    """Draw the checks; True when they are to be saved as the next version."""
    st.caption("An answer passes when every check passes. {{expected}} and {{name}} stand for what the row has.")
    check_editor(work.checks, kinds, key=f"checks_{work.of}_{work.round}")
    unsaved = list(map(dict, work.checks)) != list(map(dict, one.checks))
    lacking = missing(work.checks, kinds)
    with st.container(horizontal=True, vertical_alignment="center", key="checks_save"):
        save = st.button(
            f"Save as version {one.version + 1}",
            type="primary",
            key="save_checks",
        )
        if unsaved and st.button("Discard changes", type="tertiary", key="discard_checks"):
            work.anew(one.templates, one.checks)
            st.rerun()
        st.caption(lacking[0] if lacking else many(len(work.checks), "check"))
    return save and unsaved and not lacking
