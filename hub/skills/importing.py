"""Importing by where from: what was found is looked at first, and taken by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.db.who import Who
from hub.errors import BadInput
from hub.skills import git, read, take
from hub.skills.read import Found
from hub.skills.records import Imported, Kind, Origin


@dataclass(frozen=True, slots=True)
class Source:
    """What was found somewhere, and where that is. It is held between looking and taking, so that what is taken is
    what was looked at."""

    found: Found
    origin: Origin


def from_path(path: Path) -> Source:
    """The skills of a folder, an archive or a SKILL.md on this machine. Raises BadInput."""
    kind: Kind = "folder" if path.is_dir() else "file" if path.suffix.lower() == ".md" else "zip"
    return Source(read.anything(path), Origin(kind, path.resolve().name))


def from_folder(who: Who, path: str) -> Source:
    """The skills of a folder on the hub's machine, for administrators alone. Raises BadInput."""
    if who.role != "admin":
        raise BadInput("Only an administrator imports from a folder of the hub's machine.", hint="Upload a zip.")
    folder = Path(path.strip()).expanduser()
    if not folder.is_absolute():
        raise BadInput("A folder is named from the root on, like /srv/skills.", hint="Nothing was imported.")
    return from_path(folder)


def from_upload(name: str, data: bytes) -> Source:
    """The skills of an uploaded zip or SKILL.md. Raises BadInput."""
    return Source(read.upload(name, data), Origin("zip" if data.startswith(b"PK") else "file", name[:200]))


def from_git(address: str, ref: str = "", path: str = "") -> Source:
    """The skills of a repository, at the commit that the branch or tag points at now. Raises BadInput."""
    return Source(*git.fetch(git.repository(address, ref, path)))


def look(who: Who, source: Source) -> list[Imported]:
    """What taking them would do, one by one; nothing is stored."""
    return take.look(who, source.found, source.origin)


def import_(who: Who, source: Source, *, only: Sequence[str] | None = None, switch: bool = True) -> list[Imported]:
    """Takes them, with `only` those of these names. New ones without findings are switched on for the person, with
    `switch`. Raises BadInput and StoreDown."""
    return take.take(who, source.found, source.origin, only=only, switch=switch)
