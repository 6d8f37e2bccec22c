"""`hub models` and `hub conversations`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import typer

from hub.cli.session import AsJson, Person, emit, session


def models(as_json: AsJson = False, hidden: bool = False, person: Person = "") -> None:
    """List the models that can be asked."""
    with session(person, as_json=as_json) as who:
        from hub.models import catalogue

        asyncio.run(catalogue.fill(who))
        found = catalogue.models(who, hidden=hidden)
        default = catalogue.default_model(who)
    if as_json:
        emit([{**asdict(model), "default": model.id == default} for model in found])
        return
    rows = [
        (
            model.id + (" (default)" if model.id == default else ""),
            model.label,
            f"{model.context:,}" if model.context else "unknown",
            _dollars(model.price.input),
            _dollars(model.price.output),
        )
        for model in found
    ]
    table(("Model", "Name", "Context", "$ in / 1M", "$ out / 1M"), rows)


def conversations(
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(help="How many of the most recent.", min=1)] = 30,
    archived: bool = False,
    person: Person = "",
) -> None:
    """List conversations, the most recent first; pinned ones on top."""
    with session(person, as_json=as_json) as who:
        from hub import chat

        listing = chat.list_conversations(who, limit=limit, archived=archived)
    found = [*listing.pinned, *listing.recent]
    if as_json:
        emit([_row(each) for each in found])
        return
    table(
        ("Conversation", "Title", "Updated"),
        [(each.id, each.title, f"{each.updated_at.astimezone():%Y-%m-%d %H:%M}") for each in found],
    )


def _row(conversation: Any) -> dict[str, Any]:
    row = asdict(conversation)
    row["params"] = {name: value for name, value in row["params"].items() if value not in (None, (), False)}
    return row


def _dollars(price: float | None) -> str:
    return "unknown" if price is None else f"{price:g}"


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Prints rows under their heads."""
    from rich.console import Console
    from rich.table import Column, Table

    # The first column is what other commands want typed: it is folded where it does not fit, never cut.
    table = Table(Column(heads[0], overflow="fold", min_width=24), *heads[1:])
    for row in rows:
        table.add_row(*row)
    Console().print(table)
