"""A skill that is on its way in: its SKILL.md and its files, in memory, before anything is stored."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, cast

from hub.errors import BadInput
from hub.models import estimate
from hub.skills import validate
from hub.skills.parse import FILE, Parsed, parse
from hub.skills.records import Problem, SkillFile

MOST_FILES = 500
LARGEST_FILE = 8_000_000
LARGEST = 20_000_000
"""Bytes of all files of a skill."""
SLOTS = ("disable-model-invocation", "user-invocable")


@dataclass(frozen=True, slots=True)
class Package:
    """`text` is the SKILL.md as it came, `files` what lies beside it by path, `folder` the name of its directory (None
    when it came alone), `path` where that stands in what was given."""

    text: str
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes], hash=False)
    folder: str | None = None
    path: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in what was given that is not taken, and why."""

    name: str
    said: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A package that was read: its name here, its fields with what was mended, and every rule that it breaks."""

    name: str
    fields: Mapping[str, Any]
    body: str
    problems: tuple[Problem, ...]
    package: Package

    def text(self, key: str) -> str:
        """A field as one text, however it was written."""
        value = self.fields.get(key, "")
        if isinstance(value, list):
            return " ".join(str(one) for one in cast("list[Any]", value))
        return value.strip() if isinstance(value, str) else str(value)

    @property
    def metadata(self) -> dict[str, str]:
        """Its metadata, texts only."""
        value = self.fields.get("metadata")
        given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        return {key: one if isinstance(one, str) else repr(one)[:200] for key, one in given.items()}

    @property
    def quiet(self) -> bool:
        """Whether it asks that no model activates it by itself."""
        return self.text(SLOTS[0]).lower() == "true"


def understand(package: Package) -> Understood:
    """Reads a package leniently. Raises BadInput for one that cannot be a skill: unreadable, or without a description,
    which is all that a model would know it by."""
    parsed = parse(package.text)
    found = (*package.problems, *parsed.problems, *validate.problems(parsed.fields, package.folder))
    name = _name(parsed, package.folder)
    description = parsed.fields.get("description")
    if not isinstance(description, str) or not description.strip():
        raise BadInput(f"{FILE} has no description, so no model could know what it is for.")
    return Understood(name, parsed.fields, parsed.body, found, package)


def _name(parsed: Parsed, folder: str | None) -> str:
    given = parsed.fields.get("name")
    for one in (given if isinstance(given, str) else "", folder or ""):
        if slug := slugged(one):
            return slug
    raise BadInput(f"{FILE} has no name, and its folder has none that could stand for it.")


def slugged(text: str) -> str:
    """The name of the format that comes nearest to `text`; "" when nothing is left of it."""
    lower = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(one if one.isalnum() else "-" for one in lower)
    return re.sub("-+", "-", kept)[: validate.NAME].strip("-")


def check_size(files: Mapping[str, bytes]) -> None:
    """Raises BadInput when a skill has too many files, or too large ones."""
    if len(files) > MOST_FILES:
        raise BadInput(f"It has {len(files):,} files; at most {MOST_FILES} are taken.")
    for path, data in files.items():
        safe(path)
        if len(data) > LARGEST_FILE:
            raise BadInput(f"The file {path} has more than {LARGEST_FILE // 1_000_000} MB.")
    if sum(map(len, files.values())) > LARGEST:
        raise BadInput(f"Its files have more than {LARGEST // 1_000_000} MB together.")


def safe(path: str) -> str:
    """`path` as it is kept, relative and with slashes. Raises BadInput for one that leads out of the skill."""
    pieces = PurePosixPath(path.replace("\\", "/")).parts
    odd = any(one in {"..", "/"} or unicodedata.category(letter) == "Cc" for one in pieces for letter in one)
    if not pieces or odd or path.startswith(("/", "\\")) or re.match("[A-Za-z]:", path) or len(path) > 400:
        raise BadInput(f"The path {path[:120]!r} leads out of the skill.")
    return "/".join(pieces)


def described(path: str, data: bytes) -> SkillFile:
    """A file as it is listed."""
    text = as_text(data)
    count = None if text is None else estimate.tokens(text)
    return SkillFile(path, len(data), hashlib.sha256(data).hexdigest(), count)


def as_text(data: bytes) -> str | None:
    """The text of a file; None for one that is none."""
    if b"\x00" in data[:8192]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
