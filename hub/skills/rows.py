"""From a skill that was read to the rows that are stored of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bson import ObjectId

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.models import estimate
from hub.skills.catalogue import line
from hub.skills.package import Understood, as_text, described
from hub.skills.records import Finding, Origin, Problem, Skill, SkillFile
from hub.skills.scan import scan
from hub.skills.store import SCHEMA
from hub.skills.validate import FIELDS

HEAD = 4_000
"""Characters of the body that search reads."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a package comes to: the fields of its row, its files, and what the scan found."""

    package: Understood
    fields: Mapping[str, Any]
    files: tuple[SkillFile, ...]
    findings: tuple[Finding, ...]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The rules that it breaks, and what was mended."""
        return self.package.problems


def make(understood: Understood, origin: Origin) -> Made:
    """Everything that is stored of a package but ids and times."""
    package = understood.package
    files = tuple(described(path, data) for path, data in sorted(package.files.items()))
    findings = scan(package.text, package.files)
    description = understood.text("description")
    fields: Document = {
        "name": understood.name,
        "description": description,
        "license": understood.text("license") or _license(package.files),
        "compatibility": understood.text("compatibility"),
        "allowed_tools": understood.text("allowed-tools"),
        "metadata": understood.metadata,
        "extra": sorted(understood.fields.keys() - set(FIELDS)),
        "line_tokens": estimate.tokens(line(understood.name, description)),
        "body_tokens": estimate.tokens(understood.body),
        "file_tokens": sum(one.tokens or 0 for one in files),
        "files": [asdict(one) for one in files],
        "warnings": [asdict(one) for one in understood.problems],
        "findings": [asdict(one) for one in findings],
        "head": understood.body[:HEAD],
        "quiet": understood.quiet,
        "origin": asdict(origin),
    }
    return Made(understood, fields, files, findings)


def _license(files: Mapping[str, bytes]) -> str:
    """What a licence file beside SKILL.md calls itself, "" without one."""
    for path in sorted(files):
        text = as_text(files[path]) if re.match(r"(?i)(?:licen[cs]e|copying)[^/]*$", path) else None
        for said in (text or "").splitlines():
            if said.strip("# \t"):
                return said.strip("# \t")[:80]
    return ""


def skill_row(who: Who, made: Made, id_: ObjectId) -> Document:
    """The row of a new skill."""
    new = {"_id": id_, "owner": who.id, "schema": SCHEMA, "version": 1, "everybody": "off", "shared": False}
    return {**new, **made.fields, "created_at": now(), "updated_at": now()}


def version_row(who: Who, made: Made, skill: ObjectId, number: int, why: str) -> Document:
    """The row of a version."""
    return {
        "_id": ObjectId(),
        "owner": who.id,
        "skill": skill,
        "number": number,
        "text": made.package.package.text,
        "files": made.fields["files"],
        "at": now(),
        "why": why,
        "origin": made.fields["origin"],
    }


def file_rows(who: Who, made: Made, skill: ObjectId, known: Iterable[str] = ()) -> list[Document]:
    """The rows of the files whose content is not kept yet."""
    seen = set(known)
    out: list[Document] = []
    for one in made.files:
        if one.digest not in seen:
            seen.add(one.digest)
            data = made.package.package.files[one.path]
            out.append({"_id": ObjectId(), "owner": who.id, "skill": skill, "digest": one.digest, "data": data})
    return out


def same(skill: Skill, text: str, made: Made) -> bool:
    """Whether a stored skill, whose SKILL.md is `text`, has the content of what was made."""
    return text == made.package.package.text and skill.files == made.files
