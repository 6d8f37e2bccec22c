"""A filter as a condition inside the query, so that it never starves the result."""

from __future__ import annotations

import re
from typing import Any

from psycopg.types.json import Jsonb

from hub.search.records import Filter
from hub.search.words import PLAIN, cut

_PARTS = re.compile(r"[^\W_]+")
"""What counts of a text that is compared loosely: "gpt-4o mini" is like "GPT 4o-mini"."""
_NAMED = "SELECT id FROM search.groups WHERE space = ANY(%(spaces)s) AND name = ANY(%({name})s)"


def condition(wanted: Filter) -> tuple[str, dict[str, Any]]:
    """SQL over `search.rows AS r`, beginning with AND or empty, and its values; it also uses `spaces`."""
    parts: list[str] = []
    values: dict[str, Any] = {}

    def need(sql: str, name: str, value: Any) -> None:
        parts.append(sql)
        values[name] = value

    if wanted.after is not None:
        need("r.at >= %(after)s", "after", wanted.after)
    if wanted.before is not None:
        need("r.at <= %(before)s", "before", wanted.before)
    if wanted.items is not None:
        need("r.item = ANY(%(items)s)", "items", list(wanted.items))
    if wanted.groups is not None:
        need(f'r."group" IN ({_NAMED.format(name="groups")})', "groups", list(wanted.groups))
    if wanted.without_groups:
        need(f'r."group" NOT IN ({_NAMED.format(name="without")})', "without", list(wanted.without_groups))
    for number, phrase in enumerate(wanted.phrases):
        need(f"r.words @@ phraseto_tsquery('{PLAIN}', %(phrase{number})s)", f"phrase{number}", cut(phrase))
    for number, phrase in enumerate(wanted.without):
        need(f"NOT r.words @@ phraseto_tsquery('{PLAIN}', %(not{number})s)", f"not{number}", cut(phrase))
    for number, (names, text) in enumerate(wanted.about_like):
        pattern = "".join(f"%{part}" for part in _PARTS.findall(text)) + "%"
        said = "(SELECT string_agg(value, ' ') FROM jsonb_each_text(r.about) WHERE key = ANY(%(of{0})s))"
        need(f"{said.format(number)} ILIKE %(like{number})s", f"like{number}", pattern)
        values[f"of{number}"] = list(names)
    if wanted.about:
        need("r.about @> %(about)s", "about", Jsonb(dict(wanted.about)))
    return "".join(f" AND {part}" for part in parts), values
