"""A check written in Python, for when there is a place where strangers' code may run."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from hub.evals.checks.base import CannotTell, Found, Plain, Subject


class Python(Plain):
    """Never runs in the hub's own process; kept so that a set that has one can be read and stored."""

    TITLE: ClassVar[str] = "Python"
    SAYS: ClassVar[str] = "Off: there is no sandbox yet in which code could run."

    kind: ClassVar[str] = "python"
    value: str = Field(title="Code", json_schema_extra={"form": "code"})

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell."""
        raise CannotTell("Python checks are off: there is no sandbox yet in which code could run. Nothing was run.")
