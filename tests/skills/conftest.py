"""Skills on a real store, written by the test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from hub.db import indexes
from hub.db.who import Who
from hub.models.types import ModelInfo
from hub.skills import importing, plugin, store
from hub.skills.records import Imported
from hub.turns import Block, ToolResult, Turn

ANNA, BEN, BOSS = Who("anna", "Anna"), Who("ben", "Ben"), Who("boss", "Boss", "admin")
MODEL = ModelInfo("c/m", "m", "c", "C", "openai", "M", context=128_000, abilities=frozenset({"tools"}))
DATA = Path(__file__).parent / "data" / "superpowers"


@pytest.fixture
def skills(mongo: str) -> Iterator[None]:
    """An empty store of skills."""
    indexes.ensure(store.INDEXES)
    yield
    for who in (ANNA, BEN, BOSS):
        store.forget(who, everybody=True)


def md(
    name: str = "brew-tea", description: str = "Brews tea.", body: str = "# Tea\n\nBoil water.", more: str = ""
) -> str:
    """A SKILL.md; `more` are further lines of its head."""
    return f"---\nname: {name}\ndescription: {description}\n{more}---\n\n{body}\n"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return made.getvalue()


def given(files: Mapping[str, str | bytes], who: Who = ANNA, name: str = "some.zip") -> list[Imported]:
    """Imports an archive of these files."""
    return importing.import_(who, importing.from_upload(name, zipped(files)))


def written(name: str, description: str = "Brews tea.", body: str = "Boil.", *, who: Who = ANNA, **files: str) -> str:
    """Imports one skill with files; its id. `references__a` stands for references/a."""
    paths = {f"{name}/{path.replace('__', '/')}.md": text for path, text in files.items()}
    [one] = given({f"{name}/SKILL.md": md(name, description, body), **paths}, who)
    assert one.id, one
    return one.id


def turn(question: str = "hello", *, who: Who = ANNA, scope: str = "", **more: Any) -> Turn:
    """A model about to answer."""
    at = more.pop("conversation", str(ObjectId()))
    return Turn(who, at, str(ObjectId()), question, more.pop("model", MODEL), scope, asked=str(ObjectId()), **more)


def blocks(asked: Turn) -> Sequence[Block]:
    """What the room puts into the prompt."""
    return plugin.chat_context(asked)


def bodies(asked: Turn) -> dict[str, str]:
    """The bodies in the prompt by the title of their block."""
    return {one.title: one.text for one in blocks(asked) if one.text.startswith("<skill")}


def listed(asked: Turn) -> str:
    """The catalogue in the prompt."""
    return next((one.text for one in blocks(asked) if one.title.startswith("Catalogue")), "")


def call(asked: Turn, tool: str, /, **arguments: Any) -> ToolResult:
    """What a tool gives in a turn."""
    return {one.name: one for one in plugin.tools(asked)}[tool].call(arguments)
