"""What stands above the lists of schedules and of results, and in their place while there are none."""

from __future__ import annotations

import streamlit as st

from components.empty_state import empty_state

PARTS = {"Schedules": "schedules", "Inbox": "inbox", "Calendar": "calendar"}
"""What each part is called, and its page."""
WHICH = ("All", "On", "Paused", "Failing")
SHELVES = ("Unread", "Needs you", "Read", "Archived")
ABOUT = (
    "A schedule asks a model or an agent by itself: every morning, when a document comes, or after another one. Say "
    "what should be done and when, in your own words; what comes of it waits in the inbox."
)
MORE = {
    "pause_all": ":material/pause: Pause all",
    "resume_all": ":material/resume: Resume all",
    "export": ":material/download: Export all",
    "import": ":material/upload: Import",
}
_EMPTY = {
    "Unread": ("inbox", "Nothing unread", "Results of your schedules arrive here."),
    "Needs you": ("front_hand", "Nothing needs you", "Runs that would have had to ask you for something stand here."),
    "Read": ("drafts", "Nothing here", "What you have read stays here until you archive it."),
    "Archived": ("archive", "The archive is empty", "What you archive leaves the inbox and stays here."),
}


def schedules_head(*, any_: bool, held: bool) -> str:
    """Title and actions; what was asked for. `any_`: there are schedules, `held`: all of them are paused together."""
    with st.container(horizontal=True, vertical_alignment="center", key="schedules_head"):
        st.title("Schedules", anchor=False, width="stretch")
        known = ["resume_all" if held else "pause_all", "export", "import"] if any_ else ["import"]
        word = st.menu_button(
            ":material/more_horiz:",
            known,
            key="schedules_more",
            help="More",
            type="tertiary",
            format_func=MORE.__getitem__,
        )
        new = st.button("New schedule", icon=":material/add:", type="primary", key="schedules_new")
    return "new" if new else word or ""


def inbox_head() -> None:
    """The title of the inbox."""
    _title("Inbox")


def calendar_head() -> None:
    """The title of the calendar."""
    _title("Calendar")


def _title(text: str) -> None:
    """A title at the height of one with buttons beside it, so that it stands still from part to part."""
    with st.container(
        horizontal=True, vertical_alignment="center", height=40, border=False, key=f"head_{text.lower()}"
    ):
        st.title(text, anchor=False)


def part_bar(here: str, unread: int) -> str:
    """The bar between the pages of schedules; the page that is chosen. `here` is the part that is open."""
    chosen = st.segmented_control(
        "Part",
        list(PARTS),
        default=here,
        required=True,
        format_func=lambda part: f"{part} :gray[{unread:,}]" if part == "Inbox" and unread else part,
        key=f"part_{here.lower()}",
        label_visibility="collapsed",
    )
    return PARTS[chosen or here]


def month_bar(name: str, *, here: bool) -> int | None:
    """The month and the ways to others: -1, 1, or 0 for the present one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="facts_month"):
        st.markdown(f"**{name}**", width="stretch")
        if not here and st.button("Today", key="month_today"):
            return 0
        if st.button("", icon=":material/chevron_left:", key="month_back", help="Month before"):
            return -1
        if st.button("", icon=":material/chevron_right:", key="month_on", help="Next month"):
            return 1
    return None


def filters() -> tuple[str, str]:
    """Words and which ones."""
    with st.container(horizontal=True, vertical_alignment="center", key="facts_schedules_filter"):
        words = st.text_input(
            "Search schedules",
            key="schedules_words",
            type="search",
            live="200ms",
            placeholder="Search schedules",
            label_visibility="collapsed",
            width=280,
        )
        which = st.selectbox("Which", WHICH, key="schedules_which", label_visibility="collapsed", width=160)
    return (words or "").strip(), which or WHICH[0]


def no_schedules() -> bool:
    """There are none; True when the first one was asked for."""
    return empty_state("schedule", "No schedules yet", ABOUT, action="Create a schedule", key="schedules")


def inbox_bar(*, unread: int) -> tuple[str, bool]:
    """Which shelf of the inbox; and whether all unread ones shall be read."""
    with st.container(horizontal=True, vertical_alignment="center", key="facts_inbox"):
        shelf = st.segmented_control(
            "Shelf", SHELVES, default=SHELVES[0], required=True, key="inbox_shelf", label_visibility="collapsed"
        )
        st.space("stretch")
        read = shelf == "Unread" and unread > 0
        return shelf or SHELVES[0], read and st.button("Mark all read", icon=":material/done_all:", key="inbox_all")


def nothing_in(shelf: str) -> None:
    """An empty shelf."""
    icon, title, text = _EMPTY[shelf]
    empty_state(icon, title, text, key="inbox")
