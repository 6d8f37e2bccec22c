"""Signing in and out, and the sessions that come of it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound
from hub.people import passwords, store
from hub.people.attempts import limited, name_attempts
from hub.people.records import Session, SignInRefused

PER_NAME = 10
PER_ADDRESS = 30
SEEN_EVERY = timedelta(minutes=1)
_LONGEST_DEVICE = 200


def sign_in(name: str, password: str, *, device: str = "", address: str = "") -> tuple[str, Who]:
    """A new session: the token for the cookie, and who it is.

    Attempts are limited by name and by address. Raises SignInRefused, TooManyAttempts with the time to
    wait, and StoreDown.
    """
    with limited((name_attempts(name), PER_NAME), (f"address:{address}", PER_ADDRESS)):
        row = store.person_named(name)
        if not passwords.fits(row["password"] if row else None, password) or row is None or row.get("leaving"):
            raise SignInRefused("Name and password do not fit.", hint="Check both and try again.")
    return begin_session(_who(row), device=device, address=address), _who(row)


def begin_session(who: Who, *, device: str = "", address: str = "") -> str:
    """A session for someone whose identity is proved already; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    store.insert_session(token, who.id, device[:_LONGEST_DEVICE], address)
    return token


def who_has(token: str, *, address: str = "") -> Who | None:
    """Who holds a token; None when it is unknown, expired or revoked, or its account is gone."""
    hash_ = store.token_hash(token)
    session = store.session(hash_)
    row = store.person(session["owner"]) if session else None
    if session is None or row is None or row.get("leaving"):
        return None
    if now() - session["seen_at"] > SEEN_EVERY:
        store.touch_session(hash_, address)
    return _who(row)


def sign_out(token: str) -> None:
    """Ends the session of a token."""
    store.delete_session(store.token_hash(token))


def sessions(who: Who, *, token: str = "") -> list[Session]:
    """Where a person is signed in, last used first; the session of `token` is marked current."""
    mine = store.token_hash(token) if token else ""
    return [
        Session(
            id=store.public_id(row["_id"]),
            device=device_name(row["device"]),
            address=row["address"],
            created_at=row["created_at"],
            seen_at=row["seen_at"],
            current=row["_id"] == mine,
        )
        for row in store.sessions(who)
    ]


def revoke(who: Who, id_: str) -> None:
    """Ends one session of a person; raises NotFound."""
    if not store.delete_sessions(who, ids=[id_]):
        raise NotFound("There is no such session.")


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """A short name for what a browser says of itself, such as "Firefox on Linux"."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " on ".join(part for part in (browser, system) if part) or agent[:60] or "Unknown"


def _who(row: Document) -> Who:
    return Who(row["_id"], row["name"], row["role"])
