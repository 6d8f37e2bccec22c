"""Addresses: what is fetched, and what the hub does not let itself be sent to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub import documents
from hub.documents import ingest
from hub.errors import BadInput
from hub.net import fetch
from tests.documents.conftest import ANNA

PAGE = b"<!doctype html><title>Tides</title><h1>Tides</h1><p>High water at Brattvik is at noon.</p>"


class Site(BaseHTTPRequestHandler):
    """A small web site."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/moved":
            self._answer(302, {"Location": "/tides"})
        elif path == "/loop":
            self._answer(302, {"Location": "/loop"})
        elif path == "/inside":
            self._answer(302, {"Location": "http://169.254.169.254/latest/meta-data/"})
        elif path == "/tides":
            self._answer(200, {"Content-Type": "text/html; charset=utf-8"}, PAGE)
        elif path == "/program":
            self._answer(200, {"Content-Type": "application/x-msdownload"}, b"MZ")
        elif path == "/endless":
            self._answer(200, {"Content-Type": "text/plain"}, b"x" * 1_200_000)
        else:
            self._answer(404, {})

    def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def allowed(configure: Callable[..., None]) -> None:
    configure(private_urls="true", max_upload_mb=1)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not fetch.public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_that_are(address: str) -> None:
    assert fetch.public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/", "private network"),
        ("http://localhost/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://2130706433/", "private network"),
        ("http://0x7f.1/", "private network"),
        ("http://169.254.169.254/latest/meta-data/", "private network"),
        ("http://user:word@example.org/", "user name or password"),
        ("ftp://example.org/a", "no web address"),
        ("file:///etc/passwd", "no web address"),
        ("http://", "no web address"),
        ("http://example.org:22/", "port 22"),
    ],
)
def test_what_only_the_hub_can_reach_is_refused(url: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        fetch.fetch(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (one, port)) for one in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(BadInput, match="private network"):
        fetch.fetch("http://example.org/")


def test_the_connection_goes_to_the_address_that_was_checked(
    site: str, allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name server says something else the second time (DNS rebinding): nobody asks it a second time."""
    asked: list[str] = []
    port = int(site.rpartition(":")[2])
    real = socket.getaddrinfo

    def once(host: str, *rest: object, **more: object) -> object:
        if host == "tides.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return real(host, *rest, **more)  # pyright: ignore[reportArgumentType, reportCallIssue]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert fetch.fetch(f"http://tides.example:{port}/tides").data == PAGE
    assert asked == ["tides.example"]


def test_a_redirect_is_followed_by_the_same_rules(site: str, allowed: None, configure: Callable[..., None]) -> None:
    assert fetch.fetch(f"{site}/moved").url == f"{site}/tides"
    with pytest.raises(BadInput, match="more than 5 times"):
        fetch.fetch(f"{site}/loop")
    real = fetch.public
    try:
        fetch.public = lambda address: address == "127.0.0.1" or real(address)
        configure(private_urls="false")
        fetch.PORTS = fetch.PORTS | {int(site.rpartition(":")[2])}  # pyright: ignore[reportConstantRedefinition]
        with pytest.raises(BadInput, match=r"169\.254\.169\.254.*private network"):
            fetch.fetch(f"{site}/inside")
    finally:
        fetch.public = real


def test_other_kinds_and_sizes_are_refused(site: str, allowed: None) -> None:
    with pytest.raises(BadInput, match="application/x-msdownload, which is not read"):
        fetch.fetch(f"{site}/program")
    with pytest.raises(BadInput, match="more than 1 MB"):
        fetch.fetch(f"{site}/endless")
    with pytest.raises(BadInput, match="answered 404"):
        fetch.fetch(f"{site}/nothing")


def test_a_page_becomes_a_document(site: str, allowed: None, shelf: str) -> None:
    added = documents.add_url(ANNA, shelf, f"{site}/moved")
    ingest.ingest(added.document.id)
    document = documents.get(ANNA, added.document.id)
    assert (document.state, document.name, document.title) == ("ready", "127.0.0.1/tides.html", "Tides")
    assert document.url == f"{site}/tides"
    found = documents.search(ANNA, "When is high water at Brattvik?", [shelf])
    assert "noon" in found.passages[0].text
