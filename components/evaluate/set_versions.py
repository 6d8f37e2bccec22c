"""The versions of a prompt set: what changed from one to the next, and the way back to one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from components.clock import long_ago, viewer_now
from components.connection_card import plain
from components.evaluate.words import many
from hub.evals.records import PromptSet, Row, SetDraft

MOST = 50
"""Rows that are listed of each kind of change."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became different: rows that came and went, pairs of what a row was and is, and the rest in words."""

    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    edited: tuple[tuple[Row, Row], ...] = ()
    words: tuple[str, ...] = ()
    moved: bool = False

    @property
    def said(self) -> str:
        """All of it in a sentence."""
        counts = [(self.added, "added"), (self.removed, "removed"), (self.edited, "changed")]
        told = [f"{many(len(rows), 'row')} {word}" for rows, word in counts if rows]
        told += ["order changed"] if self.moved else []
        return ", ".join([*told, *self.words]) or "nothing differs"


def change(old: SetDraft, new: SetDraft) -> Change:
    """What differs between two versions; a row is the same as long as its id is."""
    before, after = {row.id: row for row in old.rows}, {row.id: row for row in new.rows}
    both = [id_ for id_ in before if id_ in after]
    words = [
        *([f"renamed from “{old.name}”"] if old.name != new.name else []),
        *(["description changed"] if old.description != new.description else []),
        *(["templates changed"] if old.templates != new.templates else []),
        *(["checks changed"] if _json(old.checks) != _json(new.checks) else []),
    ]
    return Change(
        tuple(row for id_, row in after.items() if id_ not in before),
        tuple(row for id_, row in before.items() if id_ not in after),
        tuple((before[id_], after[id_]) for id_ in both if _json(before[id_]) != _json(after[id_])),
        tuple(words),
        both != [id_ for id_ in after if id_ in before],
    )


def _json(value: object) -> str:
    return json.dumps(value, default=asdict, sort_keys=True)  # type: ignore[arg-type]


def set_versions(
    found: Sequence[PromptSet], compare: Callable[[int, int], Change], restore: Callable[[int], None]
) -> None:
    """Draw the versions, the newest first. `compare` says what changed from one to another."""
    newest, now = found[0], viewer_now()
    for one in found:
        label = f"Version {one.version} · {many(one.rows, 'row')} · {long_ago(one.updated_at, now)}"
        box = st.expander(label, key=f"version_{one.id}_{one.version}", on_change="rerun")
        if not box.open:
            continue
        with box:
            if one.version > 1:
                _change(compare(one.version - 1, one.version), f"Since version {one.version - 1}")
            else:
                st.caption("The first version.")
            if one is not newest and st.button(
                f"Restore version {one.version}", icon=":material/history:", key=f"restore_{one.version}"
            ):
                restore(one.version)


def _change(found: Change, title: str) -> None:
    st.markdown(f"**{title}:** {plain(found.said)}.")
    for rows, sign in ((found.added, "+"), (found.removed, "-")):
        _lines([f"{sign} {_line(row)}" for row in rows])
    for old, new in found.edited[:MOST]:
        st.code("\n".join(_difference(old, new)), language="diff", wrap_lines=True)


def _lines(lines: Sequence[str]) -> None:
    if lines:
        more = [f"… and {len(lines) - MOST:,} more"] if len(lines) > MOST else []
        st.code("\n".join([*lines[:MOST], *more]), language=None, wrap_lines=True)


def _line(row: Row) -> str:
    text = " ".join((row.turns[0] if row.turns else ", ".join(row.vars.values())).split())
    return text if len(text) < 160 else f"{text[:159]}…"


def _difference(old: Row, new: Row) -> list[str]:
    before, after = asdict(old), asdict(new)
    lines = [f"  {_line(new)}"]
    for name in before:
        if before[name] != after[name]:
            lines += [f"- {name}: {_shown(before[name])}", f"+ {name}: {_shown(after[name])}"]
    return lines


def _shown(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return " | ".join(str(one) for one in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value) if value is not None else "none"
