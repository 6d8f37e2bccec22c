"""Nothing crosses from one owner, collection or scope to another, whatever is done in whatever order."""

from __future__ import annotations

import pytest

from tests.search.crossing import sequences


@pytest.mark.timeout(600)
def test_random_operations_never_cross(index_store: None) -> None:
    sequences(200)()
