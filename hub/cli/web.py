"""`hub web`."""

from __future__ import annotations

import os


def web() -> None:
    """Start a web process alone, for a hub spread over machines; HUB_MONGO_URL names its store."""
    from hub.cli.migrate import migrate_mongo
    from hub.cli.programs import ROOT, web_command
    from hub.settings import child_environment, settings

    migrate_mongo()
    command = web_command(settings().host, settings().port)
    environment = child_environment(data=settings().data.absolute())
    os.chdir(ROOT)
    os.execve(command[0], command, environment)
