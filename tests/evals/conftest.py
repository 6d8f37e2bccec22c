"""The store with what evaluations need, and two people."""

from __future__ import annotations

import pytest

from hub import files
from hub.db import indexes
from hub.db.who import Who
from hub.evals import store_sets

ANNA = Who("anna", "Anna")
BERT = Who("bert", "Bert")


@pytest.fixture
def stored(mongo: str) -> str:
    """The store with its indexes."""
    indexes.ensure([*store_sets.INDEXES, *files.INDEXES])
    return mongo
