"""What the supervisor needs of a store that comes with the hub."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Protocol


class EmbeddedStore(Protocol):
    """What the supervisor needs of a store."""

    name: str
    folder: Path
    log: Path

    @property
    def url(self) -> str:
        """Where clients connect, with the password."""
        ...

    def prepare(self) -> None:
        """Makes the data folder ready; quick when it already is. May run in any thread."""
        ...

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts the server; call it from a thread that lives as long as the server."""
        ...

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
        """Returns when clients can work; raises StartFailed when the process ends or the time is over."""
        ...

    def stop(self, process: subprocess.Popen[bytes]) -> bool:
        """Ends the server cleanly within its time limit; False when it had to be killed."""
        ...
