"""What a project is, as pages and routes see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Project:
    """A project of one person. `instructions` go into the system prompt of its chats.

    Its chats read the project's own memory; with `reads_personal_memory` also what is remembered outside of projects.
    """

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    instructions: str = ""
    archived: bool = False
    reads_personal_memory: bool = False
    deleted_at: datetime | None = None
