"""Passwords: argon2id, and the rules for new ones."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from hub.errors import BadInput

SHORTEST = 10
LONGEST = 256

_hasher = PasswordHasher()


def check_rules(password: str) -> None:
    """Raises BadInput for a password that may not be used."""
    if len(password) < SHORTEST:
        raise BadInput(f"The password needs at least {SHORTEST} characters.", hint="A few words in a row do well.")
    if len(password) > LONGEST:
        raise BadInput(f"The password is longer than {LONGEST} characters.")
    if len(set(password)) < 4:
        raise BadInput("The password repeats too few characters.", hint="A few words in a row do well.")


def made_up() -> str:
    """A password that can be read out and typed: sixteen letters and digits that nobody mixes up, some 79 bits."""
    drawn = [secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(16)]
    return "-".join("".join(drawn[at : at + 4]) for at in range(0, 16, 4))


def hashed(password: str) -> str:
    """The form that is stored: argon2id with its parameters and salt. Takes some 50 ms on purpose."""
    return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed; takes as long when there is no such account."""
    try:
        right = _hasher.verify(stored or _nobody(), password[:LONGEST])
    except VerificationError:
        return False
    return right and stored is not None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
