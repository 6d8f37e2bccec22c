"""A run in the foreground: work on it in this process, progress on a terminal, Ctrl-C pauses it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import typer

if TYPE_CHECKING:
    from hub.db.who import Who
    from hub.evals.records import Progress

LOOK_SECONDS = 1.0
INTERRUPTED = 130
"""The exit status of a command that Ctrl-C has ended."""


class Show(Protocol):
    """Draws how far a run is."""

    def __call__(self, progress: Progress) -> None: ...


def work(who: Who, run_id: str) -> None:
    """Works on a run until it has ended or is paused. On Ctrl-C it is paused, and the command ends."""
    # Ctrl-C in `Thread.join` makes Python 3.11 take the thread for ended, so an event says when it has.
    stop, over = threading.Event(), threading.Event()
    failed: list[BaseException] = []
    threading.Thread(target=_slices, args=(who, run_id, stop, over, failed), name="eval").start()
    try:
        with _shown() as show:
            while not over.wait(LOOK_SECONDS):
                if show is not None:
                    from hub import evals

                    show(evals.progress(who, run_id))
    except KeyboardInterrupt:
        _pause(who, run_id, stop, over)
        typer.echo(f"Paused; what was answered is kept. Go on with: hub eval resume {run_id}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if failed:
        raise failed[0]


def _pause(who: Who, run_id: str, stop: threading.Event, over: threading.Event) -> None:
    from hub import evals

    typer.echo("Pausing: the calls under way are finished first. Ctrl-C again breaks them off.", err=True)
    try:
        evals.pause(who, run_id)
        over.wait()
    except KeyboardInterrupt:
        stop.set()
        over.wait()


def _slices(who: Who, run_id: str, stop: threading.Event, over: threading.Event, failed: list[BaseException]) -> None:
    """Works as long as there is something to do; workers of a hub beside may do some of it."""
    from hub import evals
    from hub.evals.work import run_slice

    try:
        while not stop.is_set():
            run_slice(who, run_id, stop.is_set)
            if evals.get_run(who, run_id).status != "running":
                return
            stop.wait(LOOK_SECONDS)
    except BaseException as error:
        failed.append(error)
    finally:
        over.set()


@contextmanager
def _shown() -> Generator[Show | None]:
    """A line of progress on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    fields = TextColumn("{task.fields[said]}")
    with Bars(
        BarColumn(), MofNCompleteColumn(), fields, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bars:
        task = bars.add_task("run", total=None, said="")

        def show(progress: Progress) -> None:
            parts = [f"{progress.rate:.1f}/s" if progress.rate else "", f"${progress.spent:.4f}"]
            parts.append(f"{progress.errors} errors" if progress.errors else "")
            done = progress.done + progress.errors
            bars.update(task, total=progress.cells, completed=done, said=" · ".join(filter(None, parts)))

        yield show
