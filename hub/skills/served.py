"""Skills for programs that come with an API key, in the three levels of disclosure: a list of names and descriptions, a
body that says what files there are, and the files."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from hub.db.who import Who
from hub.errors import NotFound
from hub.served import ServedResource
from hub.skills import shelf
from hub.skills.parse import FILE
from hub.skills.records import Skill, SkillFile


def resources(who: Who) -> Iterator[ServedResource]:
    """The SKILL.md of every skill that is on for the person, and, not listed, its files that are text."""
    for skill in (one.skill for one in shelf.on(who, {})):
        about = f"{skill.description} ({skill.body_tokens:,} tokens)"
        yield ServedResource(address(skill), skill.name, about, partial(_body, who, skill))
        for file in _texts(skill):
            mime = mimetypes.guess_type(file.path)[0] or "text/plain"
            read = partial(_file, who, skill, file.path)
            yield ServedResource(address(skill, file.path), file.path, "", read, mime, listed=False)


def address(skill: Skill, path: str = FILE) -> str:
    """Where a file of a skill is read, for example skill://pdf/references/forms.md."""
    return f"skill://{quote(skill.name)}/{quote(path)}"


def _texts(skill: Skill) -> list[SkillFile]:
    return [one for one in skill.files if one.tokens is not None]


def _body(who: Who, skill: Skill) -> str:
    """The whole SKILL.md; below it the addresses of what lies beside it, which its own words name by path."""
    text = shelf.version(who, skill.id).text
    lines = [f"- {address(skill, one.path)} ({one.size:,} bytes)" for one in _texts(skill)]
    return (
        text
        if not lines
        else "\n".join([text.rstrip(), "", "Files of this skill, to be read when they are needed:", *lines])
    )


def _file(who: Who, skill: Skill, path: str) -> str:
    text = shelf.file_text(who, skill.id, path)
    if text is None:
        raise NotFound(f"{path} is no text.")
    return text
