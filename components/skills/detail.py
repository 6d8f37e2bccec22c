"""One skill from inside: what it is and costs, what was found in it, its text, its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from components.clock import long_ago
from components.markdown import label
from components.prose_view import prose_view
from components.skills import words
from components.skills.words import MODES, Wish, many
from hub import render
from hub.skills.records import Shown, SkillFile

MORE = {
    "edit": ":material/edit: Edit",
    "update": ":material/sync: Check for an update",
    "evaluate": ":material/labs: Evaluate with and without",
    "share": ":material/group_add: Give to everybody",
    "unshare": ":material/group_remove: Take from everybody",
    "delete": ":material/delete: Delete",
}
LANGUAGES = {"py": "python", "js": "javascript", "ts": "typescript", "sh": "bash", "yml": "yaml", "rb": "ruby"}


def skill_head(one: Shown, archive: Callable[[], bytes], *, admin: bool) -> Wish | None:
    """Name, switch and actions; what was asked for."""
    skill = one.skill
    asked: Wish | None = None
    if st.button("All skills", icon=":material/arrow_back:", type="tertiary", key="skill_back"):
        asked = ("back", ())
    with st.container(horizontal=True, vertical_alignment="center", key="skill_head"):
        st.title(label(skill.name), anchor=False, width="stretch")
        if st.button("Try it", icon=":material/play_arrow:", type="primary", key="skill_try"):
            asked = ("try", (skill.id,))
        st.download_button(
            "Download",
            archive,
            f"{skill.name}.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            key="skill_download",
        )
        word = st.menu_button(
            "More",
            _possible(one, admin),
            key="skill_more",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=MORE.__getitem__,
        )
        asked = (word, (skill.id,)) if word else asked
    st.markdown(label(skill.description))
    return _switch(one) or asked


def _possible(one: Shown, admin: bool) -> list[str]:
    if not one.mine:
        return ["evaluate"]
    git = ["update"] if one.skill.origin.kind == "git" else []
    share = ["unshare" if one.skill.everybody != "off" else "share"] if admin else []
    return ["edit", *git, "evaluate", *share, "delete"]


def _switch(one: Shown) -> Wish | None:
    key = f"skill_mode_{one.skill.id}_{one.mode}"
    chosen = st.segmented_control(
        "For me",
        list(MODES),
        default=one.mode,
        required=True,
        format_func=MODES.__getitem__,
        key=key,
        label_visibility="collapsed",
    )
    return ("switch", (one.skill.id, chosen)) if chosen and chosen != one.mode else None


def facts(one: Shown, now: datetime) -> None:
    """What it costs, where it came from, what it asks for."""
    skill = one.skill
    used = f"used {many(one.uses, 'time')}" if one.uses else "not used yet"
    last = f", last {long_ago(one.last_used, now)}" if one.last_used else ""
    lines = [
        f":material/toll: {skill.line_tokens:,} tokens in the catalogue · {skill.body_tokens:,} when it is loaded · "
        f"{skill.file_tokens:,} in {many(len(skill.files), 'file')}, each when it is read",
        f":material/{words.KINDS[skill.origin.kind][1]}: {label(words.origin(skill))} · version {skill.version} · "
        f"{label(words.license_of(skill))} · {used}{last}",
    ]
    if skill.compatibility:
        lines.append(f":material/deployed_code: Needs: {label(skill.compatibility)}")
    if skill.allowed_tools:
        lines.append(
            f":material/build: Asks for these tools: {label(skill.allowed_tools)}. This is a request and grants "
            "nothing."
        )
    if skill.scripts:
        lines.append(f":material/terminal: {many(len(skill.scripts), 'script')}. They are shown here and never run.")
    if skill.quiet:
        lines.append(f":material/front_hand: No model loads it by itself: write ${skill.name} in a message.")
    st.caption("  \n".join(lines))


def troubles_of(one: Shown) -> None:
    """What was found in it, and which rules it breaks."""
    if found := one.skill.findings:
        off = " It is off until you switch it on." if one.mode == "off" else ""
        st.warning(
            f"**{many(len(found), 'finding')} to look at before you rely on this skill.**{off}",
            icon=":material/warning:",
        )
        here = st.session_state.get("part") in {None, "Text"}
        with st.expander("What was found", expanded=here and one.mode == "off", type="compact"):
            for each in found:
                st.markdown(words.finding(each))
    if one.skill.warnings:
        with st.expander(f"{many(len(one.skill.warnings), 'warning')} of the format", type="compact"):
            for problem in one.skill.warnings:
                st.markdown(f"- {words.problem(problem)}")


def text_view(body: str) -> None:
    """The body as it reads."""
    if body.strip():
        prose_view(render.markdown(body), key="skill_text")
    else:
        st.caption("This skill has no text below its fields.")


def files_view(one: Shown, read: Callable[[str], str | None]) -> Wish | None:
    """The files; one of them open. `read` gives the text of one, None where it is none. What was asked for."""
    files = one.skill.files
    asked = _add(one) if one.mine else None
    if not files:
        st.caption("This skill is its SKILL.md alone.")
        return asked
    by_path: Mapping[str, SkillFile] = {file.path: file for file in files}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = st.selectbox("File", list(by_path), format_func=lambda name: _named(by_path[name]), key="skill_file")
        if path and one.mine and st.button("Remove file", icon=":material/delete:", key="skill_file_remove"):
            asked = ("remove", (one.skill.id, path))
    if path and path in by_path:
        _content(path, read(path))
    return asked


def _named(file: SkillFile) -> str:
    size = f"{file.size:,} bytes" if file.tokens is None else f"{file.tokens:,} tokens"
    return f"{file.path} · {size}"


def _content(path: str, text: str | None) -> None:
    ending = path.rsplit(".", 1)[-1].lower()
    if text is None:
        st.caption("This file is no text, so it is not shown.")
    elif ending in {"md", "markdown"}:
        prose_view(render.markdown(text), key="skill_file_text")
    else:
        st.code(text, language=LANGUAGES.get(ending, ending), line_numbers=True, height=480)


def _add(one: Shown) -> Wish | None:
    with st.expander("Add files", icon=":material/note_add:", type="compact"):
        place = st.selectbox("Into", FOLDERS, key="skill_add_place")
        given = st.file_uploader("Files", accept_multiple_files=True, key=f"skill_add_{one.skill.version}")
        named = given if isinstance(given, Sequence) else []
        if named and st.button(f"Add {many(len(named), 'file')}", type="primary", key="skill_add_do"):
            return "add", (one.skill.id, place or FOLDERS[0])
    return None


FOLDERS = ("references", "assets", "scripts")
