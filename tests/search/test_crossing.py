"""Nothing crosses from one owner, collection or scope to another, whatever is done in whatever order."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from tests.search.crossing import SPACES, play, sequences


@pytest.mark.timeout(600)
def test_random_operations_never_cross(index_store: None) -> None:
    sequences(200)()


@pytest.mark.parametrize("missing", ["owner", "scope"])
def test_a_question_without_one_of_its_conditions_is_found(
    index_store: None, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    find: Any = import_module("hub.search.find")
    others = ", ".join(name for name in ("collection", "owner", "scope") if name != missing)
    monkeypatch.setattr(find, "_SPACES", find._SPACES.replace("USING (collection, owner, scope)", f"USING ({others})"))
    with pytest.raises(AssertionError):
        play([("put", place, [0], "river") for place in range(len(SPACES))])
