"""Indexes of Mongo collections, declared by the store that owns the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.db.mongo import collection, reachable

Index = tuple[str, Sequence[tuple[str, int]], Mapping[str, Any]]
"""Collection, (field, direction) pairs, options of `create_index`: `("messages", [("conversation", 1)], {})`."""


def ensure(indexes: Sequence[Index]) -> None:
    """Makes the indexes that are missing; quick when all are there."""
    with reachable():
        for name in dict.fromkeys(index[0] for index in indexes):
            there = {tuple(found["key"]) for found in collection(name).index_information().values()}
            for _, keys, options in (index for index in indexes if index[0] == name):
                if tuple(keys) not in there:
                    collection(name).create_index(list(keys), **options)
