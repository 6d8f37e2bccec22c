"""Brings both stores to the form of this version of the code."""

from __future__ import annotations

from importlib import import_module

from hub.db import indexes
from hub.db.migrations import mongo, postgres

STORES = (
    "hub.agents.ask_store",
    "hub.agents.store",
    "hub.chat.store",
    "hub.compare.store",
    "hub.db.beats",
    "hub.documents.store",
    "hub.evals.moment_store",
    "hub.evals.replies_store",
    "hub.evals.runs_store",
    "hub.evals.store_sets",
    "hub.evals.words_store",
    "hub.files.store",
    "hub.mcp.store",
    "hub.memory.store",
    "hub.models.catalogue",
    "hub.models.connections",
    "hub.notify.channels",
    "hub.people.store",
    "hub.plugins.store",
    "hub.projects.store",
    "hub.runs.store",
    "hub.schedules.store",
    "hub.skills.store",
    "hub.tools.store",
    "hub.tools.openapi.store",
    "hub.tools.searching.chosen",
    "hub.tools.switches",
    "hub.tools.vectors",
    "hub.votes.store",
)
"""Every module with an `INDEXES` list: each store declares the indexes of its own collections."""


def migrate_mongo() -> list[str]:
    """Runs missing steps and ensures all indexes; returns the names of the steps that ran. Raises StoreDown."""
    wanted: list[indexes.Index] = []
    for name in STORES:
        wanted += import_module(name).INDEXES
    return mongo.apply(wanted)


def migrate_postgres() -> list[str]:
    """Runs missing steps; returns their names. Raises StoreDown."""
    return postgres.apply()
