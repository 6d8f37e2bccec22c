"""One skill from inside: read it, see what it costs and what was found in it, edit it, go back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.dialog import dialog
from components.error_note import error_note
from components.group_bar import group_bar
from components.skills import detail, dialogs, parts, trial
from components.skills.words import many
from hub import agents, evals, files, projects, skills
from hub.errors import BadInput, HubError, NotFound, StoreDown
from hub.evals.records import CheckData, Row
from hub.skills.records import Given, Shown, Update

who, page, shell, now = state.who(), state.skills(), state.shell(), viewer_now()
admin = who.role == "admin"
PARTS = ("Text", "Files", "Versions", "Where it is on")


def wish(word: str, about: tuple[str, ...]) -> None:
    """Do what was asked for, then draw the page anew."""
    match word:
        case "back":
            page.go("skills")
        case "try":
            page.try_(about[0])
        case "edit":
            page.write(skill=about[0])
            page.go("skill_edit", s=about[0])
        case "delete" | "update" | "evaluate":
            page.open(word)
        case _:
            page.done(tried(word, about))
    st.rerun()


def tried(word: str, about: tuple[str, ...]) -> str:
    """What came of it, in a sentence."""
    try:
        if word == "add":
            given: Any = st.session_state.get(f"skill_add_{skills.get(who, about[0]).skill.version}") or []
            return skills.add_files(who, *about, {one.name: one.getvalue() for one in given})
        return skills.act(who, word, about)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()


def open_dialog(one: Shown) -> None:
    """Draw the dialog that is open."""
    id_ = one.skill.id
    match page.dialog:
        case "delete":
            dialog("Delete skill", page.close, partial(dialogs.delete_body, one, partial(delete, one)))
        case "update":
            body = partial(dialogs.update_body, partial(look, id_), partial(update, id_))
            dialog("Check for an update", page.close, body, width="large")
        case _:
            sets = {each.id: f"{each.name} · {many(each.rows, 'row')}" for each in evals.sets(who) if each.rows}
            given = skills.given(who, one.skill)
            body = partial(trial.trial_body, own(one), given, sets, partial(evaluate, one, given))
            dialog("Evaluate with and without", page.close, body)


def delete(one: Shown) -> None:
    """Delete it; the undo bar takes it back."""
    skills.delete(who, one.skill.id)
    shell.offer(f"Deleted the skill “{one.skill.name}”", "restore_skill", one.skill.id)
    page.close()
    page.go("skills")


def look(id_: str) -> Update | str:
    """What the repository has now, fetched once for a dialog."""
    if page.source is None:
        try:
            page.source = skills.updates(who, id_)
        except HubError as error:
            page.source = f"{error.message} {error.hint}".strip()
    return page.source


def update(id_: str, commit: str) -> str:
    """Take what was looked at."""
    try:
        skills.update(who, id_, commit)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.close()
    page.done("Updated. The version before can be brought back.")
    return ""


def own(one: Shown) -> int | str:
    """How many cases the skill brings, or why they cannot be read."""
    try:
        return len(skills.cases(who, one.skill))
    except BadInput as error:
        return f"{error.message} {error.hint}".strip()


def evaluate(one: Shown, given: Given, chosen: str, prompts: str, good: str) -> str:
    """Make a prompt set that asks each row with the skill and without it, and go on in Evaluate."""
    try:
        of, rows, checks = asked_rows(one, chosen, prompts, good)
        if not rows:
            return "Write a prompt first, one a line."
        made = evals.create_set(who, trial.both_ways(one.skill, given, of, rows, checks))
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.close()
    page.go("evaluate_new", set=made.id)
    return ""


def asked_rows(one: Shown, chosen: str, prompts: str, good: str) -> tuple[str, Sequence[Row], Sequence[CheckData]]:
    """What the prompts are called, the rows, and the checks of all of them."""
    match chosen:
        case trial.OWN:
            cases = skills.cases(who, one.skill)
            given = skills.case_files(who, one.skill, cases)
            stored = {path: files.add(who, path, data).id for path, data in given.items()}
            return "own cases", trial.own_rows(cases, stored), ()
        case trial.NEW:
            return "new prompts", trial.new_rows(prompts), trial.judged(good)
        case _:
            home = evals.get_set(who, chosen)
            return home.name, evals.set_rows(who, chosen, count=None), home.checks


def show(one: Shown) -> None:
    """The skill, and the part of it that is open."""
    asked = detail.skill_head(one, partial(skills.as_zip, who, one.skill.id), admin=admin)
    detail.troubles_of(one)
    detail.facts(one, now)
    id_ = one.skill.id
    match group_bar("Part", PARTS, key="part"):
        case "Files":
            asked = detail.files_view(one, lambda path: skills.file_text(who, id_, path)) or asked
        case "Versions":
            diff = partial(skills.diff, who, id_)
            asked = parts.versions_view(one, skills.versions(who, id_), diff, now) or asked
        case "Where it is on":
            names = {each.id: each.spec.name for each in agents.visible(who)}
            asked = parts.where_view(one, projects.names(who), names, admin=admin) or asked
        case _:
            detail.text_view(skills.body(who, one.skill))
    if asked:
        wish(*asked)
    if page.dialog:
        open_dialog(one)


with st.container(key="page_skill"):
    try:
        show(skills.get(who, st.query_params.get("s", "")))
    except NotFound as error:
        if error_note(error.message, error.hint, action="All skills", key="skill_gone"):
            page.go("skills")
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="skill_error")
page.tell()
