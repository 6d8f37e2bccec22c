"""Finding the skills in what was given: a folder, a zip, one SKILL.md.

Nothing is unpacked to a disk, no link is followed out of the folder, and nothing is read beyond the limits. What is
refused is named, and the others go on.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from hub.errors import BadInput
from hub.skills.package import LARGEST_FILE, Package, Refused, check_size, safe
from hub.skills.parse import FILE
from hub.skills.records import Problem

MOST_ENTRIES = 5_000
LARGEST_ZIP = 100_000_000
LARGEST_UNPACKED = 200_000_000
MOST_RATIO = 200
"""How much larger than packed a file of more than a megabyte may be."""
DEEPEST, MOST_FOLDERS = 6, 2_000
_SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", "__MACOSX", ".DS_Store", "node_modules", ".venv"})
_NAMES = ("SKILL.md", "skill.md")
_LICENSES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")

Found = list[Package | Refused]
_Files = Mapping[str, bytes | str]
"""By path: the bytes, or why it is not taken."""


def anything(path: Path) -> Found:
    """The skills of a folder, a .zip or .skill archive, or a Markdown file. Raises BadInput for anything else."""
    if path.is_dir():
        return folder(path)
    if not path.is_file():
        raise BadInput(f"There is no file or folder {path}.", hint="Nothing was imported.")
    if path.stat().st_size > LARGEST_ZIP:
        raise BadInput(f"{path.name} has more than {LARGEST_ZIP // 1_000_000} MB.", hint="Nothing was imported.")
    data = path.read_bytes()
    if path.name in _NAMES:  # alone, it still stands in the folder of its name
        return single(data, path.name, path.resolve().parent.name)
    return upload(path.name, data)


def upload(name: str, data: bytes) -> Found:
    """The skills of a file as it was uploaded. Raises BadInput for one that holds none."""
    if data.startswith(b"PK"):
        return archive(name, data)
    if name.lower().endswith((".md", ".markdown", ".txt")):
        return single(data, name)
    raise BadInput(
        f"{name} is neither a zip archive nor a SKILL.md.",
        hint="Nothing was imported. Give a folder, a .zip or .skill archive, or a SKILL.md.",
    )


def single(data: bytes, name: str, parent: str | None = None) -> Found:
    """One SKILL.md without files."""
    try:
        return [Package(data.decode("utf-8"), folder=parent, path=name)]
    except UnicodeDecodeError:
        return [Refused(name, "It is no text in UTF-8.", name)]


def folder(root: Path) -> Found:
    """The skills below a folder, or the one that it is."""
    if not root.is_dir():
        raise BadInput(f"There is no folder {root}.", hint="Nothing was imported.")
    real = root.resolve()
    try:
        files = dict(_walk(real, real))
    except OSError as error:
        raise BadInput(f"{error.filename or root} cannot be read: {error.strerror}.") from error
    return sort(files, real.name)


def _walk(root: Path, at: Path) -> Iterator[tuple[str, bytes | str]]:
    count = folders = size = 0
    waiting = [(at, 0)]
    while waiting:
        here, depth = waiting.pop()
        folders += 1
        if folders > MOST_FOLDERS:
            raise BadInput(f"There are more than {MOST_FOLDERS:,} folders.", hint="Nothing was imported.")
        for entry in sorted(os.scandir(here), key=lambda one: one.name):
            if entry.name in _SKIPPED:
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))
                continue
            count += 1
            if count > MOST_ENTRIES:
                raise BadInput(f"There are more than {MOST_ENTRIES:,} files.", hint="Nothing was imported.")
            content = _content(root, Path(entry.path))
            size += len(content)
            if size > LARGEST_UNPACKED:
                said = f"The files have more than {LARGEST_UNPACKED // 1_000_000} MB together."
                raise BadInput(said, hint="Nothing was imported.")
            yield Path(entry.path).relative_to(root).as_posix(), content


def _content(root: Path, path: Path) -> bytes | str:
    """The bytes of a file, or why they are not taken."""
    real = path.resolve()
    if path.is_symlink() and not real.is_relative_to(root):
        return "is a link that leads out of the folder"
    if not stat.S_ISREG(real.stat().st_mode if real.exists() else 0):
        return "is no ordinary file"
    if real.stat().st_size > LARGEST_FILE:
        return f"has more than {LARGEST_FILE // 1_000_000} MB"
    return real.read_bytes()


def archive(name: str, data: bytes) -> Found:
    """The skills in a zip. Raises BadInput for an archive that is broken, or too large when unpacked."""
    stem = PurePosixPath(name).stem
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            entries = [one for one in opened.infolist() if not one.is_dir()]
            _check(name, entries)
            files, refused = _entries(opened, entries)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise BadInput(f"{name} cannot be unpacked: {error}.", hint="Nothing was imported.") from error
    return [*sort(files, stem), *refused]


def _check(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        said = f"{name} has {len(entries):,} files; at most {MOST_ENTRIES:,} are taken."
        raise BadInput(said, hint="Nothing was imported.")
    if sum(one.file_size for one in entries) > LARGEST_UNPACKED:
        said = f"{name} would have more than {LARGEST_UNPACKED // 1_000_000} MB when unpacked."
        raise BadInput(said, hint="Nothing was imported.")
    for one in entries:
        if one.file_size > 1_000_000 and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            said = f"{name} is no honest archive: {one.filename[:120]} unpacks to {one.file_size // 1_000_000} MB."
            raise BadInput(said, hint="Nothing was imported.")


def _entries(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> tuple[dict[str, bytes | str], list[Refused]]:
    files: dict[str, bytes | str] = {}
    refused: list[Refused] = []
    for one in entries:
        try:
            path = safe(one.filename)
        except BadInput as error:
            refused.append(Refused(one.filename[:120], error.message, one.filename[:120]))
            head = one.filename.replace("\\", "/").split("/", 1)[0]
            if head not in {"", ".", ".."}:  # the skill that it pretends to belong to is not taken either
                files[f"{head}/{FILE}.refused"] = error.message
            continue
        if not _SKIPPED & set(path.split("/")):
            files[path] = _unpacked(opened, one)
    return files, refused


def _unpacked(opened: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes | str:
    if stat.S_ISLNK(one.external_attr >> 16):
        return "is a link, which an archive may not hold"
    if one.file_size > LARGEST_FILE:
        return f"has more than {LARGEST_FILE // 1_000_000} MB"
    with opened.open(one) as stream:  # what the header says of the size is not believed
        data = stream.read(LARGEST_FILE + 1)
    return data if len(data) <= LARGEST_FILE else f"has more than {LARGEST_FILE // 1_000_000} MB"


def sort(files: _Files, whole: str) -> Found:
    """The skills among files: each folder with a SKILL.md is one, with everything below it. `whole` is the name of the
    folder that holds all of them."""
    heads = sorted({str(PurePosixPath(path).parent) for path in files if PurePosixPath(path).name in _NAMES})
    tops = [one for one in heads if not any(_within(one, other) for other in heads if other != one)]
    if not tops:
        said = f"There is no {FILE} in it."
        return [Refused(whole, said)]
    return [_skill(files, top, whole) for top in tops]


def _within(path: str, folder: str) -> bool:
    return folder == "." or path.startswith(f"{folder}/")


def _skill(files: _Files, top: str, whole: str) -> Package | Refused:
    name = whole if top == "." else PurePosixPath(top).name
    inside = {path if top == "." else path[len(top) + 1 :]: one for path, one in files.items() if _within(path, top)}
    head = next(one for one in _NAMES if one in inside)
    wrong = [f"{path} {one}" for path, one in inside.items() if isinstance(one, str)]
    if wrong:
        return Refused(name, f"{_and(wrong)}.", top)
    taken = {path: one for path, one in inside.items() if isinstance(one, bytes)}
    text = taken.pop(head)
    if top != "." and not set(taken) & set(_LICENSES) and (license_ := _license(files, top)):
        taken["LICENSE"] = license_
    problems = () if head == FILE else (Problem("file_name", "", f"Its file is called {head}, not {FILE}."),)
    try:
        check_size(taken)
        return Package(text.decode("utf-8"), taken, name, top, problems)
    except UnicodeDecodeError:
        return Refused(name, f"{FILE} is no text in UTF-8.", top)
    except BadInput as error:
        return Refused(name, error.message, top)


def _license(files: _Files, top: str) -> bytes | None:
    """The licence that the nearest folder above states for everything in it; it has to stay with the skill."""
    above = PurePosixPath(top)
    for folder_ in above.parents:
        for name in _LICENSES:
            found = files.get(name if str(folder_) == "." else f"{folder_}/{name}")
            if isinstance(found, bytes):
                return found
    return None


def _and(wrong: Iterable[str]) -> str:
    some = list(wrong)
    return some[0] if len(some) == 1 else f"{some[0]}, and {len(some) - 1} more files are not taken"
