"""The rules of the Agent Skills format, strictly: for what is written or shared with everybody here.

The limits are those of the specification (agentskills, August 2026); letters of names are those that its reference
validator takes, which are more than a to z.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, cast

from hub.skills.records import Problem

NAME, DESCRIPTION, COMPATIBILITY = 64, 1024, 500
"""Most characters of these fields."""
FIELDS = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")


def problems(fields: Mapping[str, Any], folder: str | None = None) -> list[Problem]:
    """Every rule that the fields of a SKILL.md break; `folder` is the name of the directory that it stands in, None
    when it stands in none."""
    found = [
        Problem("unknown_field", key, f"The format has no field “{_short(key)}”.")
        for key in sorted(fields.keys() - set(FIELDS))
    ]
    found += _name(fields.get("name"), folder)
    found += _text(fields, "description", DESCRIPTION, needed=True)
    found += _text(fields, "compatibility", COMPATIBILITY)
    found += _text(fields, "license", None)
    found += _text(fields, "allowed-tools", None)
    return found + _metadata(fields)


def normal(name: str) -> str:
    """A name as it is compared: without blanks around it, in Unicode's NFKC form."""
    return unicodedata.normalize("NFKC", name.strip())


def _name(given: Any, folder: str | None) -> list[Problem]:
    if given is None:
        return [Problem("missing", "name", "The name is missing.")]
    if not isinstance(given, str) or not given.strip():
        return [Problem("empty", "name", "The name is empty.")]
    name = normal(given)
    broken = (
        ("too_long", len(name) > NAME, f"The name has {len(name)} characters; at most {NAME} are allowed."),
        ("upper_case", name != name.lower(), "The name has capital letters."),
        ("edge_hyphen", name.startswith("-") or name.endswith("-"), "The name begins or ends with a hyphen."),
        ("double_hyphen", "--" in name, "The name has two hyphens in a row."),
        (
            "characters",
            not all(one.isalnum() or one == "-" for one in name),
            "The name has other characters than lowercase letters, digits and hyphens.",
        ),
        (
            "folder",
            folder is not None and normal(folder) != name,
            f"The name is “{_short(name)}”, but its folder is “{_short(folder or '')}”.",
        ),
    )
    return [Problem(code, "name", said) for code, holds, said in broken if holds]


def _text(fields: Mapping[str, Any], key: str, most: int | None, *, needed: bool = False) -> list[Problem]:
    if key not in fields:
        return [Problem("missing", key, f"The {key} is missing.")] if needed else []
    value = fields[key]
    if not isinstance(value, str):
        return [Problem("no_text", key, f"The field “{key}” must be one text.")]
    if not value.strip():
        return [Problem("empty", key, f"The field “{key}” is empty.")]
    if most is not None and len(value) > most:
        said = f"The {key} has {len(value):,} characters; at most {most:,} are allowed."
        return [Problem("too_long", key, said)]
    return []


def _metadata(fields: Mapping[str, Any]) -> list[Problem]:
    if "metadata" not in fields:
        return []
    value = fields["metadata"]
    if not isinstance(value, dict):
        return [Problem("no_mapping", "metadata", "The metadata must be names with a text each.")]
    wrong = [key for key, one in cast("dict[str, Any]", value).items() if not isinstance(one, str)]
    return [Problem("no_text", "metadata", f"The metadata “{_short(key)}” is no text.") for key in wrong]


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
