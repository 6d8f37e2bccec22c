"""Accounts as an admin sees them: what can be done with each, and the dialogs that ask first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from components.account_forms import person_form, plain
from components.state import SettingsState

Do = Literal["create", "admin", "member", "reset", "delete"]
_WORDS = {"admin": "Make admin", "member": "Make member", "reset": "Reset password", "delete": "Delete account"}


@dataclass(frozen=True, slots=True)
class Account:
    """An account in the list; `own` is that of the admin who looks, `leaving` one whose deletion broke off."""

    id: str
    name: str
    role: str
    made: str
    own: bool = False
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What an admin wants done: with the account `id`, or for "create" with the words of the form."""

    do: Do
    id: str = ""
    name: str = ""
    password: str = ""
    role: Literal["admin", "member"] = "member"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a sentence (for "reset" the new password), or the problem."""

    said: str = ""
    problem: str = ""


Perform = Callable[[Act], Outcome]


def people_group(accounts: Sequence[Account], page: SettingsState, perform: Perform) -> None:
    """The list, the dialog that is open, and the form for one more."""
    st.subheader("Accounts", anchor=False)
    for account in accounts:
        asked = _row(account)
        if asked in ("reset", "delete"):
            page.person = (asked, account.id)
        elif asked:
            _tell(perform(Act(asked, account.id)))
    if page.person:
        _dialog(accounts, page, perform)
    sent = person_form(key=f"person{page.made or ''}")
    if sent and _tell(perform(Act("create", name=sent[0], password=sent[1], role=sent[2])), again=False):
        page.made += 1
        st.rerun()


def _row(account: Account) -> Do | None:
    """One account; what was asked for with it."""
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, gap="small", key=f"row_person_{account.id}"
    ):
        with st.container(gap=None):
            st.markdown(f"**{plain(account.name)}**" + ("  :gray-badge[you]" if account.own else ""))
            st.caption("Its deletion broke off. Delete it again." if account.leaving else f"made {account.made}")
        st.badge(account.role.capitalize(), color="gray", width="content")
        if account.own:
            return None
        other: Do = "member" if account.role == "admin" else "admin"
        return st.menu_button(
            "More",
            [other, "reset", "delete"],
            key=f"person_{account.id}",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=_WORDS.__getitem__,
        )


def _dialog(accounts: Sequence[Account], page: SettingsState, perform: Perform) -> None:
    """The dialog that is open, as long as its account is there."""
    do, id_ = page.person or ("", "")
    account = next((one for one in accounts if one.id == id_), None)

    def close() -> None:
        page.person = None

    if account is None:
        close()
    elif do == "reset":
        _reset(account, perform, close)
    else:
        _delete(account, perform, close)


def _reset(account: Account, perform: Perform, close: Callable[[], None]) -> None:
    @st.dialog("Reset password", on_dismiss=close)
    def ask() -> None:
        place = st.empty()
        with place.container():
            st.markdown(
                f"**{plain(account.name)}** gets a new password and is signed out everywhere. "
                "The present password stops working; conversations stay as they are."
            )
            with st.container(horizontal=True, horizontal_alignment="right"):
                kept = st.button("Keep password", key="keep_password")
                sent = st.button("Reset password", type="primary", key="reset_password")
        if kept:
            close()
            st.rerun()
        if sent:
            outcome = perform(Act("reset", account.id))
            with place.container():
                _new_password(account, outcome)

    ask()


def _new_password(account: Account, outcome: Outcome) -> None:
    """The password that was made, which is shown once."""
    if outcome.problem:
        st.error(outcome.problem, icon=":material/error:")
        return
    st.markdown(f"The new password of **{plain(account.name)}**:")
    st.code(outcome.said, language=None)
    st.caption("It is shown only now. Pass it on; it can be changed under Settings, Account. Close this when done.")


def _delete(account: Account, perform: Perform, close: Callable[[], None]) -> None:
    @st.dialog("Delete account", on_dismiss=close)
    def ask() -> None:
        st.markdown(
            f"**{plain(account.name)}** is signed out and deleted with everything in the account: conversations and "
            "messages, files, connections and their keys, prompts, presets and settings. It cannot be taken back."
        )
        with st.form("delete_account", border=False):
            typed = st.text_input("Type the name to delete the account", key="delete_name", autocomplete="off")
            with st.container(horizontal=True, horizontal_alignment="right"):
                kept = st.form_submit_button("Keep account")
                sent = st.form_submit_button("Delete account", type="primary")
        if sent and typed.strip() != account.name:
            st.error(f"That is not the name. Type {plain(account.name)}; nothing was deleted.", icon=":material/error:")
        elif sent:
            outcome = perform(Act("delete", account.id))
            if outcome.problem:
                st.error(outcome.problem, icon=":material/error:")
            else:
                close()
                _tell(outcome)
        elif kept:
            close()
            st.rerun()

    ask()


def _tell(outcome: Outcome, *, again: bool = True) -> bool:
    """Says what came of an act, and draws the page anew if it went well and `again`; whether it went well."""
    if outcome.problem:
        st.error(outcome.problem, icon=":material/error:")
        return False
    st.toast(outcome.said, icon=":material/check_circle:")
    if again:
        st.rerun()
    return True
