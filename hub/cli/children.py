"""One supervised child process: started, watched, started again when it dies, ended in time."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hub.db.processes import StartFailed, kill_group

Say = Callable[[str], None]

CALM_SECONDS = 30
"""A child that lived so long has its next restart at once, without a growing pause."""
LONGEST_PAUSE = 15.0


class Program(Protocol):
    """How to run a child. `EmbeddedStore` is one; the web and worker processes are the others."""

    name: str

    def prepare(self) -> None:
        """What must be done before each start; blocking."""
        ...

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts the process; quick."""
        ...

    def wait(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Returns when the process works; raises StartFailed; blocking."""
        ...

    def stop(self, process: subprocess.Popen[bytes]) -> bool:
        """Ends the process; False when it had to be killed; blocking."""
        ...


@dataclass
class Child:
    """A program that is kept running. All methods belong to the event loop of the main thread.

    The leash of `hub.db.processes.launch` follows the thread that forks, so every start happens on that loop.
    """

    program: Program
    say: Say
    process: subprocess.Popen[bytes] | None = None
    stopping: bool = False
    started: float = 0

    async def start(self, seconds: float = 60) -> None:
        """Starts the program and returns when it works; raises StartFailed."""
        await asyncio.to_thread(self.program.prepare)
        if self.stopping:
            raise StartFailed(f"{self.program.name} was asked to stop while it started.")
        self.started = time.monotonic()
        self.process = self.program.spawn()
        await asyncio.to_thread(self.program.wait, self.process, seconds)

    async def keep(self) -> None:
        """Starts the program again whenever it ends, after a pause that grows while it keeps failing."""
        pause, failure = 0.0, ""
        while True:
            status = await self.ended()
            if self.stopping:
                return
            pause = 0.2 if time.monotonic() - self.started > CALM_SECONDS else min(max(pause * 2, 0.2), LONGEST_PAUSE)
            if not failure:
                self.say(f"{self.program.name} ended ({_in_words(status)}); starting it again in {pause:.1f} s.")
            await asyncio.sleep(pause)
            if self.stopping:
                return
            said, failure = failure, await self._start_again()
            if failure and failure != said and not self.stopping:
                self.say(failure)

    async def _start_again(self) -> str:
        """Starts the program; what went wrong, if anything: then it has ended, and is to be tried again."""
        try:
            await self.start()
        except StartFailed as error:
            await asyncio.to_thread(self._end)
            return f"{error.message} {error.hint}".strip()
        except OSError as error:  # no room for its log or its folder, for instance
            await asyncio.to_thread(self._end)
            return f"{self.program.name} cannot start: {error.strerror}."
        self.say(f"{self.program.name} is back.")
        return ""

    def _end(self) -> None:
        if self.process is not None:
            kill_group(self.process)

    async def ended(self) -> int:
        """Waits for the end of the running process; its status."""
        process = self.process
        if process is None:
            return 0
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()

        def tell(status: int) -> None:
            if not future.done():
                future.set_result(status)

        def wait() -> None:
            status = process.wait()
            if not loop.is_closed():
                loop.call_soon_threadsafe(tell, status)

        threading.Thread(target=wait, daemon=True, name=f"wait for {self.program.name}").start()
        return await future

    async def stop(self) -> None:
        """Ends the program within its time limit; also one that is just starting."""
        self.stopping = True
        if self.process is None:
            return
        if not await asyncio.to_thread(self.program.stop, self.process):
            self.say(f"{self.program.name} did not end in time and was killed.")


def _in_words(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    return f"killed by {signal.Signals(-status).name}"
