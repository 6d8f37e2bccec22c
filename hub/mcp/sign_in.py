"""Signing in at a server in the browser: OAuth 2.1 with PKCE, discovery and registration, as the SDK does it.

It begins in one request of the person and ends in another, the callback, which only the same person may make; between
them a task of this process waits.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx2
import structlog
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.exceptions import OAuthFlowError
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.mcp import http, journal
from hub.mcp.records import Access, Server, ServerAway
from hub.mcp.tokens import keeper
from hub.oauth import Kept, expiry, posted

WAITS_SECONDS = 600.0
_ASKING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "LLM Hub", "version": "1"},
    },
}

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class _Pending:
    """A sign-in on its way."""

    who: Who
    server: Server
    url: asyncio.Future[str]
    answer: asyncio.Future[AuthorizationCodeResult]
    done: asyncio.Future[None]
    state: str = ""
    began: float = field(default_factory=time.monotonic)


class _Storage:
    """What the SDK keeps of a sign-in, held until it is whole."""

    def __init__(self, access: Access, redirect: str) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None
        if access.client_id:
            self.client = OAuthClientInformationFull(
                client_id=access.client_id,
                client_secret=access.client_secret or None,
                redirect_uris=[AnyUrl(redirect)],
                token_endpoint_auth_method="client_secret_post" if access.client_secret else "none",
            )

    async def get_tokens(self) -> OAuthToken | None:
        return None

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class SignIns:
    """The sign-ins on their way in this process. Its methods run on the loop of the pool."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Pending] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, who: Who, server: Server, access: Access, redirect: str) -> str:
        """The address at the identity provider where the person goes on; raises ServerAway when it comes to none."""
        loop = asyncio.get_running_loop()
        pending = _Pending(who, server, loop.create_future(), loop.create_future(), loop.create_future())
        task = loop.create_task(self._flow(pending, access, redirect))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait([pending.url, pending.done], return_when=asyncio.FIRST_COMPLETED)
        if pending.url.done():
            return pending.url.result()
        pending.done.result()
        raise ServerAway(f"{server.name} asks for no sign-in.", hint="Use it as it is.")

    async def finish(self, who: Who, state: str, code: str, issuer: str | None, error: str) -> Server:
        """The person is back; stores what they got. Raises BadInput for a way back that this person did not start."""
        pending = self._waiting.get(state)
        if not state or pending is None or pending.who.id != who.id:
            raise BadInput("This sign-in was not started here, or it took too long.", hint="Start it once more.")
        del self._waiting[state]
        if error or not code:
            pending.answer.set_exception(OAuthFlowError(error or "no code came"))
        else:
            pending.answer.set_result(AuthorizationCodeResult(code=code, state=state, iss=issuer))
        await pending.done
        return pending.server

    async def _flow(self, pending: _Pending, access: Access, redirect: str) -> None:
        server = pending.server
        try:
            await self._signed_in(pending, access, redirect)
        except Exception as error:
            said = _cause(error)
            log.info("mcp_sign_in_failed", server=server.id, error=type(error).__name__)
            await asyncio.to_thread(journal.note, server.id, pending.who.id, "sign-in", said, error=True)
            pending.done.set_exception(ServerAway(f"Signing in at {server.name} failed: {said}.", hint="Try again."))
            pending.done.exception()  # nobody may be waiting any more
        else:
            await asyncio.to_thread(journal.note, server.id, pending.who.id, "sign-in", "Signed in")
            pending.done.set_result(None)
        finally:
            self._waiting.pop(pending.state, None)

    async def _signed_in(self, pending: _Pending, access: Access, redirect: str) -> None:
        async def send_there(url: str) -> None:
            pending.state = parse_qs(urlsplit(url).query).get("state", [""])[0]
            self._waiting[pending.state] = pending
            pending.url.set_result(url)

        async def come_back() -> AuthorizationCodeResult:
            return await asyncio.wait_for(pending.answer, WAITS_SECONDS)

        storage = _Storage(access, redirect)
        asked = OAuthClientMetadata(
            client_name="LLM Hub",
            redirect_uris=[AnyUrl(redirect)],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            application_type="native" if urlsplit(redirect).hostname in {"127.0.0.1", "localhost", "::1"} else "web",
        )
        provider = OAuthClientProvider(access.url, asked, storage, send_there, come_back)
        headers = {**access.headers, "Accept": "application/json, text/event-stream"}
        async with (
            http.client(private=pending.server.private, headers=headers, auth=provider) as client,
            client.stream("POST", access.url, json=_ASKING) as response,
        ):
            if storage.tokens is None and response.status_code >= 400:
                raise OAuthFlowError(f"it answered {response.status_code}")
        if storage.tokens is None or storage.client is None:
            return
        await asyncio.to_thread(keeper.write, pending.server.id, pending.who.id, _kept(provider, storage))


def _kept(provider: OAuthClientProvider, storage: _Storage) -> Kept:
    assert storage.tokens is not None and storage.client is not None
    context = provider.context
    found = context.oauth_metadata
    base = context.get_authorization_base_url(context.server_url)
    return Kept(
        tokens=storage.tokens.model_dump(mode="json", exclude_none=True),
        client=storage.client.model_dump(mode="json", exclude_none=True),
        expires_at=expiry(storage.tokens.expires_in),
        token_url=str(found.token_endpoint) if found else f"{base}/token",
        revoke_url=str(found.revocation_endpoint) if found and found.revocation_endpoint else "",
        resource=context.get_resource_url() if context.should_include_resource_param("2025-06-18") else "",
    )


async def revoke(server: Server, person: str) -> None:
    """Forgets a sign-in, and asks the identity provider to forget it too where it takes that."""
    kept = await asyncio.to_thread(keeper.read, server.id, person)
    await asyncio.to_thread(keeper.drop, server.id, person)
    if kept is None or not kept.revoke_url:
        return
    for name in ("refresh_token", "access_token"):
        if token := kept.tokens.get(name):
            form = {"token": str(token), "token_type_hint": name}
            try:
                await asyncio.to_thread(posted, kept.client, kept.revoke_url, form, private=server.private)
            except HubError as error:
                said = f"Signed out here; the identity provider could not be told ({type(error).__name__})"
                await asyncio.to_thread(journal.note, server.id, person, "sign-in", said, error=True)
                return


def _cause(error: Exception) -> str:
    if isinstance(error, HubError):
        return error.message.rstrip(".")
    if isinstance(error, TimeoutError):
        return "nobody came back in time"
    if isinstance(error, httpx2.HTTPError):
        return f"a connection failed ({type(error).__name__})"
    if isinstance(error, OAuthFlowError):
        return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return type(error).__name__
