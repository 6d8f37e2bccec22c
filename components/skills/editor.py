"""Writing a SKILL.md, with the rules that it breaks beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st
from streamlit_ace import st_ace

from components.clock import long_ago
from components.skills import words
from components.skills.words import Wish, many
from hub.skills.records import Finding, Problem, Unsaved

ABOUT = (
    "The name is what you call it by and what models see: lowercase letters, digits and hyphens. The description says "
    "what it does **and when to use it**: models choose by it. The text below is read once the skill is loaded."
)


def editor(
    title: str,
    text: str,
    key: str,
    check: Callable[[str], tuple[Sequence[Problem], Sequence[Finding]]],
    count: Callable[[str], int],
    on_save: Callable[[], None],
) -> Wish:
    """The editor over `text`; `check` tells what is wrong with a text and `count` how many tokens it is. What it says
    now is in the answer: ("text", text), or ("leave",). `on_save` is a callback, since what is typed at the same moment
    draws the page anew and would swallow a click."""
    st.title(title, anchor=False)
    st.caption(ABOUT)
    dark = st.context.theme.type == "dark"
    written = st_ace(
        value=text,
        language="markdown",
        theme="tomorrow_night" if dark else "chrome",
        height=360,
        font_size=14,
        tab_size=2,
        wrap=True,
        auto_update=True,
        key=key,
    )
    now = written if isinstance(written, str) and written else text
    problems, findings = check(now)
    standing(problems, findings, count(now))
    with st.container(horizontal=True):
        st.button("Save skill", type="primary", disabled=bool(problems), key="skill_save", on_click=on_save)
        if st.button("Cancel", key="skill_leave"):
            return "leave", ()
    return "text", (now,)


def unsaved_view(one: Unsaved, changed: bool, now: datetime) -> str:
    """A draft that was not saved: "restore" or "discard" when it was asked for. `changed`: there is a newer version."""
    when = f" {long_ago(one.at, now)}" if one.at else ""
    later = " The skill was changed since, so it cannot be saved over it: copy what you need." if changed else ""
    with st.container(border=True, key="skill_unsaved"):
        st.markdown(f"**You have a draft that was not saved**, written{when}.{later}")
        with st.expander("What it says", type="compact"):
            st.code(one.text, language="markdown", wrap_lines=True, height=320)
        with st.container(horizontal=True):
            if st.button("Restore draft", type="primary", key="skill_restore"):
                return "restore"
            if st.button("Discard draft", key="skill_discard"):
                return "discard"
    return ""


def standing(problems: Sequence[Problem], findings: Sequence[Finding], tokens: int) -> None:
    """How the text stands: valid, or what is wrong with it."""
    with st.container(key="skill_standing"):
        if problems:
            st.error(
                "\n".join(f"- {words.problem(one)}" for one in problems),
                icon=":material/error:",
            )
        else:
            length = ". It is long: below 5,000 is better" if tokens > 5_000 else ""
            st.success(f"Valid. About {tokens:,} tokens{length}.", icon=":material/check_circle:")
        if findings:
            said = "\n".join(f"- {words.finding(one).splitlines()[0]}" for one in findings[:5])
            st.warning(f"{many(len(findings), 'finding')}\n{said}", icon=":material/warning:")
