"""How what comes to a webhook is signed: HMAC-SHA256 with the key of its schedule, in one of two forms.

Standard Webhooks signs "ID.TIMESTAMP.BODY" with the bytes that stand in base64 behind "whsec_" in the key. GitHub signs
the body alone, with the whole key as text. Since nothing that GitHub sends beside the body is signed, the body itself
tells its deliveries apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
GITHUB, DELIVERY = "x-hub-signature-256", "x-github-delivery"
MOST_SIGNATURES = 8
"""A sender that changes its key signs with several."""
_ID = re.compile(r"[!-\-/-~]{1,200}")  # no dot, which stands between the parts of what is signed
_SECONDS = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was signed with the right key. `name` is the same when it comes again; `at` is when it was sent, None where
    that is not signed."""

    name: str
    at: datetime | None = None


def new_key() -> str:
    """A key of 32 random bytes: "whsec_" and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(key: str, name: str, timestamp: str, body: bytes) -> str:
    """The signature of Standard Webhooks, as its header has it: "v1,BASE64"."""
    raw = base64.b64decode(key.removeprefix(PREFIX))
    return "v1," + base64.b64encode(_mac(raw, f"{name}.{timestamp}.".encode("latin-1") + body)).decode()


def sign_body(key: str, body: bytes) -> str:
    """The signature of GitHub, as its header has it: "sha256=HEX"."""
    return "sha256=" + _mac(key.encode(), body).hex()


def checked(key: str, headers: Mapping[str, str], body: bytes) -> Delivery | None:
    """The delivery that these headers (names in lower case) sign with `key`; None where none of them does."""
    return _standard(key, headers, body) if SIGNATURE in headers else _github(key, headers, body)


def _standard(key: str, headers: Mapping[str, str], body: bytes) -> Delivery | None:
    name, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _ID.fullmatch(name) or not _SECONDS.fullmatch(timestamp):
        return None
    wanted = sign(key, name, timestamp, body)
    given = headers[SIGNATURE].split()[:MOST_SIGNATURES]
    if not any(_same(one, wanted) for one in given):
        return None
    return Delivery(name, datetime.fromtimestamp(int(timestamp), UTC))


def _github(key: str, headers: Mapping[str, str], body: bytes) -> Delivery | None:
    if not headers.get(DELIVERY) or not _same(headers.get(GITHUB, ""), sign_body(key, body)):
        return None
    return Delivery(f"body {hashlib.sha256(body).hexdigest()}")


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
