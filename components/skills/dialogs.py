"""Small dialogs about skills: a draft from a chat, an update to look at, an evaluation, deleting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from components.markdown import label
from components.skills import words
from components.skills.parts import changes_view
from components.skills.words import many
from hub.skills.records import Shown, Update


def draft_body(
    chats: Mapping[str, str], models: Mapping[str, str], chosen: str, make: Callable[[str, str, str], str]
) -> None:
    """Make a skill of what was done in a chat; `make` writes the draft and opens it, or says why not."""
    if not chats or not models:
        st.caption("This needs a chat with an answer in it, and a model.")
        return
    st.caption("A model reads the newest messages of the chat and writes a draft. Nothing is saved before you do it.")
    chat = st.selectbox("Chat", list(chats), format_func=chats.__getitem__, key="skill_draft_chat")
    at = list(models).index(chosen) if chosen in models else 0
    model = st.selectbox("Model", list(models), index=at, format_func=models.__getitem__, key="skill_draft_model")
    wish = st.text_input("What it should be about", placeholder="Optional", max_chars=500, key="skill_draft_wish")
    if st.button("Draft skill", type="primary", key="skill_draft_do") and chat and model:
        with st.spinner("Writing a draft"):
            problem = make(chat, model, wish or "")
        if problem:
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()


def update_body(look: Callable[[], Update | str], take: Callable[[str], str]) -> None:
    """What the repository has now; it is taken at that commit, or not."""
    with st.spinner("Fetching the repository"):
        found = look()
    if isinstance(found, str):
        st.error(found, icon=":material/error:")
        return
    if not found.changes:
        st.success("It is up to date.", icon=":material/check_circle:")
        return
    st.markdown(f"{many(len(found.changes), 'file')} changed at commit `{found.commit[:12]}`.")
    if found.findings:
        st.warning(f"{many(len(found.findings), 'finding')} in the new version.", icon=":material/warning:")
        for one in found.findings:
            st.markdown(words.finding(one))
    changes_view(found.changes)
    if st.button("Take this update", type="primary", key="skill_update_do"):
        problem = take(found.commit)
        if problem:
            st.error(problem, icon=":material/error:")
        else:
            st.rerun()


def delete_body(one: Shown, do: Callable[[], None]) -> None:
    """Ask before a skill goes."""
    gone = " Everybody loses it." if one.skill.everybody != "off" else ""
    goes = f"**{label(one.skill.name)}** goes, with {many(one.skill.version, 'version')}."
    st.markdown(f"{goes}{gone} You can undo this for a day.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Delete skill", type="primary", key="skill_delete_do"):
            do()
            st.rerun()
