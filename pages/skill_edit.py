"""Writing a skill: a new one, or a new version of one that is there."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.error_note import error_note
from components.skills.editor import editor
from hub import chat, skills
from hub.errors import HubError, NotFound, StoreDown
from hub.skills.records import Shown

who, page = state.who(), state.skills()


def save(id_: str, text: str) -> Shown | None:
    """Keep what was written; None where it could not be, which is said."""
    try:
        if id_:
            return skills.save(who, id_, text, base=page.base)
        return skills.create(who, text, kind="chat" if page.from_chat else "written")
    except HubError as error:
        error_note(error.message, error.hint, key="skill_save_error")
        return None


def edit(id_: str) -> None:
    """The editor, over a skill or over a new one."""
    shown = skills.get(who, id_) if id_ else None
    if not page.base and shown:
        page.base = shown.skill.version
    text = skills.version(who, id_, page.base).text if id_ else page.draft or skills.template()
    title = f"Edit {shown.skill.name}" if shown else "New skill"
    asked = editor(title, text, f"skill_editor_{page.edits}", skills.check_text, chat.tokens, page.save)
    if page.saving and asked[0] == "text":
        page.saving = False
        if saved := save(id_, asked[1][0]):
            page.write()
            page.done(f"Saved {saved.skill.name}, version {saved.skill.version}.")
            page.go("skill", s=saved.skill.id)
    elif asked[0] == "leave":
        page.write()
        page.go(*(("skill",) if id_ else ("skills",)), **({"s": id_} if id_ else {}))


with st.container(key="page_skill_edit"):
    try:
        edit(st.query_params.get("s", ""))
    except NotFound as error:
        if error_note(error.message, error.hint, action="All skills", key="skill_gone"):
            page.go("skills")
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="skill_edit_error")
page.tell()
