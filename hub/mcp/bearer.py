"""The person's token on every request, kept fresh."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import httpx2

from hub.mcp.records import SignInNeeded
from hub.mcp.tokens import keeper
from hub.oauth import Kept


class Bearer(httpx2.Auth):
    """Puts the person's token on every request, and renews it when it ends or is refused.

    The SDK's own provider holds its lock for as long as a request takes and forgets when a stored token ends; it is
    used for signing in only.
    """

    def __init__(self, server: str, person: str, *, private: bool) -> None:
        self._place = (server, person)
        self._private = private
        self._kept: Kept | None = None
        self.needed = False

    async def async_auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """One request, tried once more with a new token; raises SignInNeeded when there is no way on."""
        token = await self._token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            request.headers["Authorization"] = f"Bearer {await self._token(refused=token)}"
            response = yield request
            if response.status_code == 401:
                raise self._sign_in()

    async def _token(self, *, refused: str = "") -> str:
        kept = self._kept
        if kept is None or kept.bearer == refused or not kept.lasts:
            kept = await asyncio.to_thread(keeper.fresh, *self._place, private=self._private, refused=refused)
            self._kept = kept
        if kept is None:
            raise self._sign_in()
        return kept.bearer

    def _sign_in(self) -> SignInNeeded:
        self.needed = True
        return SignInNeeded("You have to sign in at this server.", hint="Sign in on the tools page.")
