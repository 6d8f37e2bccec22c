"""The web and worker processes as programs for the supervisor, and the commands that run them alone."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hub.db.processes import launch, stop, until
from hub.settings import child_environment, settings

ROOT = Path(__file__).parent.parent.parent
"""The folder with app.py."""


def web_command(host: str, port: int) -> list[str]:
    """The words that start the web process."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.address", host, "--server.port", str(port), "--browser.gatherUsageStats", "false"]
    # The welcome would name other addresses than ours, and ask a server on the internet for one of them.
    command += ["--logger.hideWelcomeMessage", "true"]
    return [*command, "--server.maxUploadSize", str(settings().max_upload_mb)]


def url(host: str, port: int) -> str:
    """Where a person on this machine opens the hub."""
    named = {"0.0.0.0": "localhost", "::": "localhost", "::1": "[::1]"}.get(host, host)
    return f"http://{named}:{port}"


class _Process:
    """A child that is our own code."""

    def __init__(self, name: str, command: Sequence[str], settings_of_child: dict[str, object], log: Path) -> None:
        self.name = name
        self._command = list(command)
        self._settings = settings_of_child
        self._log = log

    def prepare(self) -> None:
        """Nothing: both processes wait for the stores by themselves."""

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts the process in the root folder; what it prints is for the person, what it logs is for its log."""
        return launch(self._command, log=self._log, speaks=True, env=child_environment(**self._settings), cwd=ROOT)

    def stop(self, process: subprocess.Popen[bytes]) -> bool:
        """Asks it to end; it gets a little longer than the answers and jobs in it."""
        return stop(process, seconds=settings().shutdown_seconds + 3)


class Web(_Process):
    """The process that serves people; ready when it answers /healthz."""

    def __init__(self, host: str, port: int, settings_of_child: dict[str, object], log: Path) -> None:
        super().__init__("web", web_command(host, port), {**settings_of_child, "host": host, "port": port}, log)
        self._host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        self._port = port

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
        """Returns at the first answer to /healthz: a store may still be away."""
        until(self._answers, process, self.name, self._log, seconds)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Beside(_Process):
    """The worker or the scheduler; neither has an address, so it counts as ready once it runs."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(name, [sys.executable, "-m", "hub", name], {}, log)

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
        """Nothing to wait for."""
