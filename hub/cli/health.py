"""`hub health`: for containers and watchdogs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Part = Literal["web", "worker", "scheduler"]


def health(
    part: Annotated[Part, typer.Argument(help="Whose process on this machine is asked about.")] = "web",
) -> None:
    """Say with the exit status whether a process of the hub on this machine works: 0, or 1 and a sentence."""
    wrong = {"web": _web, "worker": _worker, "scheduler": _scheduler}[part]()
    if wrong:
        typer.echo(wrong, err=True)
    raise typer.Exit(1 if wrong else 0)


def _web() -> str:
    import http.client
    from urllib.parse import urlsplit

    from hub.cli.running import find
    from hub.settings import settings

    running = find(settings().data.absolute())
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings().host, settings().host)
    port = (urlsplit(running.url).port if running else None) or settings().port
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"The web process does not answer at port {port} ({type(error).__name__})."
    finally:
        connection.close()
    return "" if status == 200 else f"The web process answers with status {status}."


def _worker() -> str:
    import socket

    import psycopg

    from hub.db.postgres import url
    from hub.settings import settings

    _embedded()
    try:
        with psycopg.connect(url(), connect_timeout=max(2, round(settings().store_timeout))) as database:
            heard = database.execute(
                "SELECT FROM jobs.workers WHERE host = %s AND beat_at > now() - interval '20 seconds' LIMIT 1",
                (socket.gethostname(),),
            ).fetchone()
    except psycopg.Error as error:
        return f"PostgreSQL does not answer ({type(error).__name__}), so no worker works."
    return "" if heard is not None else "No worker of this machine was heard in the last 20 seconds."


def _scheduler() -> str:
    import socket

    from hub.db import beats
    from hub.errors import StoreDown

    _embedded()
    try:
        heard = beats.heard("scheduler", socket.gethostname())
    except StoreDown as error:
        return f"{error.message} So no scheduler works."
    return "" if any(one.alive for one in heard) else "No scheduler of this machine was heard in the last 20 seconds."


def _embedded() -> None:
    """With the stores of a hub that runs here, where none are named."""
    from hub.cli.running import find
    from hub.settings import override, settings

    if settings().mongo_url and settings().postgres_url:
        return
    running = find(settings().data.absolute())
    if running is not None:
        override(
            mongo_url=settings().mongo_url or running.mongo_url,
            postgres_url=settings().postgres_url or running.postgres_url,
        )
