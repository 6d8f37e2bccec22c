"""How often a password may be guessed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

from hub.db.mongo import now
from hub.people import store
from hub.people.records import TooManyAttempts

WINDOW = timedelta(minutes=15)


@contextmanager
def limited(*keys: tuple[str, int]) -> Generator[None]:
    """A block that looks at a password: at most so many fail in a quarter of an hour under each key.

    The attempt is counted before the block, so that many at the same time count too, and taken back when the block
    ends well. Raises TooManyAttempts with the time to wait, and StoreDown.
    """
    for key, most in keys:
        count, until = store.count_attempt(key, WINDOW)
        if count > most:
            minutes = max(1, round((until - now()).total_seconds() / 60))
            raise TooManyAttempts(f"Too many attempts. Try again in {minutes} min.")
    yield
    for key, _ in keys:
        store.uncount_attempt(key, WINDOW)


def name_attempts(name: str) -> str:
    """The key under which attempts to sign in as `name` are counted."""
    return f"name:{store.name_key(name)[:100]}"


def forget(name: str) -> None:
    """Nothing has been tried for `name`, for example because its password is a new one."""
    store.clear_attempts(name_attempts(name), WINDOW)
