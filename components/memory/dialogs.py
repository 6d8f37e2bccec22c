"""Dialogs about memories. Each stays open as long as it is drawn in every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Protocol

import streamlit as st

from components.memory.words import KINDS, SHELVES, escaped, whose
from hub.memory.records import Fact

Close = Callable[[], None]


class Do(Protocol):
    """Does something with facts; what was wrong, "" for nothing."""

    def __call__(self, word: str, about: tuple[str, ...] = (), **values: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a dialog is about: the facts chosen, other ones to merge with (texts by id), and where new ones are kept."""

    facts: Sequence[Fact]
    others: Mapping[str, str]
    scope: str
    place: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the chosen facts."""
        return tuple(fact.id for fact in self.facts)


def show(name: str, asked: Asked, do: Do, close: Close) -> None:
    """Draw the dialog `name`: add, edit, merge, never, purge or rests."""
    {"add": _add, "edit": _edit, "merge": _merge, "never": _never, "purge": _purge, "rests": _rests}[name](
        asked, do, close
    )


def _send(label: str, problem: Callable[[], str], close: Close, *, disabled: bool = False) -> None:
    """The button at the end of a dialog; it closes when nothing was wrong."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        sent = st.button(label, type="primary", key="dialog_send", disabled=disabled)
    said = problem() if sent else ""
    if said:
        st.error(said, icon=":material/error:")
    elif sent:
        close()
        st.rerun()


def _kind(kind: str, key: str) -> str:
    names = list(KINDS)
    return st.selectbox("Kind", names, names.index(kind), format_func=lambda name: KINDS[name][0], key=key)


def _add(asked: Asked, do: Do, close: Close) -> None:
    """A fact to type: its text, its kind, and whether it is pinned."""

    @st.dialog("Add memory", on_dismiss=close)
    def form() -> None:
        text = st.text_area("What to remember", key="add_text", placeholder="Prefers metric units.", max_chars=2000)
        kind = _kind("preference", "add_kind")
        pinned = st.toggle("Pin it", key="add_pinned", help="A pinned memory goes into every prompt.")
        st.caption(f"Kept for {escaped(whose(asked.place))}.")
        _send("Save memory", lambda: do("add", text=text, kind=kind, pinned=pinned, scope=asked.scope), close)

    form()


def _edit(asked: Asked, do: Do, close: Close) -> None:
    """The values of a fact that a person may change."""
    fact = asked.facts[0]

    @st.dialog("Edit memory", on_dismiss=close)
    def form() -> None:
        text = st.text_area("Text", fact.text, key=f"edit_text_{fact.id}", max_chars=2000, height=120)
        kind = _kind(fact.kind, f"edit_kind_{fact.id}")
        subject = st.text_input("About", fact.subject, key=f"edit_subject_{fact.id}", help="Whom or what it is about.")
        known = round(fact.importance * 100)
        weight = st.slider("Importance", 0, 100, known, 5, key=f"edit_importance_{fact.id}", format="%d %%")
        until = fact.valid_to.date() if fact.valid_to else None
        over = st.date_input("True until", until, key=f"edit_over_{fact.id}", help="Empty: still true.")
        values: dict[str, Any] = {"text": text, "kind": kind, "subject": subject}
        values |= {"importance": weight / 100} if weight != known else {}
        values |= {"valid_to": _end(over)} if over != until else {}
        _send("Save memory", lambda: do("edit", asked.ids, **values), close)

    form()


def _end(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _merge(asked: Asked, do: Do, close: Close) -> None:
    """One text in the place of several; with a single one the other is picked here."""

    @st.dialog("Merge memories", width="medium", on_dismiss=close)
    def form() -> None:
        ids, texts = asked.ids, [fact.text for fact in asked.facts]
        if len(ids) == 1:
            st.text(texts[0])
            other = st.selectbox(
                "Merge with",
                list(asked.others),
                None,
                format_func=asked.others.__getitem__,
                key="merge_with",
                placeholder="Choose a memory",
            )
            ids, texts = ((*ids, other), [*texts, asked.others[other]]) if other else (ids, texts)
        joined = " ".join(dict.fromkeys(texts))
        text = st.text_area("The one that stays", joined, key=f"merge_text_{'_'.join(ids)}", height=120, max_chars=2000)
        st.caption("The others stay in its history, and the merge can be undone.")
        _send("Merge memories", lambda: do("merge", ids, text=text), close, disabled=len(ids) < 2)

    form()


def _never(asked: Asked, do: Do, close: Close) -> None:
    """A rule of what is never to be kept; with a fact, that fact goes too unless the person keeps it."""
    fact = asked.facts[0] if asked.facts else None

    @st.dialog("Never remember", on_dismiss=close)
    def form() -> None:
        text = st.text_area(
            "Things like",
            fact.text[:300] if fact else "",
            key=f"never_text_{fact.id if fact else ''}",
            placeholder="What I earn",
            max_chars=300,
            help="Words, or a sentence like those that should not be kept.",
        )
        there = fact is not None and fact.shelf != "deleted"
        gone = there and st.toggle("Delete this memory too", True, key="never_delete")
        st.caption("Checked before anything is kept. The rules stand under Settings.")
        _send("Save rule", lambda: do("never", asked.ids, text=text, delete=gone), close)

    form()


def _purge(asked: Asked, do: Do, close: Close) -> None:
    """Asks before a fact and its history go for good."""

    @st.dialog("Remove for good", on_dismiss=close)
    def form() -> None:
        st.text(asked.facts[0].text)
        st.markdown("The memory and every earlier wording of it are removed. This cannot be undone.")
        if asked.facts[0].shelf != "deleted":
            st.caption("Delete takes it back just as well, and can be undone.")
        _send("Remove memory", lambda: do("purge", asked.ids), close)

    form()


def _rests(asked: Asked, do: Do, close: Close) -> None:
    """The facts behind a sentence of the summary."""

    @st.dialog("What this rests on", on_dismiss=close)
    def shown() -> None:
        for fact in asked.facts:
            with st.container(border=True, key=f"card_rests_{fact.id}", gap="xsmall"):
                st.text(fact.text)
                st.caption(f"{KINDS[fact.kind][0]} · {SHELVES[fact.shelf]}")
                if st.button("Open memory", key=f"rests_{fact.id}", type="tertiary"):
                    close()
                    st.query_params["fact"] = fact.id
                    st.rerun()

    shown()
