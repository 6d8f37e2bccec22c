"""Asking an identity provider for tokens, as the client that is registered there (RFC 6749)."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from hub.errors import HubError
from hub.net.ask import Answered, NoAnswer, ask

EARLY = 30.0
"""Seconds before its end from which a token counts as over."""


class SignInFailed(HubError):
    """An identity provider gave no token, or a person has to sign in first."""

    kind = "sign_in_failed"


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """What is kept of a sign-in; it shows in no repr. `client` is a registration as RFC 7591 has it (client_id,
    client_secret, token_endpoint_auth_method). `expires_at` is a Unix time, 0 when the token says nothing."""

    tokens: dict[str, Any]
    client: dict[str, Any] = field(default_factory=dict[str, Any])
    expires_at: float = 0.0
    token_url: str = ""
    revoke_url: str = ""
    resource: str = ""

    @property
    def bearer(self) -> str:
        """The token that goes with requests."""
        return str(self.tokens.get("access_token", ""))

    @property
    def lasts(self) -> bool:
        """Whether the token is not over yet."""
        return not self.expires_at or time.time() < self.expires_at - EARLY


def expiry(seconds: object) -> float:
    """When a token that has just come ends, by its `expires_in`; 0 when it does not say."""
    return time.time() + float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 0.0


def posted(client: Mapping[str, Any], url: str, form: Mapping[str, str], *, private: bool) -> Answered:
    """Sends a form as a client: its secret in a header, in the form, or not at all. Raises BadInput, NoAnswer."""
    name, secret = str(client.get("client_id", "")), str(client.get("client_secret") or "")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    fields = {**form, "client_id": name}
    if secret and client.get("token_endpoint_auth_method") == "client_secret_post":
        fields["client_secret"] = secret
    elif secret:
        pair = f"{quote(name, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return ask("POST", url, headers=headers, content=urlencode(fields).encode(), private=private)


def taken(answer: Answered, url: str) -> dict[str, Any]:
    """The tokens in an answer; raises SignInFailed with what the provider says is wrong."""
    host = urlsplit(url).hostname or url
    try:
        said: Any = answer.json()
    except NoAnswer:
        said = None
    given = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    if answer.status != 200 or given.get("error"):
        raise SignInFailed(f"{host} gave no token: {reason(given) or f'it answered {answer.status}'}.")
    token, kind = given.get("access_token"), given.get("token_type", "bearer")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise SignInFailed(f"{host} gave no token.", hint="Ask who runs it.")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise SignInFailed(f"{host} gave a token of a kind that is not used here.", hint="Only bearer tokens are.")
    return given


def reason(given: Mapping[str, Any]) -> str:
    """What a provider says is wrong, in short; "" when it says nothing."""
    parts = (str(given.get(name) or "") for name in ("error", "error_description"))
    plain = (" ".join("".join(one if one.isprintable() else " " for one in part).split()) for part in parts)
    return ", ".join(part.rstrip(".?!") for part in plain if part)[:300]


def renewed(kept: Kept, *, private: bool) -> Kept | None:
    """What a refresh token gives; None where there is none, or it is refused. Raises NoAnswer, SignInFailed."""
    again = kept.tokens.get("refresh_token")
    if not again or not kept.token_url:
        return None
    form = {"grant_type": "refresh_token", "refresh_token": str(again)}
    if kept.resource:
        form["resource"] = kept.resource
    answer = posted(kept.client, kept.token_url, form, private=private)
    if 400 <= answer.status < 500:
        return None
    fresh = taken(answer, kept.token_url)
    return replace(kept, tokens={**kept.tokens, **fresh}, expires_at=expiry(fresh.get("expires_in")))
