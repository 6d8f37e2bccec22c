"""A hub whose data folder has plugins in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub import hooks
from hub.db.who import Who
from hub.plugins import errors, finding
from hub.settings import settings
from tests.chat.conftest import engine, model, server, stored
from tests.documents.conftest import _no_reader_left

__all__ = ["_no_reader_left", "engine", "model", "server", "stored"]

ADMIN = Who("admin", "Ada", "admin")
DOC = Path(__file__).parents[2] / "docs" / "plugins.md"
Put = Callable[..., None]


def forget() -> None:
    """Has the next look load plugins anew, as a new process would."""
    finding.forget()
    hooks.plugins.cache_clear()
    errors._here.clear()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Begun before the stores and the engine, so it ends after them: what they ask for while they end loads plugins."""
    yield
    forget()


@pytest.fixture
def put(stored: str) -> Put:
    """`put(tides="text of a module")` puts plugins into the data folder and loads all that are there."""

    def write(**plugins: str) -> None:
        folder = settings().data / "plugins"
        folder.mkdir(exist_ok=True)
        for name, text in plugins.items():
            (folder / f"{name}.py").write_text(text)
        forget()
        hooks.plugins()

    return write


def worked() -> str:
    """The plugin that the documentation shows."""
    found = re.search(r"```python\n(.*?)```", DOC.read_text(), re.DOTALL)
    assert found
    return found[1]
