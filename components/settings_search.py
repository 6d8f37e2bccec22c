"""Finding a setting over all groups by its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from components.empty_state import empty_state
from components.finding_list import forced as forced_list
from components.preferences_form import PREFERENCES
from components.state import script

KEY = "settings_search"


@dataclass(frozen=True, slots=True)
class Place:
    """Something in a group that is no preference, and the words it is found by; with `page` it is in the settings of
    another page."""

    group: str
    title: str
    help: str
    page: str = ""


PLACES = (
    Place("Prompts", "Prompts", "Texts that you put into a chat with a slash."),
    Place("Prompts", "Presets", "A model with parameters and a system prompt, saved under a name."),
    Place("Account", "Account", "Who is signed in here, and signing out."),
    Place("Account", "Where you are signed in", "Sessions and devices, and ending one of them."),
    Place("Account", "Password", "Change the password of your account."),
    Place("Account", "API keys", "Keys for programs that use this hub as an MCP server; make and revoke them."),
    Place("Account", "Notifications", "Channels that schedules tell you through: e-mail, ntfy, Slack, webhooks."),
    Place("People", "Accounts", "Change a role, reset a password, delete an account."),
    Place("People", "Create an account", "Name, first password and role of a new person or admin."),
    Place("About", "Version", "Version of the hub, and the folder where it keeps its data."),
    Place("About", "State", "Databases, stores and background work: whether every part is well."),
    Place("About", "Set by the environment", "What HUB_ variables and `.env` force, read-only."),
    Place("About", "Plugins", "What extends this hub: packages and the plugins folder, on or off, settings, errors."),
    Place("About", "Jobs", "Background work: queues, workers, what runs, what failed, retry and cancel."),
    Place(
        "Memory", "Memory", "On, off or paused, review first, sensitive things, tokens, who learns, reset.", "memory"
    ),
    Place("Memory", "Never remember", "What memory never keeps, and what learning costs.", "memory"),
)


def search_box() -> str:
    """The field above the groups; what is looked for, or ""."""
    words = st.text_input(
        "Search settings",
        key=KEY,
        type="search",
        live="200ms",
        placeholder="Search settings",
        label_visibility="collapsed",
    )
    return (words or "").strip()


def fits(words: str, *texts: str) -> bool:
    """Whether every one of `words` is in `texts`."""
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words.casefold().split())


def found(
    words: str,
    groups: Collection[str],
    forced: Sequence[tuple[str, str, str]],
    show_preferences: Callable[[Collection[str]], None],
    *,
    bar: str,
) -> None:
    """Everything that has the words: preferences to change at once, other things with the way to their group in the
    bar of the key `bar`, and what the environment forces (variable, value, meaning)."""
    likes, places = preferences_found(words), places_found(words, groups)
    outside = [one for one in forced if fits(words, one[0], one[2])]
    show_preferences(likes)
    place_rows(places, bar)
    forced_list(outside)
    if not (likes or places or outside):
        empty_state("search_off", "No setting has these words", "Try another word.", key="settings")


def preferences_found(words: str) -> list[str]:
    """Names of the preferences that fit."""
    return [one.name for one in PREFERENCES if fits(words, one.label, one.help)]


def places_found(words: str, groups: Collection[str]) -> list[Place]:
    """The other things that fit, in the groups that this person has."""
    return [one for one in PLACES if (one.page or one.group in groups) and fits(words, one.title, one.help)]


def place_rows(places: Sequence[Place], bar: str) -> None:
    """One row for each, with the way to its group; `bar` is the key of the group bar."""
    for at, one in enumerate(places):
        with st.container(key=f"row_place_{at}", gap="xsmall"):
            left, right = st.columns([3, 2], vertical_alignment="center")
            with left.container(gap=None):
                st.markdown(f"**{one.title}**")
                st.caption(one.help)
            with right.container(horizontal_alignment="right"):
                here = {} if one.page else {"on_click": _open, "args": (bar, one.group)}
                if st.button(f"Open {one.group}", key=f"place_{at}", **here) and one.page:
                    st.switch_page(script(one.page), query_params={"part": "Settings"})


def _open(bar: str, group: str) -> None:
    st.session_state[bar], st.session_state[KEY] = group, ""
