"""Writing a skill: a new one, or a new version of one that is there."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.skills.editor import editor, unsaved_view
from hub import chat, skills
from hub.errors import BadInput, HubError, NotFound, StoreDown
from hub.skills.records import Shown, Unsaved

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
    """The editor, over a skill or over a new one; before it, the draft that was not saved."""
    shown = skills.get(who, id_) if id_ else None
    if page.editing != id_:
        page.write(skill=id_)
    newest = shown.skill.version if shown else 0
    page.base = page.base or newest
    saved = skills.version(who, id_, page.base).text if id_ else skills.template()
    if not page.settled and not settled(id_, saved, newest):
        return
    text = page.draft or saved
    title = f"Edit {shown.skill.name}" if shown else "New skill"
    asked = editor(title, text, f"skill_editor_{page.edits}", skills.check_text, chat.tokens, page.save)
    if asked[0] == "leave":
        leave(id_, *(("skill",) if id_ else ("skills",)), **({"s": id_} if id_ else {}))
    elif page.saving:
        page.saving = False
        if made := save(id_, asked[1][0]):
            page.done(f"Saved {made.skill.name}, version {made.skill.version}.")
            leave(id_, "skill", s=made.skill.id)
    keep(id_, asked[1][0], saved)


def settled(id_: str, saved: str, newest: int) -> bool:
    """Whether there is no draft to ask about; what is answered is done."""
    kept = skills.unsaved(who, id_)
    if kept is None or kept.text in {saved, page.draft}:
        page.settled, page.kept = True, kept.text if kept else ""
        return True
    st.title("Edit skill" if id_ else "New skill", anchor=False)
    asked = unsaved_view(kept, bool(id_) and kept.base != newest, viewer_now())
    if asked == "restore":
        page.write(kept.text, skill=id_, base=kept.base, from_chat=kept.from_chat)
        page.kept = kept.text
    elif asked == "discard":
        skills.drop(who, id_)
    if asked:
        page.settled = True
        st.rerun()
    return False


def keep(id_: str, text: str, saved: str) -> None:
    """Keep what is written, so that a reload does not lose it."""
    if text == page.kept or (text == saved and not page.kept):
        return
    if text == saved:
        skills.drop(who, id_)
        page.kept = ""
        return
    try:
        skills.keep(who, id_, Unsaved(text, page.base, page.from_chat))
        page.kept = text
    except BadInput as error:
        st.caption(f"{error.message} {error.hint}")


def leave(id_: str, name: str, **query: str) -> None:
    """Go, with nothing left unsaved."""
    skills.drop(who, id_)
    page.write()
    page.go(name, **query)


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
