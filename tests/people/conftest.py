"""The indexes on which uniqueness rests."""

from __future__ import annotations

import pytest

from hub import people
from hub.db import indexes


@pytest.fixture
def house(mongo: str) -> str:
    indexes.ensure(people.INDEXES)
    return mongo
