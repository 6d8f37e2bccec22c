"""`hub backup` and `hub restore`."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.session import AsJson, emit, telling
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.cli.restoring import Outcome
    from hub.db.backup.records import Sum
    from hub.db.backup.save import Saved

Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File with the passphrase; else HUB_BACKUP_PASSPHRASE.")
]

KEY_IS_MISSING = (
    "Provider keys and sign-ins are in it encrypted, and the key to them is not: keep {place} beside it, or give a "
    "passphrase, with which the backup holds the key too."
)
LEFT = "Not in it: signed-in devices, waiting background jobs, and the search index, which can be built anew."


def backup(
    file: Annotated[str, typer.Argument(help="Where to write it; `-` is standard output.")] = "",
    passphrase_file: Passphrase = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Ask for a passphrase.")] = False,
    only_hash: Annotated[bool, typer.Option("--hash", help="Write nothing: print what a backup would hold.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write everything into one file, also while the hub is in use."""
    with telling(as_json=as_json):
        if not file and not only_hash:
            raise BadInput("Name a file for the backup, or `-` for standard output.")
        if file == "-" and sys.stdout.isatty():
            raise BadInput("A backup is not for a terminal.", hint="Name a file, or pass it on: hub backup - | …")
        phrase = _chosen(passphrase_file, encrypt)
        with _quiet_stores(migrating=True):
            from hub.db.backup import save, source

            if only_hash:
                with source.view() as seen:
                    _hashes(seen.sums(), as_json)
                return
            began = time.monotonic()
            made = save.save(None if file == "-" else Path(file), phrase)
            seconds = time.monotonic() - began
    _say_saved(file, made, seconds, as_json=as_json and file != "-")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of what is there, after a backup.")
    ] = False,
    passphrase_file: Passphrase = None,
    as_json: AsJson = False,
) -> None:
    """Read a backup into an empty hub, or with --replace into one that is in use no more."""
    with telling(as_json=as_json):
        phrase = given(passphrase_file)
        with _quiet_stores(migrating=False) as running:
            from hub.cli.restoring import restore as work

            if running:
                raise BadInput("The hub is running. Nothing was changed.", hint="Stop it (Ctrl-C), then restore.")
            done = work(file, phrase, replace, _ask if sys.stdin.isatty() else None, _tell)
    _say_restored(done, as_json)


@contextmanager
def _quiet_stores(*, migrating: bool) -> Generator[bool]:
    import logging

    from hub.cli.stores import stores
    from hub.log import set_up

    set_up("command", quiet=True)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # search may be away, and is then spoken of
    with stores(postgres=not migrating, migrating=migrating) as running:
        yield running


def _chosen(file: Path | None, ask: bool) -> str:
    if not ask:
        return given(file)
    if not sys.stdin.isatty():
        raise BadInput("There is nobody to ask for a passphrase.", hint="Use --passphrase-file.")
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))


def given(file: Path | None) -> str:
    """The passphrase in a file, else that of the settings."""
    from hub.settings import settings

    if file is None:
        return settings().backup_passphrase
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read.") from error
    if not lines or not lines[0]:
        raise BadInput(f"{file} holds no passphrase: its first line is empty.")
    return lines[0]


def _ask() -> str:
    return str(typer.prompt("Passphrase of the backup", hide_input=True, err=True))


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _hashes(sums: list[Sum], as_json: bool) -> None:
    from hub.db.backup.records import whole

    total = whole(sums)
    if as_json:
        emit({"hash": total, "collections": [{"name": one.name, "count": one.count, "hash": one.hash} for one in sums]})
        return
    for one in sorted(sums, key=lambda one: one.name):
        typer.echo(f"{one.hash}  {one.count:>9,}  {one.name}")
    typer.echo(f"{total}  everything")


def _say_saved(file: str, made: Saved, seconds: float, *, as_json: bool) -> None:
    from hub.db.backup.records import whole
    from hub.settings import settings

    count = sum(one.count for one in made.sums)
    if as_json:
        emit(
            {
                "file": file,
                "bytes": made.size,
                "seconds": round(seconds, 2),
                "documents": count,
                "hash": whole(made.sums),
                "encrypted": made.with_key,
                "one_moment": made.one_moment,
                "alone": made.alone,
                "unreadable": made.unreadable,
            }
        )
        return
    size = f", {made.size / 1e6:,.1f} MB" if made.size else ""
    _tell(f"{count:,} documents of {len(made.sums)} collections in {seconds:.1f} s{size}. {LEFT}")
    if not made.with_key:
        key = "HUB_SECRET_KEY" if settings().secret_key else str(settings().data.absolute() / "secret.key")
        _tell(KEY_IS_MISSING.format(place=key))
    if made.unreadable:
        _tell(f"{made.unreadable:,} stored keys cannot be decrypted with the key of this place: it is not theirs.")
    if not made.one_moment:
        _tell("This server cannot show one moment of its data (it is no replica set): a restore mends what changed.")
    for name, rows in made.alone.items():
        _tell(f"About {rows:,} rows of {name} are left out: what they belong to is gone.")


def _say_restored(done: Outcome, as_json: bool) -> None:
    from hub.db.backup.records import whole

    count = done.contents.documents
    if as_json:
        found: dict[str, Any] = {"documents": count, "hash": whole(done.contents.sums)}
        found |= {"seconds": round(done.seconds, 2), "mended": done.mended, "migrated": done.migrated}
        emit(found | {"notes": done.notes})
        return
    _tell(f"Restored {count:,} documents in {done.seconds:.1f} s, as they were on {done.contents.manifest.at}.")
    for note in done.notes:
        _tell(note)
