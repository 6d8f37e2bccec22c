"""What `hub doctor` looks at: each check gives one finding in words."""

from __future__ import annotations

import re
import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from hub.cli.finding import Finding
from hub.cli.programs import ROOT
from hub.cli.running import AlreadyRunning, Running, find
from hub.cli.stores import stores
from hub.errors import HubError
from hub.settings import settings

LEAST_FREE_BYTES = 1_000_000_000


def examine(deep: Callable[[], list[Finding]] | None = None) -> list[Finding]:
    """Every finding. Embedded stores that do not run are started for the check and stopped again.

    `deep` looks further, while the stores are there; when Mongo answers.
    """
    data = settings().data.absolute()
    running = find(data)
    given = {"MongoDB": settings().mongo_url, "PostgreSQL": settings().postgres_url}
    findings = [
        _python(),
        *_packages(),
        _folder(data),
        _disk(data),
        _secret_key(data),
        _hub(data, running),
        _port(running),
    ]
    with ExitStack() as held:
        try:
            held.enter_context(stores(postgres=True, checking=True))
        except AlreadyRunning as error:
            return [*findings, Finding("Stores", "note", error.message, "Run the doctor again when it is up.")]
        except HubError as error:
            return [*findings, Finding("Stores", "broken", error.message, error.hint)]
        for part, ask in (("MongoDB", _mongo), ("PostgreSQL", _postgres)):
            findings.append(_store(part, ask, given[part], data if running else None))
        if deep and not any(one.part == "MongoDB" and one.state == "broken" for one in findings):
            findings += deep()
    return findings


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", "good", f"{version} at {sys.executable}")


def _packages() -> list[Finding]:
    """Compares what is installed with the pinned list."""
    wrong: list[str] = []
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if "==" not in line or line.startswith((" ", "#")):
            continue
        wanted = Requirement(line.rstrip("\\ "))
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            found = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            found = "missing"
        if found == "missing" or found not in wanted.specifier:
            wrong.append(f"{wanted.name} {found} (wanted {wanted.specifier})")
    if wrong:
        return [Finding("Packages", "broken", ", ".join(wrong[:6]), "Run `make install`.")]
    return [Finding("Packages", "good", "as pinned in requirements.txt")]


def _folder(data: Path) -> Finding:
    if not data.exists():
        return Finding("Data folder", "note", f"{data} does not exist yet", "The first start makes it.")
    rights = data.stat().st_mode & 0o777
    if rights & 0o077:
        return Finding("Data folder", "broken", f"{data} is open to others ({rights:o})", f"chmod 700 {data}")
    return Finding("Data folder", "good", f"{data}, closed to others")


def _disk(data: Path) -> Finding:
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    says = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("Disk", "broken", says, "Free some space, or move the data folder with HUB_DATA.")
    return Finding("Disk", "good", says)


def _secret_key(data: Path) -> Finding:
    file = data / "secret.key"
    if settings().secret_key:
        return Finding("Secret key", "good", "from HUB_SECRET_KEY")
    if not file.exists():
        return Finding("Secret key", "note", "not made yet", "The first stored provider key makes it.")
    if file.stat().st_mode & 0o077:
        return Finding("Secret key", "broken", f"{file} is readable by others", f"chmod 600 {file}")
    return Finding("Secret key", "good", f"{file}; keep a copy with your backup")


def _hub(data: Path, running: Running | None) -> Finding:
    if running is None:
        return Finding("Hub", "note", f"not running on {data}", "Start it with `make run`.")
    return Finding("Hub", "good", f"{running.url} (process {running.pid}); logs in {data / 'log'}")


def _port(running: Running | None) -> Finding:
    host, port = settings().host, settings().port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        taken = probe.connect_ex((host, port)) == 0
    if taken and running is None:
        return Finding(
            "Port", "note", f"{port} on {host} is taken", "The hub will take the next free one; HUB_PORT sets it."
        )
    return Finding("Port", "good", f"{port} on {host}" + (" in use by the hub" if taken else " is free"))


def _store(part: str, ask: Callable[[], Finding], given: str, kept_running: Path | None) -> Finding:
    """What `ask` finds. `given` is the address that a person has set; `kept_running` the data of the hub that runs."""
    try:
        return ask()
    except HubError as error:
        todo = error.hint
        if given:
            variable = {"MongoDB": "HUB_MONGO_URL", "PostgreSQL": "HUB_POSTGRES_URL"}[part]
            todo = (
                f"Check that a server runs at {_place(given)}, that this machine reaches it, and that {variable} has "
            )
            todo += "the right user and password."
        elif kept_running:
            todo = f"The hub starts it again by itself; {kept_running / 'log'} says why it ended."
        return Finding(part, "broken", error.message, todo)


def _place(url: str) -> str:
    """Host and port in an address, without user and password."""
    return re.split(r"[/?]", url.partition("://")[2].rpartition("@")[2])[0] or "the address that is set"


def _mongo() -> Finding:
    from hub.db.mongo import client, reachable

    with reachable():
        client().admin.command("ping")
        began = time.perf_counter()
        client().admin.command("ping")
        latency = (time.perf_counter() - began) * 1000
        build = client().admin.command("buildInfo")
        signed_in = bool(client().admin.command("connectionStatus")["authInfo"]["authenticatedUsers"])
    kind = f"MongoDB {build['version']}"
    if "secantus" in str(build).lower():
        kind = f"SecantusDB {metadata.version('secantusdb')} (speaks {kind})"
    says = f"{kind}, {latency:.1f} ms, {'signed in' if signed_in else 'without sign-in'}"
    if not signed_in:
        return Finding(
            "MongoDB", "note", says, "Turn on authentication on the server and put the user into HUB_MONGO_URL."
        )
    return Finding("MongoDB", "good", says)


def _postgres() -> Finding:
    from hub.db.migrations.postgres import check

    check()
    began = time.perf_counter()
    version, vector = check()
    says = f"{version} with pgvector {vector or 'missing'}, {(time.perf_counter() - began) * 1000:.1f} ms"
    if not vector:
        return Finding("PostgreSQL", "broken", says, "Install the pgvector extension on the server.")
    return Finding("PostgreSQL", "good", says)
