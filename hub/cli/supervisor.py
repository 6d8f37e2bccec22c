"""`hub up`: every process of a hub on one machine, from the first line to a clean end."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from hub.cli.children import Child, Say
from hub.cli.programs import Beside, Web, url
from hub.cli.running import Running, announce
from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
from hub.db.gate import NewerSchema
from hub.db.processes import StartFailed
from hub.errors import BadInput, HubError
from hub.settings import override, settings

PORTS_TRIED = 50
LOOK_SECONDS = 5
"""Between two looks at whether the embedded store still works."""


def free_web_port(host: str, first: int) -> int:
    """The first port from `first` on that can be listened on; raises BadInput for a host that is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return port
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise BadInput(
                        f"The hub cannot listen on {host}: {error.strerror}.", hint="Check HUB_HOST."
                    ) from error
    raise BadInput(f"No port from {first} on is free on {host}.", hint="Set HUB_PORT to another one.")


class Supervisor:
    """Starts the stores and the web process side by side, then migrates, then starts worker and scheduler.

    The web process waits for the stores by itself, so the slowest part decides when the hub is up, not the sum.
    """

    def __init__(self, data: Path, say: Say) -> None:
        self._data = data
        self._say = say
        self._stop = asyncio.Event()
        self._hurry = False
        mongo = None if settings().mongo_url else EmbeddedMongo(data)
        postgres = None if settings().postgres_url else EmbeddedPostgres(data)
        # Passwords and ports are known before the servers run: children can be told at once where they will be.
        override(
            data=data,
            mongo_url=settings().mongo_url if mongo is None else mongo.url,
            postgres_url=settings().postgres_url if postgres is None else postgres.url,
        )
        self._mongo_store = mongo
        self._mongo = Child(mongo, say) if mongo else None
        self._postgres = Child(postgres, say) if postgres else None
        self._host = settings().host
        self._port = free_web_port(self._host, settings().port)
        self._web = Child(Web(self._host, self._port, {}, data / "log" / "web.log"), say)
        self._worker = Child(Beside("worker", data / "log" / "worker.log"), say)
        self._scheduler = Child(Beside("scheduler", data / "log" / "scheduler.log"), say)
        self._keepers: list[asyncio.Task[None]] = []

    async def run(self) -> int:
        """Runs until a signal or a failure that cannot be lived with; the exit status."""
        self._listen_for_signals()
        if self._port != settings().port:
            self._say(f"Port {settings().port} is taken; using {self._port}.")
        up = asyncio.ensure_future(self._bring_up())
        stop = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({up, stop}, return_when=asyncio.FIRST_COMPLETED)
        status = 0
        if up.done() and (failure := up.exception()):
            status = 1
            self._say(_why(failure, self._data))
        else:
            await self._stop.wait()
        await self._end(up)
        return status

    def _listen_for_signals(self) -> None:
        def asked() -> None:
            self._hurry = self._stop.is_set()
            self._stop.set()
            if self._hurry:
                self._kill_all()

        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(sign, asked)

    async def _bring_up(self) -> None:
        began = time.monotonic()
        web = asyncio.ensure_future(self._start(self._web))
        try:
            await asyncio.gather(self._bring_up_mongo(), self._bring_up_postgres())
            await self._start(self._worker)
            await self._start(self._scheduler)
            await web
        finally:
            web.cancel()
        address = settings().public_url or url(self._host, self._port)
        announce(self._data, Running(os.getpid(), address, settings().mongo_url, settings().postgres_url))
        self._say(f"LLM Hub is ready after {time.monotonic() - began:.1f} s: {address}")

    async def _bring_up_mongo(self) -> None:
        from hub.cli.migrate import migrate_mongo

        if self._mongo and self._mongo_store:
            await self._start(self._mongo)
            self._keepers.append(asyncio.ensure_future(self._end_when_broken(self._mongo_store, self._mongo)))
        await self._migrate(lambda: migrate_mongo(self._say))

    async def _end_when_broken(self, store: EmbeddedMongo, child: Child) -> None:
        """Ends a store that lives on but stores nothing, so that it is started again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            process = child.process
            if process and process.poll() is None and await asyncio.to_thread(store.broken):
                self._say(f"{store.name} can store nothing any more, as after a full disk.")
                process.kill()

    async def _bring_up_postgres(self) -> None:
        """Without PostgreSQL the hub still chats: a failure is said, and tried again in the background."""
        from hub.cli.migrate import migrate_postgres

        if self._postgres:
            try:
                await self._start(self._postgres)
            except (StartFailed, OSError) as error:
                self._say(f"{_why(error, self._data)}\nThe hub goes on without search and background jobs.")
                self._keepers.append(asyncio.ensure_future(self._postgres.keep()))
        try:
            await self._migrate(migrate_postgres)
        except NewerSchema:
            raise
        except HubError as error:
            self._say(f"{error.message} Trying again in the background.")
            self._keepers.append(asyncio.ensure_future(self._until_migrated(migrate_postgres)))

    async def _until_migrated(self, migrate: Callable[[], list[str]]) -> None:
        while True:
            await asyncio.sleep(5)
            with suppress(HubError):
                return await self._migrate(migrate)

    async def _migrate(self, migrate: Callable[[], list[str]]) -> None:
        for step in await asyncio.to_thread(migrate):
            self._say(f"Migrated: {step}.")

    async def _start(self, child: Child) -> None:
        began = time.monotonic()
        self._say(f"Starting {child.program.name} ...")
        await child.start(seconds=90)
        self._say(f"{child.program.name} is up ({time.monotonic() - began:.1f} s).")
        self._keepers.append(asyncio.ensure_future(child.keep()))

    @property
    def _children(self) -> list[Child]:
        found = (self._web, self._scheduler, self._worker, self._mongo, self._postgres)
        return [child for child in found if child]

    async def _end(self, up: asyncio.Future[None]) -> None:
        """Web first, so that running answers are stored; then scheduler and worker; the stores last."""
        if any(child.process for child in self._children):
            self._say("Stopping ...")
        for child in self._children:
            child.stopping = True
        for task in [up, *self._keepers]:
            task.cancel()
        await self._web.stop()
        await self._scheduler.stop()
        await self._worker.stop()
        stores: list[Awaitable[None]] = [child.stop() for child in (self._mongo, self._postgres) if child]
        await asyncio.gather(*stores)
        self._say("Stopped.")

    def _kill_all(self) -> None:
        """A second Ctrl-C: no more waiting. Stored data is safe: both stores recover from their logs."""
        self._say("Stopping at once.")
        for child in self._children:
            if child.process and child.process.poll() is None:
                child.process.kill()


def _why(failure: BaseException, data: Path) -> str:
    if isinstance(failure, HubError):
        return f"{failure.message}\n{failure.hint}".strip()
    if isinstance(failure, OSError) and failure.errno == errno.ENOSPC:
        return f"The disk of {data} is full. Nothing stored is lost.\nFree some space and start the hub again."
    return repr(failure)
