"""OpenRouter's one-click sign-in: OAuth with PKCE (RFC 7636), https://openrouter.ai/docs/use-cases/oauth-pkce."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any, cast
from urllib.parse import urlencode

from hub.models import listing
from hub.models.errors import ProviderDown

SITE = "https://openrouter.ai"


def start(callback_url: str, site: str = SITE) -> tuple[str, str]:
    """The address to send the person to, and the verifier to keep until they are back at `callback_url` with a code."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    query = {"callback_url": callback_url, "code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{site}/auth?{urlencode(query)}", verifier


async def exchange(code: str, verifier: str, site: str = SITE) -> str:
    """The key that belongs to `code`. Raises ModelError when OpenRouter does not accept it."""
    body = {"code": code, "code_verifier": verifier, "code_challenge_method": "S256"}
    value = await listing.ask(f"{site}/api/v1/auth/keys", {}, title="OpenRouter", key=verifier, body=body)
    key = cast(dict[str, Any], value).get("key") if isinstance(value, dict) else None
    if not isinstance(key, str) or not key:
        raise ProviderDown("OpenRouter", detail="it accepted the sign-in but sent no key")
    return key
