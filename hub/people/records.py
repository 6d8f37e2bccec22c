"""People and their sessions, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.db.who import Role
from hub.errors import HubError


@dataclass(frozen=True, slots=True)
class Person:
    """An account. `seen_at` is the last use of any of its sessions."""

    id: str
    name: str
    role: Role
    created_at: datetime
    seen_at: datetime | None = None
    leaving: bool = False
    """It is being deleted, and that broke off."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `id` names it for revoking and cannot be used to sign in; `current` is the one that asks."""

    id: str
    device: str
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool = False


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a person for programs. `id` names it for revoking and opens nothing; `hint` are its last characters."""

    id: str
    name: str
    hint: str
    created_at: datetime
    used_at: datetime | None = None


class SignInRefused(HubError):
    """Name and password do not fit, or the attempts are used up."""

    kind = "sign_in_refused"


class TooManyAttempts(SignInRefused):
    """Nothing is checked any more until the time in the message."""

    kind = "too_many_attempts"


class NotAllowed(HubError):
    """The person's role does not reach that far."""

    kind = "not_allowed"
