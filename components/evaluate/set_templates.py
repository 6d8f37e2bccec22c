"""The templates of a prompt set: several ways to ask the same rows, each a column of the grid for every model."""

from __future__ import annotations

import re

import streamlit as st

from components.evaluate.words import many
from components.state import SetWork
from hub.evals.records import AS_WRITTEN, PromptSet, Template

BREAK = "\n---\n"
_RULE = re.compile(r"^[ \t]*---+[ \t]*$", re.MULTILINE)


def joined(turns: tuple[str, ...]) -> str:
    """Turns as one text."""
    return BREAK.join(turns)


def turns(text: str) -> tuple[str, ...]:
    """The turns of a text: a line of dashes begins the next one."""
    found = tuple(part.strip() for part in _RULE.split(text) if part.strip())
    return found or AS_WRITTEN.turns


def set_templates(one: PromptSet, work: SetWork) -> bool:
    """Draw the templates; True when they are to be saved as the next version."""
    st.caption(
        "A template wraps every row: {{prompt}} is the row's first turn, {{name}} a variable. With several templates "
        "each model is asked with each of them. A line of --- begins the next turn."
    )
    for at, template in enumerate(work.templates):
        work.templates[at] = _fields(at, template, work, alone=len(work.templates) == 1)
    with st.container(horizontal=True, vertical_alignment="center", key="templates_save"):
        unsaved = tuple(work.templates) != one.templates
        save = st.button(f"Save as version {one.version + 1}", type="primary", key="save_templates")
        if st.button("Add template", icon=":material/add:", key="add_template"):
            work.templates.append(Template(f"Template {len(work.templates) + 1}"))
            st.rerun()
        if unsaved and st.button("Discard changes", type="tertiary", key="discard_templates"):
            work.anew(one.templates, one.checks)
            st.rerun()
        st.caption(many(len(work.templates), "template"))
    return save and unsaved


def _fields(at: int, template: Template, work: SetWork, *, alone: bool) -> Template:
    stamp = f"template_{work.of}_{work.round}_{len(work.templates)}_{at}"
    with st.container(border=True, key=f"card_template_{at}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Name", template.name, key=f"{stamp}_name", max_chars=80)
            if not alone and st.button(
                "", icon=":material/delete:", type="tertiary", key=f"{stamp}_delete", help="Remove template"
            ):
                del work.templates[at]
                st.rerun()
        text = st.text_area("Prompt", joined(template.turns), key=f"{stamp}_turns", height=100)
        system = st.text_area("System prompt", template.system, key=f"{stamp}_system", height=68)
        if template.verbatim:
            st.caption("The system prompt goes out as it stands: {{braces}} in it mean themselves.")
    return Template(name.strip() or template.name, turns(text or ""), (system or "").strip(), template.verbatim)
