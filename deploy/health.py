"""Whether the hub's process in this container works: `health.py [web|ready|worker|scheduler]`, status 0 or 1.

The web process is asked over HTTP: `web` for /healthz, `ready` for /readyz with all its parts. Worker and scheduler
have no address: each must run and hold a connection to the store that it lives on (PostgreSQL, MongoDB).
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

import psutil

STORES = {"worker": ("HUB_POSTGRES_URL", 5432), "scheduler": ("HUB_MONGO_URL", 27017)}


def asked(path: str) -> str:
    """What is wrong with the web process by its own word, empty when it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("HUB_PORT", "8501")), timeout=6)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return (
            ""
            if answer.status == 200
            else f"{path} says {answer.status}: {answer.read(500).decode('utf-8', 'replace')}"
        )
    except (OSError, http.client.HTTPException) as error:
        return f"{path} does not answer: {error!r}"
    finally:
        connection.close()


def running(role: str) -> str:
    """What is wrong with the process of `role`, empty when it runs and is connected to its store."""
    variable, usual = STORES[role]
    port = urlsplit(os.environ.get(variable, "")).port or usual
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[1:4] != ["-m", "hub", role]:
            continue
        try:
            open_to = {one.raddr.port for one in process.net_connections("tcp") if one.status == "ESTABLISHED"}
        except psutil.Error as error:
            return f"The {role} cannot be looked at: {error!r}"
        return "" if port in open_to else f"The {role} runs without a connection to its store."
    return f"No {role} runs here."


def main(role: str = "web") -> int:
    """Prints what is wrong, if anything."""
    if role in STORES:
        wrong = running(role)
    elif role in ("web", "ready"):
        wrong = asked("/readyz" if role == "ready" else "/healthz")
    else:
        wrong = f"There is no part {role}; known are web, ready, worker and scheduler."
    if wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
