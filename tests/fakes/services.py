"""Services of the web on loopback: SearXNG, Brave Search, Tavily, a site with pages, a model that makes pictures, and
an interface with an OpenAPI specification.

`with Services() as fake: fake.url`. `fake.requests` are all requests so far, `fake.status` answers everything with
that status, `fake.guard` says which Authorization opens the interface.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from hub.models.demo import gradient

KEY = "key-of-the-fake"
PAGE = b"<!doctype html><title>Tides</title><h1>Tides</h1><p>High water at Brattvik is at noon.</p>"
HITS = [
    ("https://tides.example/brattvik", "Tides at Brattvik", "High water is at <b>noon</b> &amp; midnight."),
    ("https://tides.example/other", "Other tides", "Low water at six."),
    ("javascript:alert(1)", "Bad", "Not an address."),
]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Any


@dataclass
class Services:
    """All of them in one server, in a thread of its own."""

    status: int = 0
    guard: Callable[[str], bool] | None = None
    requests: list[Asked] = field(default_factory=list[Asked])

    def __enter__(self) -> Self:
        fake = self

        class Handler(_Handler):
            services = fake

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def last(self) -> Asked:
        """The newest request."""
        return self.requests[-1]


class _Handler(BaseHTTPRequestHandler):
    services: Services

    def _any(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = _body(self.headers.get("Content-Type", ""), raw)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, parse_qsl(parts.query, keep_blank_values=True), headers, body)
        self.services.requests.append(asked)
        status, kind, data = _answer(asked)
        guard = self.services.guard
        if guard and asked.path.startswith("/kiosk/") and not guard(headers.get("authorization", "")):
            status, kind, data = _json({"message": "Who are you?"}, 401)
        if self.services.status:
            status, kind, data = self.services.status, "application/json", b'{"message":"as wanted"}'
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if status == 302:
            self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _any  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _body(kind: str, raw: bytes) -> Any:
    if "json" in kind and raw:
        return json.loads(raw)
    return dict(parse_qsl(raw.decode())) if "form" in kind else raw


def _json(value: Any, status: int = 200) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(value).encode()


def _answer(asked: Asked) -> tuple[int, str, bytes]:
    path = asked.path
    if path == "/search" and asked.method == "GET":
        return _json({"results": [{"url": url, "title": title, "content": text} for url, title, text in HITS]})
    if path == "/brave":
        if asked.headers.get("x-subscription-token") != KEY:
            return _json({"error": "bad key"}, 401)
        rows = [{"url": url, "title": title, "description": text, "age": "2 days ago"} for url, title, text in HITS]
        return _json({"web": {"results": rows}})
    if path == "/tavily":
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return _json({"detail": "bad key"}, 401)
        return _json({"results": [{"url": url, "title": title, "content": text} for url, title, text in HITS]})
    if path == "/tides":
        return 200, "text/html; charset=utf-8", PAGE
    if path == "/picture.png":
        return 200, "image/png", gradient()
    if path.endswith("/images/generations"):
        data = base64.b64encode(gradient()).decode()
        return _json({"created": 1, "data": [{"b64_json": data, "revised_prompt": ""}]})
    if path == "/token":
        right = asked.headers.get("authorization") == "Basic " + base64.b64encode(b"machine:s%3Acret").decode()
        answer = {"access_token": "token-of-the-fake", "token_type": "bearer", "expires_in": 3600}
        return _json(answer) if right else _json({"error": "invalid_client"}, 401)
    return _kiosk(asked) if path.startswith("/kiosk/") else _json({"message": "There is nothing."}, 404)


def _kiosk(asked: Asked) -> tuple[int, str, bytes]:
    """Says what it was asked, headers too: what was sent can be seen, and a key that comes back too."""
    if asked.path == "/kiosk/cover":
        return 200, "image/png", gradient()
    if asked.path == "/kiosk/moved":
        return 302, "text/plain", b""
    if asked.path == "/kiosk/papers/none":
        return _json({"message": "No such paper."}, 404)
    return _json({"method": asked.method, "path": asked.path, "query": asked.query, "headers": asked.headers,
                  "body": asked.body if not isinstance(asked.body, bytes) else asked.body.decode()})  # fmt: skip


def specification(url: str) -> str:
    """The specification of the kiosk at a server."""
    return (Path(__file__).parent / "api.yaml").read_text().replace("http://127.0.0.1:1", url)
