"""Encryption of stored secrets such as provider keys (Fernet: AES-128-CBC with HMAC-SHA256)."""

from __future__ import annotations

import base64
import hashlib
import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from hub.db.processes import kept_secret, private_folder
from hub.errors import HubError
from hub.settings import settings


class SecretUnreadable(HubError):
    """A stored secret was encrypted with another key."""

    kind = "secret_unreadable"


def encrypt(text: str) -> str:
    """`text` encrypted with the hub's key, as printable text."""
    return _cipher(hub_key()).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """What `encrypt` was given; raises SecretUnreadable when the hub's key has changed since."""
    try:
        return _cipher(hub_key()).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable(
            "A stored secret cannot be read: the hub's secret key has changed.",
            hint="Put back the old HUB_SECRET_KEY or data/secret.key, or enter the provider's key again.",
        ) from error


def hub_key() -> str:
    """The key itself, for a backup that is encrypted."""
    return settings().secret_key or kept_secret(private_folder(settings().data) / "secret.key")


def put_key(key: str) -> Path | None:
    """Makes `key` the one in the data folder; where the one that was there is now, if it was another."""
    file = private_folder(settings().data) / "secret.key"
    if file.exists() and file.read_text().strip() == key:
        return None
    aside = None
    if file.exists():
        aside = file.with_name(f"secret.key.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        file.rename(aside)
    fresh = file.with_name("secret.key.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    return aside


@lru_cache(maxsize=4)
def _cipher(key: str) -> Fernet:
    # Any text serves as a key: Fernet itself wants exactly 32 bytes.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
