"""The network under httpx: the same as httpx's own, whole, secured or broken."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.models.wire import LeanTransport, Watch

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers any number of requests with their own bodies."""
    while head := await reader.readuntil(b"\r\n\r\n"):
        size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(size)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + body)
        await writer.drain()


async def quiet(handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await handler(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(handler: Handler, context: ssl.SSLContext | None = None) -> Awaitable[asyncio.Server]:
    return asyncio.start_server(lambda reader, writer: quiet(handler, reader, writer), "127.0.0.1", 0, ssl=context)


def port(server: asyncio.Server) -> int:
    return server.sockets[0].getsockname()[1]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for localhost, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "localhost.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize("secured", [False, True])
def test_large_bodies_both_ways_over_one_connection(secured: bool, certificate: Path) -> None:
    body = bytes(range(256)) * 20_000

    async def exchange() -> int:
        context = None
        if secured:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
        server = await serve(echo, context)
        transport = LeanTransport(ssl.create_default_context(cafile=str(certificate)))
        scheme = "https" if secured else "http"
        ports: set[object] = set()
        async with httpx.AsyncClient(transport=transport) as client:
            for _ in range(3):
                async with client.stream("POST", f"{scheme}://localhost:{port(server)}/", content=body) as response:
                    ports.add(response.extensions["network_stream"].get_extra_info("client_addr"))
                    assert await response.aread() == body
        server.close()
        return len(ports)

    assert asyncio.run(exchange()) == 1, "the connection is kept"


def test_unknown_certificate_is_refused(certificate: Path) -> None:
    async def attempt() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server = await serve(echo, context)
        async with httpx.AsyncClient(transport=LeanTransport()) as client:
            with pytest.raises(httpx.ConnectError, match="certificate"):
                await client.post(f"https://localhost:{port(server)}/", content=b"x")
        server.close()

    asyncio.run(attempt())


def test_kept_connection_that_the_server_closed_is_not_used_again() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        writer.close()

    async def twice() -> None:
        server = await serve(once)
        async with httpx.AsyncClient(transport=LeanTransport()) as client:
            for _ in range(2):
                response = await client.get(f"http://127.0.0.1:{port(server)}/")
                assert response.text == "ok"
                stream = response.extensions["network_stream"]
                async with asyncio.timeout(5):
                    while not stream.get_extra_info("is_readable"):
                        await asyncio.sleep(0)
        server.close()

    asyncio.run(twice())


def test_watch_breaks_off_a_silent_response() -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegin")
        await reader.read()
        gone.set()

    async def watch() -> None:
        server = await serve(silent)
        async with (
            httpx.AsyncClient(transport=LeanTransport(), timeout=None) as client,
            client.stream("GET", f"http://127.0.0.1:{port(server)}/") as response,
        ):
            watching = Watch(response, lambda: 0.1)
            with pytest.raises(httpx.RemoteProtocolError):
                await response.aread()
            assert watching.fired
            async with asyncio.timeout(5):
                await gone.wait()
        server.close()

    asyncio.run(watch())


def test_nothing_there() -> None:
    async def attempt() -> None:
        server = await serve(echo)
        free = port(server)
        server.close()
        await server.wait_closed()
        async with httpx.AsyncClient(transport=LeanTransport()) as client:
            with pytest.raises(httpx.ConnectError, match="nothing answers"):
                await client.get(f"http://127.0.0.1:{free}/")

    asyncio.run(attempt())
