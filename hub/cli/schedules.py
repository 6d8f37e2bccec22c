"""`hub schedules`: what runs by itself, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.session import AsJson, emit, telling
from hub.errors import BadInput

app = typer.Typer(help="What runs by itself, and when.", no_args_is_help=True)


@app.callback()
def schedules() -> None:
    """What runs by itself, and when."""


@app.command()
def preview(
    when: Annotated[str, typer.Argument(help='Words, English or German, or cron: "every weekday at 9".')],
    tz: Annotated[str, typer.Option("--tz", help="The IANA time zone; this machine's.", metavar="ZONE")] = "",
    start: Annotated[str, typer.Option("--from", help="Times after that, now without it.", metavar="ISO")] = "",
    count: Annotated[int, typer.Option(help="How many times.", min=1, max=1000)] = 5,
    as_json: AsJson = False,
) -> None:
    """Tell how a time is understood, and when it would run. Nothing is stored, no model is asked."""
    with telling(as_json=as_json):
        from hub.schedules import when as whens
        from hub.schedules.when.zones import zone_of

        zone = tz or here()
        now = _moment(start, zone)
        found = whens.parse(when, zone, now)
        place = zone_of(found.zone)
        moments = whens.upcoming(found, now, count)
        record: dict[str, Any] = {
            "when": whens.plain(found),
            "sentence": whens.sentence(found),
            "zone": found.zone,
            "times": [{"utc": _utc(one), "local": one.astimezone(place).isoformat()} for one in moments],
            "notes": whens.notes(found, now),
        }
    if as_json:
        emit(record)
        return
    typer.echo(f"{record['sentence']}\n")
    for expression in found.crons:
        typer.echo(f"cron  {expression}")
    for one in moments:
        local = one.astimezone(place)
        typer.echo(f"{local:%a %Y-%m-%d %H:%M} {local:%z}   {_utc(one)}")
    for note in record["notes"]:
        typer.echo(f"\n{note}")


def here() -> str:
    """This machine's IANA time zone, UTC where it does not say."""
    from hub.schedules.when.zones import zone_of

    link, named = Path("/etc/localtime"), Path("/etc/timezone")
    names = [str(link.readlink()).partition("zoneinfo/")[2]] if link.is_symlink() else []
    names += named.read_text().split()[:1] if named.is_file() else []
    for name in names:
        try:
            zone_of(name)
        except BadInput:
            continue
        return name
    return "UTC"


def _moment(text: str, zone: str) -> datetime:
    """An ISO time; without an offset it is local in `zone`."""
    from hub.schedules.when.zones import zone_of

    place = zone_of(zone)
    if not text:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f'--from is no ISO time: "{text[:60]}".', hint="As in 2026-11-23T12:00 or 2026-11-23."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=place)


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
