"""Nothing crosses from one person, project or temporary chat to another."""

from __future__ import annotations

import pytest

from hub.memory import index
from tests.memory import soak


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("seed", [1, 2])
def test_random_operations_never_cross(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(index, "embedder", soak.Quick)
    found = soak.run(200, seed)
    assert found.wrong == []
    assert found.done["blocks"] > 10
