"""The keyboard: shortcuts that work on every page, the sheet that lists them (Ctrl-/), the palette (Ctrl-K)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

from components.preferences_form import PREFERENCES

_HERE = Path(__file__).parent
_PARTS = ("match.js", "sheet.js", "palette.js", "shortcuts.js")
_mount = st.components.v2.component(
    "shortcuts",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "shortcuts.css").read_text(),
    js="\n".join(
        path.read_text()
        for path in (_HERE.parent / "dom.js", _HERE.parent / "steady.js", *(_HERE / name for name in _PARTS))
    ),
)

SHEET: dict[str, list[tuple[str, str]]] = {
    "Everywhere": [
        ("Ctrl+K", "Find a chat, message, model or setting"),
        ("Ctrl+Shift+O", "New chat"),
        ("Ctrl+Shift+F", "Search titles in the sidebar"),
        ("Ctrl+Shift+S", "Show or hide the sidebar"),
        ("Ctrl+/", "Show this sheet"),
    ],
    "In a chat": [
        ("Shift+Esc", "Go to the message box"),
        ("Esc", "Stop the answer"),
        ("Ctrl+Shift+Enter", "Answer again"),
        ("Ctrl+Shift+C", "Copy the last answer"),
    ],
    "Writing": [
        ("/", "Prompts and commands"),
        ("Up", "The message before"),
        ("Shift+Enter", "New line"),
    ],
    "In the list of conversations": [
        ("Up Down", "Move"),
        ("Enter", "Open"),
        ("Right", "Menu"),
        ("F2", "Rename"),
        ("Delete", "Delete, with undo"),
    ],
}
"""What the sheet says: keys (in words that a Mac shows with its own signs) and what they do."""

GROUPS: Mapping[str, tuple[str, str]] = {
    "Chat": ("forum", "How chatting behaves"),
    "Prompts": ("edit_note", "Prompts and presets"),
    "Account": ("person", "Password and sessions"),
    "People": ("group", "Accounts of this hub"),
    "About": ("info", "Version and state of every part"),
}
"""The groups of the settings: their icon, and what is in them."""

Do = Literal["new", "temporary", "page", "chat", "open", "model", "settings"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette. `find` are more words that lead to it; `deep` ones are shown once something is typed."""

    title: str
    do: Do
    id: str
    icon: str
    find: str = ""
    note: str = ""
    keys: str = ""
    deep: bool = False


ACTIONS = (
    Entry("New chat", "new", "", "edit_square", "start conversation", keys="Ctrl+Shift+O"),
    Entry("Temporary chat", "temporary", "", "timer", "new private incognito not kept"),
)
"""What can be done from everywhere; the parts of the page offer more while they are there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen in the palette: `id` is the page's title, the conversation, the model, the settings' group, or
    (to "open") an address within the hub, such as that of a message."""

    do: Do
    id: str = ""


def shortcuts(
    pages: Mapping[str, tuple[str, str]],
    groups: Sequence[str],
    projects: Mapping[str, str],
    *,
    in_chat: bool = False,
    key: str = "shortcuts",
) -> Asked | None:
    """Listen for the shortcuts; what was chosen in the palette, if anything. Draws nothing until it is asked for.

    `pages` are title to icon and words about the page, `groups` those of the settings, `projects` id to name.
    `in_chat`: a stored conversation is open, which a chosen model is then for.
    """
    data = {
        "sheet": [{"title": title, "keys": keys} for title, keys in SHEET.items()],
        "actions": [asdict(one) for one in ACTIONS],
        "pages": [asdict(Entry(title, "page", title, *about)) for title, about in pages.items()],
        "projects": [
            asdict(Entry(name, "open", f"/projects?p={id_}", "folder", "project")) for id_, name in projects.items()
        ],
        "settings": [asdict(one) for one in settings(groups)],
        "in_chat": in_chat,
    }
    with st.container(key="hub_keys"):
        result = _mount(data=data, key=key, on_event_change=_nothing)
    event = cast("dict[str, Any] | None", result.event)
    return Asked(event["do"], str(event["id"])) if event else None


def settings(groups: Sequence[str]) -> list[Entry]:
    """The groups of the settings, then every preference."""
    named = [
        Entry(name, "settings", name, icon, f"settings {about}", about)
        for name, (icon, about) in GROUPS.items()
        if name in groups
    ]
    likes = [
        Entry(one.label, "settings", "Chat", "tune", f"settings preferences {one.help}", "Chat", deep=True)
        for one in PREFERENCES
    ]
    return [*named, *likes]


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
