"""The rows of a prompt set as a table to write in: a column for each turn, each variable, and what a row has beside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pandas as pd
import streamlit as st

from hub.evals.records import Row, Template

PAGE = 100
"""Rows that are edited at once."""
OWN = ("expected", "tags", "system")
_LABELS = {"system": "System prompt", "expected": "Expected", "tags": "Tags"}
_PLACE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_GIVEN = frozenset({"prompt", "expected"})
"""Names in templates that are no variables."""


def names(rows: Sequence[Row], templates: Sequence[Template], more: Sequence[str] = ()) -> list[str]:
    """The variables that rows have or templates ask for, in the order in which they come."""
    found = [name for one in templates for text in (one.system, *one.turns) for name in _PLACE.findall(text)]
    found += [name for row in rows for name in row.vars]
    return [name for name in dict.fromkeys([*found, *more]) if name not in _GIVEN]


def columns(rows: Sequence[Row], variables: Sequence[str], turns: int = 1) -> dict[str, str]:
    """The columns: key to label. Keys are "turn:0", "var:name" and those of `OWN`. Rows that only have variables need
    no column of turns."""
    count = max([turns, *(len(row.turns) for row in rows)])
    if count == 1 and variables and rows and not any(row.turns for row in rows):
        count = 0
    found = {f"turn:{at}": f"Turn {at + 1}" if count > 1 else "Prompt" for at in range(count)}
    found |= {f"var:{name}": name for name in variables}
    found |= {key: _LABELS[key] for key in OWN}
    return found


def frame(rows: Sequence[Row], keys: Sequence[str]) -> pd.DataFrame:
    """The table as it is stored."""
    return pd.DataFrame([{key: _value(row, key) for key in keys} for row in rows], columns=list(keys), dtype=object)


def _value(row: Row, key: str) -> Any:
    kind, _, name = key.partition(":")
    if kind == "turn":
        return row.turns[int(name)] if int(name) < len(row.turns) else ""
    if kind == "var":
        return row.vars.get(name, "")
    return list(row.tags) if key == "tags" else row.expected or "" if key == "expected" else row.system


def changed(rows: Sequence[Row], edits: Mapping[str, Any]) -> list[Row]:
    """`rows` after what was done in the table. A row keeps its id, files and checks; a new one has no id yet."""
    gone = set(cast("list[int]", edits.get("deleted_rows", [])))
    edited = {int(at): cast("dict[str, Any]", values) for at, values in edits.get("edited_rows", {}).items()}
    kept = [_written(row, edited[at]) if at in edited else row for at, row in enumerate(rows) if at not in gone]
    added = [_written(Row(""), cast("dict[str, Any]", values)) for values in edits.get("added_rows", [])]
    return kept + [row for row in added if row != Row("")]


def _written(row: Row, values: Mapping[str, Any]) -> Row:
    turns, variables = list(row.turns), dict(row.vars)
    for key, value in values.items():
        kind, _, name = key.partition(":")
        text = "" if value is None else value
        if kind == "turn":
            turns += [""] * (int(name) + 1 - len(turns))
            turns[int(name)] = str(text)
        elif kind == "var":
            variables[name] = str(text)
        elif key == "tags":
            row = replace(row, tags=tuple(dict.fromkeys(str(one).strip() for one in text or () if str(one).strip())))
        elif key == "expected":
            row = replace(row, expected=str(text) or None)
        elif key == "system":
            row = replace(row, system=str(text))
    while turns and not turns[-1]:
        turns.pop()
    return replace(row, turns=tuple(turns), vars={name: text for name, text in variables.items() if text})


def set_table(rows: Sequence[Row], shown: Mapping[str, str], *, key: str) -> list[Row]:
    """Draw the table with the columns `shown`; the rows as they stand in it now."""
    st.data_editor(
        frame(rows, list(shown)),
        column_config={name: _column(name, label) for name, label in shown.items()},
        num_rows="dynamic",
        hide_index=True,
        row_height=72,
        height=min(620, 39 + 72 * (len(rows) + 1)),
        key=key,
        placeholder="",
        alt="Rows of the prompt set",
    )
    return changed(rows, cast("Mapping[str, Any]", st.session_state.get(key, {})))


def _column(name: str, label: str) -> Any:
    if name == "tags":
        return st.column_config.ListColumn(label, width="small")
    wide = name.startswith("turn:")
    help_ = f"Fills {{{{{label}}}}} in templates and checks." if name.startswith("var:") else None
    return st.column_config.TextColumn(label, width="large" if wide else "medium", help=help_)
