"""Skills: which there are, which are on, and bringing more in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components import state, troubles
from components.dialog import dialog
from components.empty_state import empty_state
from components.error_note import error_note
from components.skills import dialogs, head, importing
from components.skills.cards import skill_cards
from components.skills.words import MODES, many, shown_of
from hub import chat, skills
from hub.errors import HubError, StoreDown
from hub.models import catalogue
from hub.skills.importing import Source
from hub.skills.records import Shown
from hub.turns import Said

who = state.who()
page = state.skills()
TITLES = {
    "upload": "Import skills",
    "git": "Import from a git repository",
    "folder": "Import a folder",
    "draft": "Make a skill from a chat",
    "download": "Download all skills",
}
ABOUT = (
    "A skill is a set of instructions for one kind of task. Models see its name and read the rest when they need it. "
    "Import some, or write one."
)


def finding(find: partial[Source]) -> str:
    """Look for skills somewhere, and keep what is found until the person has decided; why there are none."""
    page.source = None
    try:
        page.source = find()
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    return ""


def take(names: Sequence[str], switch: bool) -> str:
    """Import those that were chosen."""
    try:
        done = skills.import_(who, page.source, only=names, switch=switch)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    off = sum(not one.on and one.new for one in done)
    page.close()
    page.done(f"Imported {many(len(done), 'skill')}." + (f" Switched off: {off}." if off else ""))
    return ""


def make_draft(conversation: str, model: str, wish: str) -> str:
    """Have a model write a skill from a chat, and open it to be read and saved."""
    try:
        talk = chat.open_window(who, conversation, limit=200).messages
        said = [Said(one.id, one.role, one.text, one.created_at, one.model) for one in talk]
        made = skills.draft(who, said, model, wish=wish)
    except HubError as error:
        return f"{error.message} {error.hint}".strip()
    page.write(made.text, from_chat=True)
    cost = "" if made.cost is None else f" It cost ${made.cost:.4f}."
    page.said = f"This is a draft: read it, then save it.{cost}"
    page.go("skill_edit")
    return ""


def open_dialog(word: str) -> None:
    """Draw the dialog that is open."""
    if word == "draft":
        listing = chat.list_conversations(who)
        chats = {one.id: one.title for one in (*listing.pinned, *listing.recent)}
        models = {one.id: one.label for one in catalogue.models(who) if not one.demo}
        body = partial(dialogs.draft_body, chats, models, catalogue.default_model(who) or "", make_draft)
    elif word == "download":
        body = partial(st.download_button, "Download archive", skills.all_as_zip(who), "skills.zip", type="primary")
    else:
        work = importing.Import(
            lambda name, data: finding(partial(skills.from_upload, name, data)),
            lambda address, ref: finding(partial(skills.from_git, address, ref)),
            lambda path: finding(partial(skills.from_folder, who, path)),
            take,
            lambda: skills.look(who, page.source) if page.source else None,
        )
        body = partial(importing.import_body, word, work)
    dialog(TITLES[word], page.close, body, width="medium")


def wish(word: str, about: tuple[str, ...]) -> None:
    """Do what was asked for, then draw the page anew."""
    match word:
        case "new":
            page.write(skills.template())
            page.go("skill_edit")
        case "open":
            page.go("skill", s=about[0])
        case "switch":
            shown = skills.switch(who, about[0], "off" if about[1] == "off" else "on")
            page.done(f"{shown.skill.name} is {MODES[shown.mode].lower()}.")
        case _:
            page.open(word)
    st.rerun()


def draw(all_: Sequence[Shown]) -> None:
    """Everything, once."""
    words, which, asked = head.skills_head(admin=who.role == "admin", any_=bool(all_))
    mounted = skills.directory()
    if mounted.trouble or mounted.refused:
        refused = "; ".join(f"{one.name}: {one.said}" for one in mounted.refused[:5])
        st.warning(f"The mounted directory: {mounted.trouble or refused}", icon=":material/hard_drive:")
    shown = shown_of(all_, words, which)
    if not all_:
        if empty_state("school", "No skills yet", ABOUT, action="Import skills", key="skills"):
            asked = ("upload", ())
    elif shown:
        on = sum(one.mode != "off" for one in all_)
        st.caption(f"{many(len(shown), 'skill')}" + (f" of {len(all_)}" if len(shown) < len(all_) else f", {on} on"))
        asked = skill_cards(shown, revision=page.acts) or asked
    else:
        st.caption("No skill fits. Other words, or “All”, show more.")
    if asked:
        wish(*asked)
    if page.dialog:
        open_dialog(page.dialog)


with st.container(key="page_skills"):
    try:
        draw(skills.skills(who))
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="skills_error")
page.tell()
