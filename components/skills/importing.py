"""Bringing skills in: where from, what would come, and what was found in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.markdown import label
from components.skills import words
from components.skills.words import many
from hub.skills.records import Imported

SIGNS = {
    "imported": ":green[:material/check_circle:]",
    "imported with warnings": ":orange[:material/warning:]",
    "refused": ":red[:material/block:]",
}
MOST = 200


@dataclass(frozen=True, slots=True)
class Import:
    """What an import dialog needs. `upload`, `git` and `folder` find skills and keep what was found, or say why there
    are none; `found` gives what was found last; `take` imports those of these names."""

    upload: Callable[[str, bytes], str]
    git: Callable[[str, str], str]
    folder: Callable[[str], str]
    take: Callable[[Sequence[str], bool], str]
    found: Callable[[], Sequence[Imported] | None]


def import_body(kind: str, work: Import) -> None:
    """The dialog's inside: where from, then what was found there."""
    problem = {"upload": _upload, "git": _git, "folder": _folder}[kind](work)
    if problem:
        st.error(problem, icon=":material/error:")
    elif (found := work.found()) is not None:
        _found(found, work.take)


def _upload(work: Import) -> str:
    file: Any = st.file_uploader("A .zip or .skill archive, or a SKILL.md", ["zip", "skill", "md"], key="skill_upload")
    return work.upload(file.name, file.getvalue()) if file else ""


def _git(work: Import) -> str:
    with st.form("skill_git", border=False):
        address = st.text_input("Address", placeholder="https://github.com/obra/superpowers", key="skill_git_url")
        ref = st.text_input("Branch, tag or commit", placeholder="Optional", key="skill_git_ref")
        look = st.form_submit_button("Look at the repository")
    if not look:
        return ""
    with st.spinner("Fetching the repository"):
        return work.git(address or "", ref or "")


def _folder(work: Import) -> str:
    with st.form("skill_folder", border=False):
        path = st.text_input("Folder on the hub's machine", placeholder="/srv/skills", key="skill_folder_path")
        look = st.form_submit_button("Look into the folder")
    return work.folder(path or "") if look else ""


def _found(found: Sequence[Imported], take: Callable[[Sequence[str], bool], str]) -> None:
    usable = [one for one in found if one.state != "refused" and not one.same]
    refused = sum(one.state == "refused" for one in found)
    same = sum(one.same for one in found)
    said = [many(len(usable), "skill") + " to import"]
    said += [f"{same} there already"] * bool(same) + [f"{refused} refused"] * bool(refused)
    st.markdown(f"**{', '.join(said)}**")
    with st.container(height=320 if len(found) > 4 else "content", key="skill_found"):
        chosen = [one.name for one in found[:MOST] if _row(one)]
        if len(found) > MOST:
            st.caption(f"And {len(found) - MOST} more, which are taken too.")
            chosen += [one.name for one in found[MOST:] if one in usable]
    switch = st.checkbox("Switch on those without findings", value=True, key="skill_switch_on") if usable else False
    if usable and st.button(
        f"Import {many(len(chosen), 'skill')}", type="primary", disabled=not chosen, key="skill_import_do"
    ):
        with st.spinner("Importing"):
            problem = take(chosen, switch)
        if problem:
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()


def _row(one: Imported) -> bool:
    """One skill of an import; whether it is to be taken."""
    usable = one.state != "refused" and not one.same
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if usable:
            taken = st.checkbox(label(one.name), value=True, key=f"skill_take_{one.path}_{one.name}")
        else:
            taken = False
            st.markdown(f"{SIGNS[one.state] if not one.same else ':material/done:'} {label(one.name)}")
        st.caption(label(one.said))
    for finding in one.findings:
        st.markdown(f":red[:material/warning:] {words.finding(finding)}")
    if one.warnings and one.state != "refused":
        st.caption(":material/rule: " + " ".join(words.problem(each) for each in one.warnings))
    return taken
