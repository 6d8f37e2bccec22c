"""Start and end of a web process."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

from hub import agents, chat, compare, evals, files, mcp, people, projects, runs, tracing
from hub.db import figures
from hub.db.migrations import mongo
from hub.errors import StoreDown
from hub.log import set_up
from hub.models import warm
from hub.settings import settings
from hub.web.events import close_all
from hub.web.mcp import served
from hub.web.nodelay import send_at_once
from hub.web.threads import off_loop

TIDY_SECONDS = 600
FIGURES_SECONDS = 5
WARM_SECONDS = 5
"""The first pages come before anything that only a first message needs."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncGenerator[dict[str, Any]]:
    """Makes the process ready; at the end lets runs finish, for HUB_SHUTDOWN_SECONDS at most."""
    set_up("web")
    tracing.set_up("web")
    _rooms_last()
    send_at_once()
    await off_loop(_may_start)
    chat.start()
    agents.start()
    compare.begin()
    runs.start_up()
    await off_loop(_warm)
    await off_loop(_say_setup)
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection needs to look at it again
    drain = _Drain(asyncio.get_running_loop())
    beside = [asyncio.create_task(one) for one in (_tidy(), _warm_models(), _keep_figures())]
    with drain.on_signals():
        yield {}
    for one in beside:
        one.cancel()
    await asyncio.wrap_future(drain.begin())
    await off_loop(_write_figures)
    await off_loop(tracing.shut_down)
    await served.end()
    await off_loop(mcp.close)
    await off_loop(files.close)


def _rooms_last() -> None:
    """While a page runs, Streamlit puts the folder of the main script in front of where modules are looked for, and
    `import mcp` anywhere in the process would find the room of that name. It leaves a folder alone that is there."""
    rooms = str(Path(__file__).parents[1])
    if rooms not in sys.path:
        sys.path.append(rooms)


async def _tidy() -> None:
    """Removes now and then what is past its time; with several processes it does no harm that each does it."""
    while True:
        for sweep in (chat.sweep, people.purge, projects.purge, evals.purge_sets):
            try:
                await off_loop(sweep)
            except StoreDown:
                log.warning("tidying_delayed")
            except Exception:
                log.exception("tidying_failed")
        await asyncio.sleep(TIDY_SECONDS)


async def _keep_figures() -> None:
    """Adds what this process has counted to what is told of all."""
    while True:
        await asyncio.sleep(FIGURES_SECONDS)
        await off_loop(_write_figures)


def _write_figures() -> None:
    try:
        figures.write()
    except StoreDown:
        log.debug("figures_wait")


async def _warm_models() -> None:
    """Loads in the background what some providers need, where there is a connection to one of them."""
    await asyncio.sleep(WARM_SECONDS)
    try:
        if await off_loop(warm.start):
            log.info("models_warming")
    except StoreDown:
        log.warning("models_not_warmed")


def _may_start() -> None:
    """Raises NewerSchema or HalfRestored; a store that is not up yet is looked at by whoever starts it."""
    with suppress(StoreDown):
        mongo.check()


def _warm() -> None:
    """Loads what the first message would otherwise wait for."""
    import hub.models.resolve  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from hub.render.live import LiveMarkdown

    LiveMarkdown().feed("**ready**")


def _say_setup() -> None:
    """Prints the setup token while there is no account; not through the log, which may go elsewhere."""
    if not settings().sign_in_required:
        return
    try:
        if people.any_person():
            return
    except StoreDown:
        log.warning("setup_unknown")
        return
    named = {"0.0.0.0": "localhost", "::": "localhost", "::1": "[::1]"}.get(settings().host, settings().host)
    base = settings().public_url.rstrip("/") or f"http://{named}:{settings().port}"
    print(f"Make the first account: {base}/setup?token={people.setup_token()}", flush=True)  # noqa: T201


class _Drain:
    """Ends the runs once, whether a signal or the server says so first.

    The server waits for open event streams before it ends its lifespan, and those wait for their runs: so a signal
    must begin the draining itself.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._done: Future[None] | None = None

    def begin(self) -> Future[None]:
        """Begins to drain, if that has not happened yet; done when it is over."""
        if self._done is None:
            self._done = Future()
            threading.Thread(target=self._work, args=(self._done,), name="drain").start()
        return self._done

    def _work(self, done: Future[None]) -> None:
        try:
            runs.shut_down(settings().shutdown_seconds)
            asyncio.run_coroutine_threadsafe(close_all(), self._loop).result(5)
        except Exception:
            log.exception("drain_failed")
        done.set_result(None)

    def on_signals(self) -> _Signals:
        """A block in which SIGTERM and SIGINT begin the draining before the server handles them."""
        return _Signals(self.begin)


class _Signals:
    def __init__(self, begin: Callable[[], object]) -> None:
        self._begin = begin
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.getsignal(number)
            signal.signal(number, self._handle)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._begin()
        before = self._before[number]
        if callable(before):
            before(number, frame)
