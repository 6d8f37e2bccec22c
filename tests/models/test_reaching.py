"""The Test button, local servers, and OpenRouter's sign-in."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hub.models import discover, http, openrouter
from hub.models.check import Check, check
from hub.models.connections import Access, Connection
from hub.models.errors import ModelError
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer
from tests.models.conftest import run

KEY = "sk-right0123456789"


def test_of(server: FakeServer, provider: str = "openai_compatible", *, url: str = "", key: str = KEY) -> Check:
    connection = Connection("1", "anna", provider, "Fake", url or server.url)
    return run(check(connection, Access(key, {})))


test_of.__test__ = False  # pyright: ignore[reportFunctionMemberAccess]


def test_a_working_connection() -> None:
    with FakeServer() as server:
        found = test_of(server)
    assert found.ok and found.models == 6 and found.latency_ms is not None
    assert "6 models" in found.sentence


def test_a_wrong_key_is_told_without_showing_it() -> None:
    with FakeServer(key=KEY) as server:
        found = test_of(server, key="sk-wrong0123456789")
    assert not found.ok and "refused the key" in found.sentence and "sk-wrong" not in found.sentence


def test_openrouter_keys_are_tested_though_its_list_is_open() -> None:
    with FakeServer(flavour="openrouter", key=KEY) as server:
        assert not test_of(server, "openrouter", key="sk-wrong0123456789").ok
        right = test_of(server, "openrouter")
    assert right.ok and "$4.20" in right.sentence


def test_a_wrong_path_is_put_right() -> None:
    with FakeServer() as server:
        found = test_of(server, url=f"{server.root}/other")
    assert not found.ok and found.base_url == server.url and server.url in found.sentence


def test_nothing_there() -> None:
    with FakeServer() as server:
        url = server.url
    found = test_of(server, url=url)
    assert not found.ok and "nothing answers" in found.sentence


def test_no_such_host() -> None:
    with FakeServer() as server:
        found = test_of(server, url="http://no-such-host.invalid/v1")
    assert not found.ok and "there is no such host name" in found.sentence and "Nothing was charged" in found.sentence


def test_https_to_a_server_without_it() -> None:
    with FakeServer() as server:
        found = test_of(server, url=server.url.replace("http://", "https://"))
    assert not found.ok and "does not speak https" in found.sentence


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "no secure connection: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
            "self-signed certificate (_ssl.c:1016)",
            "its certificate is not to be trusted (self-signed certificate)",
        ),
        ("[Errno -2] Name or service not known", "there is no such host name"),
        ("All connection attempts failed", "nothing answers there"),
    ],
)
def test_reasons_in_words(said: str, words: str) -> None:
    assert http.reason(httpx.ConnectError(said)) == words


def test_a_web_page_is_no_api_and_the_api_behind_it_is_found() -> None:
    with FakeServer(flavour="website") as server:
        found = test_of(server)
    assert not found.ok and "a web page is there" in found.sentence
    assert found.base_url == f"{server.root}/api/v1"


def test_a_server_without_models() -> None:
    with FakeServer(flavour="empty") as server:
        found = test_of(server)
    assert not found.ok and found.models == 0 and "no model to chat with" in found.sentence


def test_servers_that_are_connected_are_not_offered_again(configure: Configure, monkeypatch: Any) -> None:
    configure(discover_local=True)
    with FakeServer(flavour="vllm") as vllm, FakeServer(flavour="ollama") as ollama:
        monkeypatch.setattr(discover, "PORTS", {vllm.port: "vllm", ollama.port: "ollama"})
        known = Connection("1", "anna", "vllm", "vLLM", vllm.url.replace("127.0.0.1", "localhost"))
        assert [server.provider for server in run(discover.offers([known]))] == ["ollama"]


def test_local_servers_are_found(configure: Configure) -> None:
    configure(discover_local=True)
    with FakeServer(flavour="ollama") as ollama, FakeServer(flavour="vllm") as vllm, FakeServer() as gone:
        gone.stop()
        ports = {ollama.port: "llamacpp", gone.port: "lmstudio", vllm.port: "vllm"}
        found = run(discover.found(ports))
    assert [(server.provider, server.base_url) for server in found] == [("ollama", ollama.url), ("vllm", vllm.url)]
    assert "fake" in found[0].models


def test_looking_for_local_servers_can_be_switched_off(configure: Configure) -> None:
    configure(discover_local=False)
    with FakeServer() as server:
        assert run(discover.found({server.port: "vllm"})) == []
        assert server.requests == []


def test_sign_in_at_openrouter() -> None:
    with FakeServer(flavour="openrouter") as server:
        url, verifier = openrouter.start("http://localhost:8501/oauth/openrouter/callback", server.root)
        query = parse_qs(urlsplit(url).query)
        digest = hashlib.sha256(verifier.encode()).digest()
        assert query["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
        assert query["callback_url"] == ["http://localhost:8501/oauth/openrouter/callback"]
        assert run(openrouter.exchange("good-code", verifier, server.root)) == "sk-or-v1-fresh"
        assert server.requests[-1].body["code_verifier"] == verifier
        with pytest.raises(ModelError):
            run(openrouter.exchange("bad-code", verifier, server.root))
