"""How the hub behaves for one person: chat, prompts and presets, account. For admins: people, state of the hub."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from components import account_forms, finding_list, settings_search, state, troubles
from components.account_forms import SessionRow
from components.clock import long_ago, viewer_now
from components.error_note import error_note
from components.group_bar import group_bar
from components.notify_group import notify_group
from components.people_group import Account, Act, Outcome, people_group
from components.preferences_form import preferences_form
from components.prompt_form import Draft
from components.prompts_group import Kept, prompts_group
from hub import __version__, notify, people
from hub.chat import preferences, presets, prompts
from hub.chat.records import Prompt
from hub.db import health
from hub.errors import HubError, StoreDown, tried
from hub.models import catalogue
from hub.settings import forced, settings
from hub.web.identity import COOKIE, known_people

who, page = state.who(), state.settings()


def keep(name: str, value: Any) -> None:
    """Keep one preference; the row says what came of it."""
    page.kept = state.Kept(name, tried(lambda: preferences.change(who, **{name: value})))


def show_chat(only: Collection[str] | None = None) -> None:
    """Preferences, or only some of them."""
    preferences_form(preferences.get(who), catalogue.models(who), page.kept, keep, only=only)
    if only is None:
        st.caption("Ctrl+/ lists the keyboard shortcuts.")


def save(draft: Draft) -> str:
    """Keep a prompt; what was wrong with it."""
    return tried(lambda: prompts.save(who, draft.name, draft.text, draft.description, id=page.editing or None))


def remove(gone: Kept) -> None:
    """Delete a prompt or a preset."""
    (prompts if isinstance(gone, Prompt) else presets).remove(who, gone.id)


def restore(gone: Kept) -> None:
    """Store again what was just deleted."""
    if isinstance(gone, Prompt):
        prompts.save(who, gone.name, gone.text, gone.description)
    else:
        presets.save(who, gone.name, gone.model, gone.params, gone.system_prompt)


def show_prompts() -> None:
    """Prompts behind the slash, and presets."""
    prompts_group(prompts.all_prompts(who), presets.all_presets(who), page, save, remove, restore)


def show_account() -> None:
    """Who is signed in, if the hub has accounts, and where one is told of things."""
    if people.any_person():
        show_signed_in()
    else:
        account_forms.no_accounts()
    notify_group(
        notify.channels(who),
        viewer_now(),
        lambda name, url: tried(lambda: notify.add(who, name, url)),
        lambda channel: tried(lambda: notify.test(who, channel)),
        lambda channel: tried(lambda: notify.remove(who, channel)),
    )


def show_signed_in() -> None:
    """Name, sessions and password."""
    known, now = people.sessions(who, token=str(st.context.cookies.get(COOKIE, ""))), viewer_now()
    account_forms.signed_in(who.name, who.role)
    rows = [SessionRow(one.id, one.device, one.address, long_ago(one.seen_at, now), one.current) for one in known]
    if ended := account_forms.session_list(rows):
        people.revoke(who, ended)
        st.rerun()
    if sent := account_forms.password_form():
        people.change_password(who, *sent, keep_session=next((one.id for one in known if one.current), ""))
        st.success("The password is changed; every other session has ended.", icon=":material/check_circle:")


def perform(act: Act) -> Outcome:
    """Do what an admin wants with an account."""
    try:
        match act.do:
            case "create":
                return Outcome(f"{people.create_account(who, act.name, act.password, act.role).name} can sign in now.")
            case "reset":
                return Outcome(people.reset_password(who, act.id))
            case "delete":
                people.delete_account(who, act.id)
                return Outcome("The account is deleted, with everything in it.")
            case role:
                people.change_role(who, act.id, role)
                return Outcome("The role is changed.")
    except HubError as error:
        return Outcome(problem=error.sentence)
    finally:
        known_people.forget_person(act.id)


def show_people() -> None:
    """Accounts, for admins; below them what the environment says about who may come in."""
    now, found = viewer_now(), people.list_people(who)
    rows = [Account(p.id, p.name, p.role, long_ago(p.created_at, now), p.id == who.id, p.leaving) for p in found]
    people_group(rows, page, perform)
    finding_list.forced([one for one in set_outside() if one[0] in ("HUB_AUTH", "HUB_HOST")], title="Forced sign-in")


def set_outside() -> list[tuple[str, str, str]]:
    """What the environment forces, for admins."""
    return [(one.variable, one.value, one.meaning) for one in forced()] if who.role == "admin" else []


def show_about() -> None:
    """Version, where data lives, the state of the stores, what the environment sets."""
    st.markdown(f"LLM Hub {__version__} on Streamlit {st.__version__}")
    if who.role == "admin":
        st.markdown(f"Everything it keeps is in `{settings().data.absolute()}`.")
        with st.container(horizontal=True, gap="small"):
            if st.button("Manage plugins", icon=":material/extension:", key="manage_plugins"):
                st.switch_page(state.script("plugins"), query_params={})
            if st.button("See jobs", icon=":material/pending_actions:", key="see_jobs"):
                st.switch_page(state.script("jobs"), query_params={})
        with st.spinner("Looking at every part"):
            finding_list.findings([(one.name, one.good, one.says, one.todo) for one in health.parts()])
        finding_list.forced(set_outside())


with st.container(key="page_settings"):
    st.title("Settings", anchor=False)
    try:
        shown = {"Chat": show_chat, "Prompts": show_prompts, "Account": show_account}
        if who.role == "admin" and people.any_person():
            shown["People"] = show_people
        shown["About"] = show_about
        words = settings_search.search_box()
        group = group_bar("Group", list(shown), key="group", disabled=bool(words))
        if not words:
            shown[group]()
        else:
            settings_search.found(words, shown, set_outside(), show_chat, bar="group")
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="settings_error")
