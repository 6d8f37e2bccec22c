"""What every command that works on a person's things needs: the stores, who asks, and errors as sentences."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any

import orjson
import typer

from hub.db.who import Who
from hub.errors import HubError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Person = Annotated[str, typer.Option("--as", help="Whose, on a hub with accounts.")]


@contextmanager
def session(person: str = "", *, as_json: bool = False, postgres: bool = False, status: int = 1) -> Generator[Who]:
    """Opens MongoDB, and PostgreSQL if asked for, and yields who asks. Errors are told as `telling` says."""
    from hub.cli.stores import stores
    from hub.log import set_up

    set_up("command", quiet=True)  # what a person asked for is the answer, not how it came about
    with telling(as_json=as_json, status=status), stores(postgres=postgres):
        from hub.people import on_this_machine

        yield on_this_machine(person)


@contextmanager
def telling(*, as_json: bool = False, status: int = 1) -> Generator[None]:
    """An error in it is printed (as JSON if asked for) and ends with `status`."""
    try:
        yield
    except HubError as error:
        if as_json:
            emit({"error": error.record()})
        else:
            typer.echo(f"{error.message}\n{error.hint}".strip(), err=True)
        raise typer.Exit(status) from error


def emit(value: dict[str, Any] | list[Any]) -> None:
    """Prints one JSON value."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z, default=_plain).decode())


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    raise TypeError(type(value).__name__)
