"""The person's token on every request, kept fresh."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import cast

import httpx2
import structlog
from mcp.client.auth.oauth2 import OAuthContext, TokenStorage
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from hub.mcp import http
from hub.mcp.records import SignInNeeded
from hub.mcp.tokens import Kept, read, write

EARLY = 30.0
"""Seconds before its end that a token is renewed."""

log = structlog.get_logger(__name__)


def expiry(tokens: OAuthToken) -> float:
    """When a token that has just come ends; 0 when it does not say."""
    return time.time() + tokens.expires_in if tokens.expires_in else 0.0


class Bearer(httpx2.Auth):
    """Puts the person's token on every request, and renews it when it ends or is refused.

    The SDK's own provider holds its lock for as long as a request takes and forgets when a stored token ends; it is
    used for signing in only.
    """

    def __init__(self, server: str, person: str, *, private: bool) -> None:
        self._place = (server, person)
        self._private = private
        self._kept: Kept | None = None
        self._lock = asyncio.Lock()
        self.needed = False

    async def async_auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """One request, tried once more with a new token; raises SignInNeeded when there is no way on."""
        kept = self._kept or await asyncio.to_thread(read, *self._place)
        if kept is None:
            raise self._sign_in()
        if kept.expires_at and time.time() > kept.expires_at - EARLY:
            kept = await self._renewed(kept.bearer)
        self._kept = kept
        request.headers["Authorization"] = f"Bearer {kept.bearer}"
        response = yield request
        if response.status_code == 401:
            kept = await self._renewed(kept.bearer)
            request.headers["Authorization"] = f"Bearer {kept.bearer}"
            response = yield request
            if response.status_code == 401:
                raise self._sign_in()

    def _sign_in(self) -> SignInNeeded:
        self.needed = True
        return SignInNeeded("You have to sign in at this server.", hint="Sign in on the tools page.")

    async def _renewed(self, old: str) -> Kept:
        """A newer token than `old`. Another process may have renewed it: then that one is taken."""
        async with self._lock:
            stored = await asyncio.to_thread(read, *self._place)
            if stored is not None and stored.bearer != old:
                self._kept = stored
                return stored
            fresh = await self._asked(stored) if stored else None
            if fresh is None:
                again = await asyncio.to_thread(read, *self._place)
                if again is None or again.bearer == old:
                    raise self._sign_in()
                fresh = again
            else:
                await asyncio.to_thread(write, *self._place, fresh)
            self._kept = fresh
            return fresh

    async def _asked(self, kept: Kept) -> Kept | None:
        """A new token from the identity provider; None when it gives none."""
        again = kept.tokens.get("refresh_token")
        if not again or not kept.token_url:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": str(again)}
        answer = await posted(kept, kept.token_url, form, private=self._private)
        if answer.status_code != 200:
            log.info("mcp_token_refused", status=answer.status_code)
            return None
        tokens = OAuthToken.model_validate_json(answer.content)
        found = {**kept.tokens, **tokens.model_dump(mode="json", exclude_none=True)}
        return replace(kept, tokens=found, expires_at=expiry(tokens))


async def posted(kept: Kept, url: str, form: dict[str, str], *, private: bool) -> httpx2.Response:
    """Sends a form to the identity provider as the client that is registered there."""
    context = OAuthContext("", _metadata(), cast(TokenStorage, None), None, None)
    context.client_info = OAuthClientInformationFull.model_validate(kept.client)
    data = {**form, "client_id": context.client_info.client_id}
    if kept.resource:
        data["resource"] = kept.resource
    data, headers = context.prepare_token_auth(data)
    async with http.client(private=private) as client:
        return await client.post(url, data=data, headers=headers)


def _metadata() -> OAuthClientMetadata:
    return OAuthClientMetadata(redirect_uris=[AnyUrl("http://localhost/")])
