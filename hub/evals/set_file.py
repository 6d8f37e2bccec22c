"""A prompt set as a file: YAML that `read_set` and `hub eval` read."""

from __future__ import annotations

from typing import Any

import yaml

from hub.db.who import Who
from hub.evals.records import AS_WRITTEN, Row, Template
from hub.evals.sets import draft_of


def write_set(who: Who, set_id: str, version: int | None = None) -> bytes:
    """A version of a set, the newest for None. Files of rows are not in it."""
    draft = draft_of(who, set_id, version)
    data: dict[str, Any] = {"name": draft.name}
    if draft.description:
        data["description"] = draft.description
    if draft.templates != (AS_WRITTEN,):
        data["templates"] = [_template(one) for one in draft.templates]
    data["rows"] = [_row(one) for one in draft.rows]
    if draft.checks:
        data["checks"] = [dict(one) for one in draft.checks]
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120).encode()


def _template(one: Template) -> dict[str, Any]:
    return _filled({"name": one.name, "turns": list(one.turns), "system": one.system, "verbatim": one.verbatim or None})


def _row(one: Row) -> dict[str, Any]:
    asked = {"prompt": one.turns[0]} if len(one.turns) == 1 else {"turns": list(one.turns)}
    more = {
        "vars": dict(one.vars),
        "system": one.system,
        "expected": one.expected,
        "tags": list(one.tags),
        "checks": [dict(check) for check in one.checks],
    }
    return _filled({"id": one.id, **asked, **more})


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


_BREAKS = "\x85\u2028\u2029\ufeff"
"""YAML takes them for the ends of lines, or for nothing, unless they are escaped."""


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, which a person can read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    odd = any(mark in text for mark in _BREAKS)
    style = '"' if odd else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # pyright: ignore[reportUnknownMemberType]


_Dumper.add_representer(str, _text)
