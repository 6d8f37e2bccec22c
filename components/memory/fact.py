"""One fact: what is known about it, where it was said, where it was used, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from components.clock import long_ago
from components.memory import words
from components.memory.history import change_rows
from components.memory.words import Wish
from hub.memory.records import Evidence, Fact, Story, Use

MORE = {
    "merge": (":material/merge:", "Merge with another"),
    "never": (":material/block:", "Never remember things like this"),
    "purge": (":material/delete_forever:", "Remove for good"),
}


def fact_view(story: Story, titles: Mapping[str, str], place: str, now: datetime) -> Wish | None:
    """Draw it; what was asked for, if anything. `titles` of chats by id have "" for one that is gone; `place` is the
    name of its scope."""
    fact = story.fact
    asked = _back()
    st.subheader(words.escaped(fact.text), anchor=False)
    _badges(fact, place)
    asked = _actions(fact) or asked
    with st.container(horizontal=True, gap="large", key="facts_memory"):
        for label, said in words.about(fact, now):
            with st.container(gap=None, width="content"):
                st.caption(label)
                st.markdown(words.escaped(said))
    asked = _chain(story) or asked
    asked = _sources(fact.sources, titles) or asked
    asked = _uses(story.uses, titles, now) or asked
    st.markdown("**History**")
    return change_rows(story.changes, now, key="fact") or asked


def _back() -> Wish | None:
    return (
        ("back", ())
        if st.button("All memories", icon=":material/arrow_back:", type="tertiary", key="fact_back")
        else None
    )


def _badges(fact: Fact, place: str) -> None:
    with st.container(horizontal=True, gap="xsmall", key="facts_badges"):
        kind, icon = words.KINDS[fact.kind]
        st.badge(kind, icon=f":material/{icon}:", color="gray")
        st.badge(place, icon=":material/folder:" if fact.scope else ":material/person:", color="gray")
        if fact.pinned:
            st.badge("Pinned", icon=":material/keep:", color="gray", help="In every prompt, in the profile.")
        if fact.sensitive:
            st.badge(fact.sensitive.capitalize(), icon=":material/lock:", color="orange", help="A sensitive kind.")
        if fact.shelf != "live":
            color = "orange" if fact.shelf == "past" else "red"
            st.badge(words.note(fact) or words.SHELVES[fact.shelf], icon=":material/history:", color=color)


def _actions(fact: Fact) -> Wish | None:
    asked = ""
    with st.container(horizontal=True, vertical_alignment="center", key="fact_actions"):
        if fact.shelf == "deleted":
            asked = "restore" if st.button("Bring back", icon=":material/undo:", key="fact_restore") else ""
        else:
            asked = _live_actions(fact)
        kinds = ["never", "purge"] if fact.shelf != "live" else list(MORE)
        word = st.menu_button(
            "More",
            kinds,
            key="fact_more",
            icon=":material/more_horiz:",
            type="tertiary",
            format_func=lambda name: " ".join(MORE[name]),
        )
    done = word or asked
    return (done, (fact.id,)) if done else None


def _live_actions(fact: Fact) -> str:
    asked = "edit" if st.button("Edit", icon=":material/edit:", key="fact_edit") else ""
    name, icon = ("unpin", "keep_off") if fact.pinned else ("pin", "keep")
    if fact.shelf == "live" and st.button(name.capitalize(), icon=f":material/{icon}:", key="fact_pin"):
        asked = name
    return "delete" if st.button("Delete", icon=":material/delete:", key="fact_delete") else asked


def _chain(story: Story) -> Wish | None:
    """The facts before and after it."""
    asked: Wish | None = None
    for label, other in [("In its place stands", story.next), *(("It took the place of", one) for one in story.before)]:
        if other:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"chain_{other.id}"):
                st.caption(label, width="content")
                if st.button(words.escaped(_cut(other.text)), key=f"other_{other.id}", type="tertiary"):
                    asked = ("open", (other.id,))
    return asked


def _sources(said: Sequence[Evidence], titles: Mapping[str, str]) -> Wish | None:
    asked: Wish | None = None
    chats = [source for source in said if source.conversation]
    st.markdown("**Where it was said**")
    if not chats:
        st.caption("In no chat: it was typed here or imported.")
    for at, source in enumerate(chats):
        title = titles.get(source.conversation, "")
        with st.container(key=f"source_{at}", gap="xsmall"):
            st.markdown(f"> {words.escaped(source.quote)}" if source.quote else ":gray[No quote is kept.]")
            if not title:
                st.caption("The chat is deleted.")
            elif st.button(words.escaped(title), icon=":material/forum:", type="tertiary", key=f"said_{at}"):
                asked = ("chat", (source.conversation, source.message))
    return asked


def _uses(used: Sequence[Use], titles: Mapping[str, str], now: datetime) -> Wish | None:
    asked: Wish | None = None
    st.markdown("**Where it was used**")
    if not used:
        st.caption("In no answer yet.")
    for at, use in enumerate(used):
        title = titles.get(use.conversation, "")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"used_{at}"):
            if not title:
                st.caption(f"An answer in a deleted chat, {long_ago(use.at, now)}")
                continue
            if st.button(words.escaped(title), icon=":material/forum:", type="tertiary", key=f"use_{at}"):
                asked = ("chat", (use.conversation, use.answer))
            st.caption(long_ago(use.at, now), width="content")
    return asked


def _cut(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
