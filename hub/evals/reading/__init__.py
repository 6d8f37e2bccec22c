"""Files that hold prompt sets and runs: CSV, JSONL, JSON, YAML of our own, promptfoo's config.

A file that cannot be read is refused with its line; what of it has no place here is said, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, cast

from hub.errors import BadInput
from hub.evals.reading.imported import BY_EQUALITY, BY_NUMBER, Beside, Heard, Imported
from hub.evals.records import CheckData, SetDraft

__all__ = ["Beside", "Imported", "read_set"]


def read_set(name: str, data: bytes, beside: Beside | None = None) -> Imported:
    """What the file `name` with the content `data` holds. `beside` reads files that it names; without it they are named
    in warnings. Raises BadInput with the line of what cannot be read; nothing is stored."""
    from hub.evals.reading import lines, table, text

    heard, notes = Heard(), Heard()
    content = text.decoded(name, data, notes)
    if not content.strip():
        raise BadInput(f"{name} is empty.")
    kind, title = _kind(name, content), PurePosixPath(name).stem or "Prompt set"
    if kind == "csv":
        made = _of_rows(title, table.rows(name, content, heard), notes)
    elif kind == "jsonl":
        made = _of_rows(title, lines.rows(name, content, heard), notes)
    else:
        made = _of_tree(name, title, content, kind, beside, heard, notes)
    made = _judged(made, notes)
    if not made.draft.rows:
        raise BadInput(f"{name} has no rows.")
    return replace(made, warnings=(*made.warnings, *heard.all()), notes=(*made.notes, *notes.all()))


def _of_tree(
    name: str, title: str, content: str, kind: str, beside: Beside | None, heard: Heard, notes: Heard
) -> Imported:
    from hub.evals.reading import lines, promptfoo, run_yaml, tree

    if kind == "json":
        found = lines.loaded(name, content)
        if isinstance(found, list) and not _are_tests(cast(list[Any], found)):
            return _of_rows(title, lines.listed(name, cast(list[Any], found), heard), notes)
        content = content.replace("\t", " ")  # which YAML does not take as space; JSON has none inside of its strings
    root = tree.tree(name, content)
    if promptfoo.is_config(name, root):
        return promptfoo.read(name, root, title, beside, heard)
    return run_yaml.read(name, root, title, beside, lambda path, data: read_set(path, data))


def _of_rows(title: str, found: Iterable[Any], notes: Heard) -> Imported:
    from hub.evals.reading.records import Read

    read = list(cast(Iterable[Read], found))
    attachments = [(number, path) for number, one in enumerate(read) for path in one.files]
    checks: tuple[CheckData, ...] = ()
    if read and all(one.marked for one in read if one.row.expected is not None) and any(one.marked for one in read):
        checks = ({"kind": "number"},)
        notes.say(BY_NUMBER)
    return Imported(SetDraft(title, tuple(one.row for one in read), checks=checks), attachments=tuple(attachments))


def _judged(made: Imported, notes: Heard) -> Imported:
    """Checks that every row has become the set's; where rows expect something and nothing checks it, equality does."""
    rows, draft = made.draft.rows, made.draft
    common = rows[0].checks if rows else ()
    if common and all(one.checks == common for one in rows):
        rows = tuple(replace(one, checks=()) for one in rows)
        draft = replace(draft, rows=rows, checks=(*draft.checks, *common))
    if not draft.checks and not any(one.checks for one in rows) and any(one.expected for one in rows):
        notes.say(BY_EQUALITY)
        draft = replace(draft, checks=({"kind": "equals"},))
    return replace(made, draft=draft)


def _kind(name: str, content: str) -> str:
    ending = PurePosixPath(name.lower()).suffix
    known = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".yaml": "yaml", ".yml": "yaml"}
    if ending in known:
        return known[ending]
    start = content.lstrip()[:1]
    if start == "{" and ending != ".json":
        return "jsonl"
    if start in "[{":
        return "json"
    if ending in (".txt", ""):
        return "csv"
    raise BadInput(f"{name} is none of the files that are read.", hint="CSV, JSONL, JSON and YAML are.")


def _are_tests(found: Sequence[Any]) -> bool:
    first: object = found[0] if found else None
    return isinstance(first, dict) and "assert" in first
