"""Who may make the first account.

On a machine's own address anyone who reaches the hub is its user. Anywhere else a stranger could be quicker than the
owner: there the setup page asks for a token that the hub prints where it was started.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from hub.settings import settings


def _file() -> Path:
    return settings().data / "setup-token"


def setup_token() -> str:
    """The token of this data folder, made at the first call and readable by the hub's own user only."""
    path = _file()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = path.with_suffix(f".{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(24))
        try:
            path.hardlink_to(made)  # of two processes that start together, the first one's token counts
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()


def token_fits(given: str) -> bool:
    """Whether `given` is the setup token."""
    return hmac.compare_digest(given.strip().encode(), setup_token().encode())


def end_setup() -> None:
    """The token is of no use any more."""
    _file().unlink(missing_ok=True)
