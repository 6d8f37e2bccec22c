"""How the hub behaves for one person: chat, prompts and presets, account. For admins: people, state of the hub."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import account_forms, finding_list, prompt_form, state, troubles
from components.account_forms import SessionRow
from components.clock import long_ago, viewer_now
from components.empty_state import empty_state
from components.error_note import error_note
from components.group_bar import group_bar
from components.preferences_form import preferences_form
from hub import __version__, people
from hub.chat import preferences, presets, prompts
from hub.chat.records import Preset, Prompt
from hub.db import health
from hub.errors import HubError, StoreDown
from hub.models import catalogue
from hub.settings import forced, settings
from hub.web.identity import COOKIE

who, page = state.who(), state.settings()


def keep(name: str, value: Any) -> None:
    """Keep one preference; the row says what came of it."""
    page.kept = state.Kept(name)
    try:
        preferences.change(who, **{name: value})
    except HubError as error:
        page.kept = state.Kept(name, error.message)


def show_chat() -> None:
    """Preferences of chatting."""
    preferences_form(preferences.get(who), catalogue.models(who), page.kept, keep)
    st.caption("Ctrl+/ lists the keyboard shortcuts.")


def save(draft: prompt_form.Draft) -> str:
    """Keep a prompt; what was wrong with it, if anything."""
    try:
        prompts.save(who, draft.name, draft.text, draft.description, id=page.editing or None)
    except HubError as error:
        return f"{error.message} {error.hint}"
    return ""


def close() -> None:
    """The form of a prompt is done with."""
    page.editing = None


def show_prompts() -> None:
    """Prompts behind the slash, and presets."""
    if page.gone and prompt_form.gone_note(page.gone):
        take_back()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Prompts", anchor=False, width="content")
        if st.button("Add prompt", icon=":material/add:", type="primary"):
            page.editing = ""
    st.caption("Type / in a chat and choose one. Words in {{double braces}} are asked for.")
    known, saved = prompts.all_prompts(who), presets.all_presets(who)
    asked = prompt_form.prompt_list(known)
    if not known:
        empty_state("edit_note", "No prompts yet", "Texts that you use often stand here.", key="prompts")
    st.subheader("Presets", anchor=False)
    st.caption("A model with parameters and a system prompt. Save one from the parameters of a chat.")
    unwanted = prompt_form.preset_list(saved)
    if not saved:
        empty_state("tune", "No presets yet", "Adjust a chat, then save its values under a name.", key="presets")
    if asked and asked[0] == "edit":
        page.editing = asked[1].id
    elif asked or unwanted:
        delete(asked[1] if asked else unwanted)
    if page.editing is not None:
        prompt_form.prompt_dialog(next((one for one in known if one.id == page.editing), None), save, close)


def delete(gone: Prompt | Preset | None) -> None:
    """Delete a prompt or a preset; it can be taken back until the next is deleted."""
    if gone:
        (prompts if isinstance(gone, Prompt) else presets).remove(who, gone.id)
        page.gone = gone
        st.rerun()


def take_back() -> None:
    """Stores again what was just deleted."""
    gone, page.gone = page.gone, None
    if isinstance(gone, Prompt):
        prompts.save(who, gone.name, gone.text, gone.description)
    elif gone:
        presets.save(who, gone.name, gone.model, gone.params, gone.system_prompt)
    st.rerun()


def show_account() -> None:
    """Name, sessions and password; a hub with one owner has none of them."""
    if not people.any_person():
        account_forms.no_accounts()
        return
    known, now = people.sessions(who, token=str(st.context.cookies.get(COOKIE, ""))), viewer_now()
    account_forms.signed_in(who.name, who.role)
    rows = [SessionRow(one.id, one.device, one.address, long_ago(one.seen_at, now), one.current) for one in known]
    ended = account_forms.session_list(rows)
    if ended:
        people.revoke(who, ended)
        st.rerun()
    sent = account_forms.password_form()
    if sent:
        people.change_password(who, *sent, keep_session=next((one.id for one in known if one.current), ""))
        st.success("The password is changed; every other session has ended.", icon=":material/check_circle:")


def show_people() -> None:
    """Accounts, for admins."""
    account_forms.people_list([(one.name, one.role) for one in people.list_people(who)])
    sent = account_forms.person_form()
    if sent:
        st.toast(f"{people.create_account(who, *sent).name} can sign in now.", icon=":material/check_circle:")
        st.rerun()


def show_about() -> None:
    """Version, where data lives, the state of the stores, what the environment sets."""
    st.markdown(f"LLM Hub {__version__} on Streamlit {st.__version__}")
    if who.role == "admin":
        st.markdown(f"Everything it keeps is in `{settings().data.absolute()}`.")
        with st.spinner("Looking at every part"):
            finding_list.findings([(one.name, one.good, one.says, one.todo) for one in health.parts()])
        finding_list.forced([(one.variable, one.value, one.meaning) for one in forced()])


with st.container(key="page_settings"):
    st.title("Settings", anchor=False)
    try:
        shown = {"Chat": show_chat, "Prompts": show_prompts, "Account": show_account}
        if who.role == "admin" and people.any_person():
            shown["People"] = show_people
        shown["About"] = show_about
        shown[group_bar("Group", list(shown), key="group")]()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="settings_error")
