"""What a project is told: instructions, name, description, memory; each is kept when the field is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.state import script
from hub.projects.records import Project
from hub.turns import project_scope


def project_form(project: Project, on_change: Callable[..., str]) -> None:
    """Draw the fields; `on_change` is called with what was changed, by name, and returns why it could not be kept."""

    def keep(name: str) -> None:
        key = f"project_{name}_{project.id}"
        problem = on_change(**{name: st.session_state[key]})
        st.session_state[SAVED] = (project.id, name, problem)

    def field(draw: Callable[..., Any], label: str, name: str, value: Any, **more: Any) -> None:
        draw(label, value, key=f"project_{name}_{project.id}", on_change=keep, args=[name], **more)
        _saved(project.id, name)

    field(
        st.text_area,
        "Instructions",
        "instructions",
        project.instructions,
        max_chars=20_000,
        height=160,
        placeholder="What every answer in this project should know and heed: who it is for, how to write, what to use.",
        help="They go into the system prompt of every chat in this project.",
    )
    with st.expander("Name, description, memory", type="compact"):
        field(st.text_input, "Name", "name", project.name, max_chars=80)
        field(st.text_input, "Description", "description", project.description, max_chars=500)
        field(
            st.toggle,
            "Use what is remembered outside of projects too",
            "reads_personal_memory",
            project.reads_personal_memory,
            help="What is remembered in this project stays in it either way.",
        )


def project_rooms(project: Project) -> None:
    """The ways to what else belongs to the project."""
    with st.container(horizontal=True, key="project_rooms"):
        if st.button("Documents", icon=":material/menu_book:", type="tertiary"):
            st.switch_page(script("documents"))
        if st.button("Memory of this project", icon=":material/neurology:", type="tertiary"):
            st.switch_page(script("memory"), query_params={"scope": project_scope(project.id)})


SAVED = "project_saved"
"""What came of the last change: the project's id, the field, and why it could not be kept ("" when it was)."""


def _saved(project: str, name: str) -> None:
    of, field, problem = st.session_state.get(SAVED, ("", "", ""))
    if (of, field) != (project, name):
        return
    if problem:
        st.error(problem, icon=":material/error:")
    else:
        st.caption(":material/check: Saved")
