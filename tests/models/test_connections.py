"""Connections: stored with encrypted keys, owned, validated in sentences."""

from __future__ import annotations

import pytest

from hub.db.mongo import collection
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models import addresses, catalogue, connections, warm
from hub.models.errors import ModelError
from hub.models.providers import DEMO, PROVIDERS, provider
from hub.models.resolve import open_model
from tests.conftest import Configure

ANNA, BEN = Who("anna", "Anna"), Who("ben", "Ben")
KEY = "sk-or-v1-0123456789abcdef"


def test_key_is_encrypted_and_never_shown(mongo: str) -> None:
    made = connections.add(ANNA, "openrouter", key=f"  {KEY}\n")
    row = collection("connections").find_one({})
    assert row is not None and KEY not in str(row)
    assert made.key_hint == "cdef" and KEY not in repr(made)
    access = connections.access(ANNA, made)
    assert access.key == KEY and KEY not in repr(access)


def test_connections_belong_to_their_owner(mongo: str) -> None:
    made = connections.add(ANNA, "openai", key=KEY)
    assert [connection.id for connection in connections.list_connections(BEN)] == ["demo"]
    for attempt in (
        lambda: connections.get(BEN, made.id),
        lambda: connections.access(BEN, made),
        lambda: connections.update(BEN, made.id, name="mine"),
        lambda: connections.remove(BEN, made.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(ModelError) as refused:
        open_model(BEN, f"{made.id}/gpt-4o")
    assert refused.value.kind == "model_gone"


def test_demo_is_last_and_cannot_be_changed(mongo: str) -> None:
    connections.add(ANNA, "openai", key=KEY)
    assert [connection.provider for connection in connections.list_connections(ANNA)] == ["openai", "demo"]
    with pytest.raises(BadInput):
        connections.remove(ANNA, "demo")
    assert open_model(ANNA, "demo/demo").name == "demo"


def test_update_and_remove(mongo: str) -> None:
    made = connections.add(ANNA, "openai_compatible", base_url="localhost:9999", headers={"X-Team": "blue"})
    assert (made.base_url, made.name, made.header_names) == ("http://localhost:9999/v1", "localhost:9999", ("X-Team",))
    assert connections.access(ANNA, made).headers == {"X-Team": "blue"}
    changed = connections.update(ANNA, made.id, name="Lab", key=KEY, enabled=False)
    assert (changed.name, changed.enabled, connections.access(ANNA, changed).key) == ("Lab", False, KEY)
    with pytest.raises(ModelError):
        open_model(ANNA, f"{made.id}/x")
    connections.remove(ANNA, made.id)
    assert [connection.id for connection in connections.list_connections(ANNA)] == ["demo"]


def test_names_are_made_different(mongo: str) -> None:
    names = [connections.add(ANNA, "openai", key=KEY).name for _ in range(3)]
    assert names == ["OpenAI", "OpenAI 2", "OpenAI 3"]


def test_environment_connections_are_read_only(
    mongo: str, monkeypatch: pytest.MonkeyPatch, configure: Configure
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    configure()
    found = connections.get(ANNA, "env-openrouter")
    assert found.read_only and found.key_hint == "cdef"
    assert connections.access(ANNA, found).key == KEY
    with pytest.raises(BadInput, match="OPENROUTER_API_KEY"):
        connections.update(ANNA, "env-openrouter", name="x")
    assert open_model(ANNA, "env-openrouter/anthropic/claude-x").name == "anthropic/claude-x"
    assert catalogue.default_model(ANNA).startswith("env-openrouter/")


def test_lost_secret_key_is_told_as_a_missing_key(mongo: str, configure: Configure) -> None:
    made = connections.add(ANNA, "openai", key=KEY)
    configure(secret_key="another")
    with pytest.raises(ModelError) as refused:
        open_model(ANNA, f"{made.id}/gpt-4o")
    assert refused.value.kind == "no_key"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"provider_key": "openai"}, "key for OpenAI is missing"),
        ({"provider_key": "openai", "key": "two words"}, "space"),
        ({"provider_key": "openai", "key": "schlüssel"}, "character"),
        ({"provider_key": "openai_compatible"}, "address of the server is missing"),
        ({"provider_key": "openai_compatible", "base_url": "ftp://x"}, "http://"),
        ({"provider_key": "openai_compatible", "base_url": "http://u:p@x/v1"}, "password"),
        ({"provider_key": "openai_compatible", "base_url": "http://x/v1?a=b"}, "contain"),
        ({"provider_key": "openai_compatible", "base_url": "http://169.254.169.254/"}, "no address of a model"),
        ({"provider_key": "openai_compatible", "base_url": "http://x:99999/v1"}, "port"),
        ({"provider_key": "openai_compatible", "base_url": "x", "headers": {"a:b": "c"}}, "header"),
        ({"provider_key": "litellm"}, "LiteLLM provider is missing"),
        ({"provider_key": "litellm", "litellm_provider": "nobody"}, "no provider named nobody"),
        ({"provider_key": "nobody"}, "no provider named nobody"),
        ({"provider_key": "demo"}, "demo"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(mongo: str, arguments: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        connections.add(ANNA, **arguments)  # pyright: ignore[reportArgumentType]
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("localhost:8080", "http://localhost:8080/v1"),
        (" https://api.example.com/v1/ ", "https://api.example.com/v1"),
        ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1"),
        ("http://[::1]:8000", "http://[::1]:8000/v1"),
        ("https://example.com/openai/v2", "https://example.com/openai/v2"),
    ],
)
def test_addresses(typed: str, url: str) -> None:
    assert addresses.base_url(typed) == url


def test_every_provider_is_complete() -> None:
    for row in (*PROVIDERS, DEMO):
        assert provider(row.key) is row
        assert row.title and (not row.needs_key or row.key_page.startswith("https://"))
        assert row.kind != "litellm" or row.litellm or row.key == "litellm"


def test_the_variable_that_makes_a_connection_is_named(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "AIza-0123456789abcdef")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("MISTRAL_API_KEY", KEY)
    found = {one.provider: one.variable for one in connections._environment(ANNA)}
    assert found == {"openai": "OPENAI_BASE_URL", "google": "GOOGLE_API_KEY", "mistral": "MISTRAL_API_KEY"}
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-fedcba9876543210")
    assert connections.get(ANNA, "env-google").variable == "GEMINI_API_KEY"


def test_names_keys_and_ids_have_a_longest_length(mongo: str) -> None:
    with pytest.raises(BadInput, match="at most 60"):
        connections.add(ANNA, "openai", name="n" * 61, key=KEY)
    made = connections.add(ANNA, "openai", name="n" * 60, key=KEY)
    with pytest.raises(BadInput, match="at most 60"):
        connections.update(ANNA, made.id, name="n" * 61)
    with pytest.raises(BadInput, match="The alias has 61 characters"):
        catalogue.mark(ANNA, f"{made.id}/gpt-5-mini", alias="n" * 61)
    with pytest.raises(BadInput, match="at most 300"):
        catalogue.find(ANNA, f"{made.id}/{'n' * 300}")
    with pytest.raises(BadInput, match="longer than 4,000"):
        connections.add(ANNA, "openai", key="k" * 4001)
    assert [one.name for one in connections.list_connections(ANNA)] == ["n" * 60, "Demo"]


@pytest.mark.parametrize(("provider", "needed"), [("anthropic", True), ("litellm", True), ("openrouter", False)])
def test_litellm_is_loaded_early_only_for_a_connection_that_needs_it(mongo: str, provider: str, needed: bool) -> None:
    assert not warm.start()
    made = connections.add(ANNA, provider, key=KEY, litellm_provider="groq" if provider == "litellm" else "")
    assert warm.start() == needed
    connections.update(ANNA, made.id, enabled=False)
    assert not warm.start()


def test_litellm_is_loaded_early_for_a_key_of_the_environment(mongo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", KEY)
    assert warm.start()
