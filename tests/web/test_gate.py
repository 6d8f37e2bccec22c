"""Host and Origin: who may knock."""

from __future__ import annotations

import pytest

from hub.web.gate import host_allowed, origin_allowed
from tests.conftest import Configure


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost:8501", True),
        ("LOCALHOST", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("192.168.1.5", True),
        ("hub.example.org", True),
        ("hub.example.org.", True),
        ("other.example.org:99", True),
        ("evil.example.com", False),
        ("localhost.evil.com", False),
        ("127.0.0.1.evil.com", False),
        ("user@localhost", False),
        ("localhost/x", False),
        ("localhost:x", False),
        ("", False),
    ],
)
def test_only_own_names_are_answered(configure: Configure, host: str, allowed: bool) -> None:
    configure(public_url="https://hub.example.org", allowed_hosts=" other.example.org, ")
    assert host_allowed(host) is allowed


OWN = "http://localhost:8501"


@pytest.mark.parametrize(
    ("method", "origin", "allowed"),
    [
        ("POST", OWN, True),
        ("WEBSOCKET", OWN, True),
        ("POST", "https://hub.example.org", True),
        ("POST", "http://localhost:3000", False),
        ("WEBSOCKET", "http://evil.example.com", False),
        ("DELETE", "null", False),
        ("POST", "http://localhost:8501.evil.com", False),
        ("POST", "file://localhost:8501", False),
        ("POST", "http://localhost:x", False),
    ],
)
def test_only_own_pages_may_change_things(configure: Configure, method: str, origin: str, allowed: bool) -> None:
    configure(public_url="https://hub.example.org")
    headers = {b"host": b"localhost:8501", b"origin": origin.encode()}
    assert origin_allowed(method, headers, "/api/runs") is allowed


@pytest.mark.parametrize(
    ("site", "mode", "dest", "path", "allowed"),
    [
        ("same-origin", "cors", "empty", "/api/models", True),
        ("none", "navigate", "document", "/api/files/1", True),
        ("cross-site", "navigate", "document", "/oauth/openrouter/callback", True),
        ("cross-site", "navigate", "document", "/api/files/1", True),
        ("cross-site", "navigate", "iframe", "/api/files/1", False),
        ("cross-site", "no-cors", "image", "/api/files/1", False),
        ("same-site", "cors", "empty", "/api/runs/1/events", False),
    ],
)
def test_foreign_pages_cannot_embed_or_read(site: str, mode: str, dest: str, path: str, allowed: bool) -> None:
    headers = {b"host": b"localhost", b"sec-fetch-site": site.encode(), b"sec-fetch-mode": mode.encode()}
    assert origin_allowed("GET", {**headers, b"sec-fetch-dest": dest.encode()}, path) is allowed


def test_programs_that_are_no_browsers_name_no_origin() -> None:
    assert origin_allowed("POST", {b"host": b"localhost"}, "/api/runs")
    assert not origin_allowed("POST", {b"host": b"localhost", b"sec-fetch-site": b"cross-site"}, "/api/runs")
