"""The lists of models in the forms that providers document, asked for over HTTP, and what stands in for them."""

from __future__ import annotations

import pytest

from hub.models import kinds, listing
from hub.models.connections import Access, Connection
from hub.models.errors import RefusedKey
from hub.models.types import Entry, Price
from tests.fakes.openai_server import FakeServer
from tests.models.conftest import run

KEY = "k-0123456789abcdef"


def listed(server: FakeServer, provider: str, base_url: str, key: str = KEY) -> dict[str, Entry]:
    connection = Connection("1", "anna", provider, "Fake", base_url)
    return {entry.name: entry for entry in run(listing.fetch(connection, Access(key, {})))}


def test_openai_lists_much_that_is_no_chat_model() -> None:
    with FakeServer(flavour="openai-documented", key=KEY) as server:
        found = listed(server, "openai", server.url)
    assert set(found) == {"gpt-4o-mini", "gpt-5-mini", "gpt-9-unheard-of", "ft:gpt-4o-mini:my-org::abc123"}
    assert found["gpt-4o-mini"].context == 128000
    assert found["gpt-9-unheard-of"].price == Price()


def test_anthropic_page_by_page() -> None:
    with FakeServer(flavour="anthropic-documented", key=KEY) as server:
        found = listed(server, "anthropic", server.root)
        assert [request.path for request in server.requests] == [
            "/v1/models?limit=1000",
            "/v1/models?limit=1000&after_id=claude-opus-4-6",
        ]
        assert server.requests[0].headers["anthropic-version"] == "2023-06-01"
    assert {name: entry.title for name, entry in found.items()} == {
        "claude-opus-4-6": "Claude Opus 4.6",
        "claude-sonnet-4-20250514": "Claude Sonnet 4",
    }
    sonnet = found["claude-sonnet-4-20250514"]
    assert (sonnet.context, sonnet.output_limit) == (200000, 64000)
    assert sonnet.abilities == {"vision", "reasoning", "tools"}


def test_google_page_by_page() -> None:
    with FakeServer(flavour="google-documented", key=KEY) as server:
        found = listed(server, "google", server.root)
        assert server.requests[-1].path == "/v1beta/models?pageSize=1000&pageToken=second"
    assert set(found) == {"gemini-2.5-flash", "gemini-2.5-flash-image", "gemini-9-unheard-of"}
    flash = found["gemini-2.5-flash"]
    assert (flash.title, flash.context, flash.output_limit) == ("Gemini 2.5 Flash", 1048576, 65536)
    assert flash.price.input is not None and "vision" in (flash.abilities or ())


def test_mistral_says_what_can_chat() -> None:
    with FakeServer(flavour="mistral-documented", key=KEY) as server:
        found = listed(server, "mistral", server.url)
    assert set(found) == {"mistral-large-2512", "mistral-large-latest", "voxtral-mini-latest"}
    assert found["mistral-large-latest"].title == "mistral-large-latest"
    assert found["mistral-large-latest"].abilities == {"vision", "tools", "json"}
    assert found["voxtral-mini-latest"].abilities == {"audio", "json"}
    assert found["voxtral-mini-latest"].context == 131072


def test_openrouter_page_by_page() -> None:
    with FakeServer(flavour="openrouter-documented", key=KEY) as server:
        found = listed(server, "openrouter", f"{server.root}/api/v1")
        assert len(server.requests) == 2
    assert set(found) == {"openai/gpt-4", "google/gemini-2.5-flash-image"}
    assert found["openai/gpt-4"].price == Price(30, 60, 3)
    assert (found["openai/gpt-4"].context, found["openai/gpt-4"].output_limit) == (8192, 4096)


def test_a_link_to_another_server_is_not_followed() -> None:
    assert listing._next("https://a.example/v1/models", {"links": {"next": "https://b.example/v1/models"}}) == ""


@pytest.mark.parametrize("provider", ["anthropic", "google", "mistral"])
def test_a_wrong_key_is_told(provider: str) -> None:
    with FakeServer(flavour=f"{provider}-documented", key=KEY) as server, pytest.raises(RefusedKey):
        listed(server, provider, server.url if provider == "mistral" else server.root, "k-wrong-0123456789")


@pytest.mark.parametrize("provider", ["openai", "google", "mistral", "anthropic"])
def test_before_the_first_answer_the_map_offers_chat_models_only(provider: str) -> None:
    names = [entry.name for entry in listing.from_map(Connection("1", "anna", provider, "Fake", ""))]
    assert names and not [name for name in names if kinds.named_otherwise(name)]
    assert not set(names) & {"container", "gpt-5-pro", "o1-pro", "text-embedding-3-small", "gpt-realtime"}


@pytest.mark.parametrize("name", ["bge-m3", "nomic-embed-text:latest", "vendor/whisper-large-v3", "qwen3-reranker-8b"])
def test_names_tell_what_the_map_does_not_know(name: str) -> None:
    assert not kinds.chats(name, "")


@pytest.mark.parametrize("name", ["my-own-model", "tinyllama", "soprano", "mediocre-7b", "imaginary", "orca-mini:3b"])
def test_a_model_that_nobody_knows_is_offered(name: str) -> None:
    assert kinds.chats(name, "openai")
