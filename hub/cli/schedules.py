"""`hub schedules`: what runs by itself, and when."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.session import AsJson, Person, emit, session, telling
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.db.who import Who
    from hub.schedules.records import Occurrence, Schedule

Which = Annotated[str, typer.Argument(help="Its name or its id.")]
Wait = Annotated[bool, typer.Option(help="Wait until it has ended.")]
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


@app.command("list")
def list_(as_json: AsJson = False, person: Person = "") -> None:
    """Your schedules, what is due next first."""
    with session(person, as_json=as_json) as who:
        from hub.schedules import manage
        from hub.schedules.spec import plain

        found = manage.schedules(who)
        if as_json:
            emit([{**plain(one), "sentence": _sentence(one)} for one in found])
            return
    for one in found:
        upcoming = f"next {_utc(one.next_at)}" if one.next_at else "paused" if one.state == "paused" else "not by time"
        last = f", last {one.last.status}" if one.last else ""
        typer.echo(f"{one.id}  {one.spec.name}: {_sentence(one)} ({upcoming}{last})")


@app.command("run")
def run(schedule: Which, as_json: AsJson = False, person: Person = "", wait: Wait = True) -> None:
    """Start a schedule now, besides its times. Ends with 1 when the run fails."""
    with session(person, as_json=as_json, postgres=True) as who:
        found = _run(who, schedule, wait=wait)
    if as_json:
        from hub.schedules.spec import plain

        emit({"id": found.id, **plain(found)})
    else:
        typer.echo(found.said or found.status)
        if found.error:
            typer.echo(f"{found.error}\n{found.hint}".strip(), err=True)
    raise typer.Exit(1 if found.status == "failed" else 0)


@app.command()
def pause(schedule: Which, as_json: AsJson = False, person: Person = "") -> None:
    """Let a schedule wait until it is resumed; "all" pauses every one."""
    _switch(schedule, person, as_json=as_json, on=False)


@app.command()
def resume(schedule: Which, as_json: AsJson = False, person: Person = "") -> None:
    """Have a schedule wait for its times again; "all" resumes those that "pause all" has paused."""
    _switch(schedule, person, as_json=as_json, on=True)


def _switch(schedule: str, person: str, *, as_json: bool, on: bool) -> None:
    with session(person, as_json=as_json) as who:
        from hub.schedules import manage

        if schedule == "all":
            count = manage.resume_all(who) if on else manage.pause_all(who)
        else:
            one, count = manage.named(who, schedule), 1
            if on:
                manage.resume(who, one.id)
            else:
                manage.pause(who, one.id)
    said = "resumed" if on else "paused"
    if as_json:
        emit({said: count})
    else:
        typer.echo(f"{count} {said}.")


def _run(who: Who, schedule: str, *, wait: bool) -> Occurrence:
    """What became of a run: a worker does it where one lives, else this process."""
    from hub import agents, chat, runs
    from hub.jobs import queue
    from hub.models import catalogue
    from hub.schedules import manage, spec, store, work
    from hub.schedules.records import ENDED

    asyncio.run(catalogue.fill(who))
    made = manage.run_now(who, manage.named(who, schedule).id)
    somebody = queue.workers("agents") > 0
    if not somebody and wait:
        chat.start()
        agents.start()
        try:
            work.run(occurrence=made.id)
        finally:
            runs.shut_down(5)
    found = spec.occurrence(store.occurrence(who, made.id))
    while wait and somebody and found.status not in ENDED:
        time.sleep(0.3)
        found = spec.occurrence(store.occurrence(who, made.id))
    return found


def _sentence(one: Schedule) -> str:
    from hub.schedules.when import sentence

    return sentence(one.spec.when) if one.spec.when else "Not by the clock"


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
