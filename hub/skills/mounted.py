"""The mounted directory (`HUB_SKILLS_DIR`): skills for everybody that live in a folder, read at start and on change.

They cannot be changed here, and stand in no store. One with findings is off until a person switches it on for
themselves; the others are on.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from hub.db.mongo import now
from hub.errors import BadInput, HubError
from hub.settings import settings
from hub.skills import read
from hub.skills.package import Package, understand
from hub.skills.records import Imported, Origin, Problem, Skill, Version
from hub.skills.rows import make

PREFIX = "mounted:"
SECONDS = 2.0
"""How long what was read holds before the folder is looked at again."""
_skill = TypeAdapter(Skill)


@dataclass(frozen=True, slots=True)
class Mounted:
    """The directory as it was read: skills and packages by id, and what was refused."""

    skills: Mapping[str, Skill] = field(default_factory=dict[str, Skill])
    packages: Mapping[str, Package] = field(default_factory=dict[str, Package])
    refused: tuple[Imported, ...] = ()
    trouble: str = ""


class _Folder:
    """One directory, read again when a file in it has changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._place: str = ""
        self._print: str = ""
        self._looked = float("-inf")
        self._known = Mounted()

    def read(self, place: str, *, at_once: bool = False) -> Mounted:
        with self._lock:
            if place != self._place:
                self._place, self._print, self._known = place, "", Mounted()
                self._looked = float("-inf")
            if at_once or self._clock() - self._looked > SECONDS:
                self._refresh()
            return self._known

    def _refresh(self) -> None:
        root = Path(self._place)
        try:
            seen = _fingerprint(root)
            if seen != self._print:
                self._known, self._print = _read(root), seen
        except (HubError, OSError) as error:
            said = error.message if isinstance(error, HubError) else f"{root} cannot be read: {error.strerror}."
            self._known, self._print = Mounted(trouble=said), ""
        self._looked = self._clock()


_folder = _Folder()


def directory(*, at_once: bool = False) -> Mounted:
    """What the mounted directory holds now; nothing where none is set. `at_once` looks at it however fresh it is."""
    place = settings().skills_dir
    return _folder.read(place, at_once=at_once) if place else Mounted()


def versions(skill: str) -> list[Version]:
    """The one version that a mounted skill has; empty when there is no such skill."""
    found = directory()
    one = found.skills.get(skill)
    if one is None:
        return []
    return [Version(1, found.packages[skill].text, one.files, one.updated_at or now(), "from the folder", one.origin)]


def _fingerprint(root: Path) -> str:
    """Changes when any file below does: names, sizes and times."""
    if not root.is_dir():
        raise BadInput(f"There is no folder {root}.")
    parts: list[str] = []
    for place, (folder, _, names) in enumerate(os.walk(root)):
        if place > read.MOST_FOLDERS:
            break
        for name in sorted(names):
            about = (Path(folder) / name).lstat()
            parts.append(f"{folder}/{name}\t{about.st_size}\t{about.st_mtime_ns}\t{about.st_ino}")
    return "\n".join(parts)


def _read(root: Path) -> Mounted:
    skills: dict[str, Skill] = {}
    packages: dict[str, Package] = {}
    refused: list[Imported] = []
    for one in read.folder(root):
        if not isinstance(one, Package):
            refused.append(Imported(one.name, "refused", one.said, path=one.path))
            continue
        try:
            made = make(understand(one), Origin("mounted", str(root), path=one.path))
        except BadInput as error:
            problem = Problem("refused", "", error.message)
            refused.append(Imported(one.folder or "", "refused", error.message, (problem,), path=one.path))
            continue
        id_ = PREFIX + made.package.name
        if id_ in skills:
            said = f"There is another skill “{made.package.name}” in it."
            refused.append(Imported(made.package.name, "refused", said, path=one.path))
            continue
        changed = datetime.fromtimestamp((root / one.path).stat().st_mtime, UTC)
        everybody = "off" if made.findings else "on"
        more = {"id": id_, "owner": "", "version": 1, "updated_at": changed, "everybody": everybody}
        skills[id_] = _skill.validate_python({**made.fields, **more})
        packages[id_] = one
    return Mounted(skills, packages, tuple(refused))
