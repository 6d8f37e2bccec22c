"""Evaluate: prompt sets, runs of models over them, checks and what they say. Every function takes who asks first.

A person has their own sets and runs. What does not exist and what is not theirs look the same: NotFound.
"""

from hub.evals.reading import Imported, read_set
from hub.evals.sets import (
    add_rows,
    create_set,
    delete_set,
    draft_of,
    every_row,
    get_set,
    purge_sets,
    put_set,
    restore_set,
    save_set,
    set_rows,
    sets,
    versions,
)

__all__ = [
    "Imported",
    "add_rows",
    "create_set",
    "delete_set",
    "draft_of",
    "every_row",
    "get_set",
    "purge_sets",
    "put_set",
    "read_set",
    "restore_set",
    "save_set",
    "set_rows",
    "sets",
    "versions",
]
