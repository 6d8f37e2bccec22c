"""An identity provider of OAuth 2.1: registers clients, asks nobody, hands out tokens, renews and revokes them.

Whoever comes to /authorize is `person`, unless it `refuses` them. Codes are bound to PKCE's challenge, refresh tokens
are good once. A client that was registered by hand (`known`) has to show its secret.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
from typing import Any
from urllib.parse import quote, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route


class Identity:
    """The provider on loopback. `lifetime` are seconds that a token is good for, as it says."""

    def __init__(self, *, lifetime: int = 3600) -> None:
        self.person = "anna"
        self.lifetime = lifetime
        self.refuses_refresh = False
        self.refuses = ""
        self.scopes: list[str] = []
        self.tokens: dict[str, str] = {}
        self.refreshers: dict[str, str] = {}
        self.revoked: list[str] = []
        self.refreshed = 0
        self._codes: dict[str, dict[str, str]] = {}
        self._clients: set[str] = set()
        self._secrets: dict[str, str] = {}
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.root = f"http://127.0.0.1:{self.port}"

    def known(self, client: str, secret: str = "") -> None:
        """Registers a client by hand."""
        self._clients.add(client)
        if secret:
            self._secrets[client] = secret

    def holder(self, token: str) -> str:
        """Whose token it is, "" for none."""
        return self.tokens.get(token, "")

    def _described(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.root,
                "authorization_endpoint": f"{self.root}/authorize",
                "token_endpoint": f"{self.root}/token",
                "registration_endpoint": f"{self.root}/register",
                "revocation_endpoint": f"{self.root}/revoke",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _register(self, request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        id_ = f"client-{secrets.token_hex(4)}"
        self._clients.add(id_)
        return JSONResponse({**asked, "client_id": id_, "token_endpoint_auth_method": "none"}, 201)

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked["client_id"] not in self._clients or asked["code_challenge_method"] != "S256":
            return JSONResponse({"error": "invalid_request"}, 400)
        self.scopes.append(asked.get("scope", ""))
        if self.refuses:
            said = {"error": "access_denied", "error_description": self.refuses, "state": asked["state"]}
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(said)}", 302)
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "person": self.person}
        back = urlencode({"code": code, "state": asked["state"], "iss": self.root})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not self._right(form, request.headers.get("authorization", "")):
            said = {"error": "invalid_client", "error_description": "Who is that?"}
            return JSONResponse(said, 401)
        if form["grant_type"] == "refresh_token":
            person = "" if self.refuses_refresh else self.refreshers.pop(form["refresh_token"], "")
            self.refreshed += bool(person)
            return self._given(person) if person else JSONResponse({"error": "invalid_grant"}, 400)
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return self._given(asked["person"])

    def _right(self, form: dict[str, str], authorization: str) -> bool:
        secret = self._secrets.get(form["client_id"])
        pair = f"{quote(form['client_id'], safe='')}:{quote(secret or '', safe='')}".encode()
        return not secret or authorization == f"Basic {base64.b64encode(pair).decode()}"

    def _given(self, person: str) -> Response:
        token, again = f"at-{secrets.token_urlsafe(16)}", f"rt-{secrets.token_urlsafe(16)}"
        self.tokens[token], self.refreshers[again] = person, person
        body = {"access_token": token, "token_type": "Bearer", "refresh_token": again, "expires_in": self.lifetime}
        return JSONResponse({**body, "scope": "tools"})

    async def _revoke(self, request: Request) -> Response:
        token = str((await request.form())["token"])
        self.revoked.append(token)
        self.tokens.pop(token, None)
        self.refreshers.pop(token, None)
        return Response(status_code=200)

    def __enter__(self) -> Identity:
        app = Starlette(
            routes=[
                Route("/.well-known/oauth-authorization-server", self._described),
                Route("/register", self._register, methods=["POST"]),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/revoke", self._revoke, methods=["POST"]),
            ]
        )
        self._server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_config=None, access_log=False))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        waiting = threading.Event()
        while not self._server.started:
            waiting.wait(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
