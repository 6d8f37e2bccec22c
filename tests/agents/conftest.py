"""Agents on a real store."""

from __future__ import annotations

import pytest

from hub.agents import store
from hub.db import indexes


@pytest.fixture
def agent_store(mongo: str) -> None:
    """An empty store of agents."""
    indexes.ensure(store.INDEXES)
