"""Settings of a plugin: every kind of field, kept and given back."""

from __future__ import annotations

import pytest

from hub import plugins
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from hub.plugins import Field
from tests.plugins.conftest import ADMIN, Put

MODEL = '''
from typing import Literal
from pydantic import BaseModel, Field, SecretStr

class Door(BaseModel):
    code: SecretStr

class Settings(BaseModel):
    """Everything."""
    name: str
    size: Literal["small", "large"] = "small"
    count: int = 3
    share: float | None = Field(None, title="Share of it", description="Between 0 and 1.", ge=0, le=1)
    on: bool = True
    words: list[str] = ["a"]
    more: dict[str, int] = {}
    key: SecretStr | None = None
    door: Door | None = None
'''


def fields() -> dict[str, Field]:
    return {one.name: one for one in plugins.every(ADMIN)[0].fields}


def test_each_field_has_its_kind(put: Put) -> None:
    put(all=MODEL)
    found = fields()
    assert {name: one.kind for name, one in found.items()} == {
        "name": "text",
        "size": "choice",
        "count": "whole",
        "share": "number",
        "on": "switch",
        "words": "lines",
        "more": "json",
        "key": "secret",
        "door": "secret",
    }
    assert found["size"].choices == ("small", "large")
    assert (found["share"].label, found["share"].help) == ("Share of it", "Between 0 and 1.")
    assert found["name"].required and not found["count"].required
    assert (found["count"].value, found["key"].value) == (3, None)


def test_what_is_kept_comes_back(put: Put) -> None:
    put(all=MODEL)
    with pytest.raises(BadInput, match="name: Field required"):
        plugins.settings("all")
    plugins.save_settings(ADMIN, "all", {"name": "Ada", "words": ["x", "y"], "key": "sk-1", "door": {"code": "1234"}})
    kept = plugins.settings("all")
    assert (kept.name, kept.words, kept.key.get_secret_value()) == ("Ada", ["x", "y"], "sk-1")
    assert kept.door.code.get_secret_value() == "1234"
    row = str(collection("plugins").find_one({"_id": "all"}))
    assert "sk-1" not in row and "1234" not in row
    plugins.save_settings(ADMIN, "all", {"key": None, "share": 0.5})
    assert (plugins.settings("all").key, plugins.settings("all").share) == (None, 0.5)
    assert fields()["door"].stored and not fields()["key"].stored


@pytest.mark.parametrize("wrong", [{"share": 5}, {"size": "huge"}, {"gone": 1}, {"count": "many"}])
def test_what_does_not_fit_is_named_and_not_kept(put: Put, wrong: dict[str, object]) -> None:
    put(all=MODEL)
    plugins.save_settings(ADMIN, "all", {"name": "Ada"})
    with pytest.raises(BadInput, match=next(iter(wrong))):
        plugins.save_settings(ADMIN, "all", wrong)
    assert plugins.settings("all").share is None


def test_a_model_that_changed_says_what_no_longer_fits(put: Put) -> None:
    put(all=MODEL)
    plugins.save_settings(ADMIN, "all", {"name": "Ada", "count": 7})
    put(all=MODEL.replace("count: int = 3", "count: Literal[1, 2] = 1"))
    with pytest.raises(BadInput, match="count"):
        plugins.settings("all")
    assert fields()["count"].value == 7


def test_one_without_settings(put: Put) -> None:
    put(all="Settings = 5")
    assert fields() == {}
    with pytest.raises(NotFound):
        plugins.settings("all")
