"""One prompt set: its rows, templates and checks, and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import state, troubles
from components.error_note import error_note
from components.evaluate import bringing, heads, set_checks, set_rows, set_templates, set_versions
from components.evaluate.words import many
from hub import evals
from hub.errors import HubError, StoreDown
from hub.evals.checks import KINDS
from hub.evals.records import PromptSet, Row, SetDraft

who = state.who()
page = state.evaluate()
work = page.work


def show(one: PromptSet) -> None:
    """One set, in the part that is chosen."""
    work.begin((one.id, one.version), one.templates, one.checks)
    about = " · ".join(filter(None, [f"Version {one.version}", many(one.rows, "row"), one.description]))
    parts = ["Rows", "Templates", "Checks", "Versions"]
    leaving, part, slot = heads.set_head(one.name, about, parts, key=one.id)
    if leaving:
        page.go(view="Prompt sets")
    with slot:
        actions(one)
    if part == "Rows":
        show_rows(one)
    elif part == "Templates":
        if set_templates.set_templates(one, work):
            save(replace(evals.draft_of(who, one.id), templates=tuple(work.templates)), one.version)
    elif part == "Checks":
        if set_checks.set_checks(one, KINDS, work):
            save(replace(evals.draft_of(who, one.id), checks=tuple(work.checks)), one.version)
    else:
        set_versions.set_versions(evals.versions(who, one.id), lambda old, new: change(one, old, new), restore)
    if part != "Rows" and work.problem and error_note(*work.problem, action="Load the newest version", key="moved"):
        newest(one.id)


def actions(one: PromptSet) -> None:
    """What can be done with the whole set."""
    st.download_button(
        "Download",
        lambda: evals.write_set(who, one.id),
        f"{one.name}.yaml",
        "application/yaml",
        icon=":material/download:",
        on_click="ignore",
        key="set_download",
    )
    if st.button("Run on models", icon=":material/play_arrow:", key="set_run", disabled=not one.rows):
        page.ask(page.new.models, one.id)
        page.go("evaluate_new", set=one.id)


def show_rows(one: PromptSet) -> None:
    """The table, and what it was asked for."""

    def read(first: int, count: int) -> Sequence[Row]:
        return evals.set_rows(who, one.id, first=first, count=count)

    def keep(before: Sequence[Row], after: Sequence[Row]) -> None:
        draft = evals.draft_of(who, one.id)
        first = next((at for at, row in enumerate(draft.rows) if before and row.id == before[0].id), len(draft.rows))
        rows = (*draft.rows[:first], *after, *draft.rows[first + len(before) :])
        save(replace(draft, rows=rows), one.version)

    asked = set_rows.set_rows(one, read, work, keep)
    if asked == "file":
        bringing.add_file(read_file, lambda draft: take(one, draft))
    elif asked == "paste":
        bringing.add_paste(lambda draft: take(one, draft))
    elif asked == "load":
        newest(one.id)


def read_file(name: str, data: bytes) -> bringing.Imported | str:
    """A file, or why it cannot be read."""
    try:
        return evals.read_set(name, data)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()


def take(one: PromptSet, draft: SetDraft) -> str:
    """Add rows to the set."""
    try:
        evals.add_rows(who, one.id, draft.rows)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.said = f"{many(len(draft.rows), 'row')} added"
    return ""


def save(draft: SetDraft, expect: int) -> None:
    """Make the next version; what keeps it from being made is shown, and what was written stays."""
    try:
        saved = evals.save_set(who, st.query_params["set"], draft, expect)
    except HubError as error:
        work.problem = (error.message, error.hint)
    else:
        page.said = f"Saved version {saved.version}"
        work.problem = None
    st.rerun()


def restore(version: int) -> None:
    """Make an older version the newest again."""
    id_ = st.query_params["set"]
    save(evals.draft_of(who, id_, version), evals.get_set(who, id_).version)


def change(one: PromptSet, old: int, new: int) -> set_versions.Change:
    """What differs between two versions."""
    return set_versions.change(evals.draft_of(who, one.id, old), evals.draft_of(who, one.id, new))


def newest(id_: str) -> None:
    """Begin again with what is stored."""
    found = evals.get_set(who, id_)
    work.anew(found.templates, found.checks)
    st.rerun()


with st.container(key="page_evaluate_set"):
    try:
        show(evals.get_set(who, st.query_params.get("set", "")))
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        if error_note(error.message, error.hint, action="All prompt sets", key="set_error"):
            page.go(view="Prompt sets")
page.tell()
