"""Taking skills out: as a folder, or as a zip that holds one; what came in goes out byte for byte."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from hub.db.who import Who
from hub.errors import BadInput
from hub.skills import shelf
from hub.skills.parse import FILE

_WHEN = (2026, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same skill makes the same archive."""


def everything(who: Who, skill: str, number: int | None = None) -> tuple[str, dict[str, bytes]]:
    """The name of a skill, and all of its files with SKILL.md by path. Raises NotFound."""
    name = shelf.find(who, skill).name
    return name, {FILE: shelf.version(who, skill, number).text.encode(), **shelf.files(who, skill, number)}


def as_zip(who: Who, skill: str, number: int | None = None) -> bytes:
    """A skill as an archive of its folder. Raises NotFound."""
    name, files = everything(who, skill, number)
    return _zip({f"{name}/{path}": data for path, data in files.items()})


def all_as_zip(who: Who) -> bytes:
    """Every skill of the person in one archive."""
    found: dict[str, bytes] = {}
    for shown in shelf.skills(who):
        if shown.mine:
            name, files = everything(who, shown.skill.id)
            found |= {f"{name}/{path}": data for path, data in files.items()}
    return _zip(found)


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            about = zipfile.ZipInfo(path, _WHEN)
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, data)
    return made.getvalue()


def as_folder(who: Who, skill: str, where: Path) -> Path:
    """Writes a skill as a folder of its name into `where`; returns it. Raises NotFound, and BadInput when there is such
    a folder."""
    name, files = everything(who, skill)
    target = where / name
    if target.exists():
        raise BadInput(f"There is {target} already.", hint="Nothing was written. Choose another folder.")
    for path, data in files.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return target
