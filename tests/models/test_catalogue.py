"""The catalogue: what providers list, what is known besides, and what the person marked."""

from __future__ import annotations

import pytest

from hub.db.mongo import collection
from hub.db.who import Who
from hub.errors import NotFound
from hub.models import catalogue, connections
from hub.models.connections import Connection
from hub.models.types import Price, Usage
from tests.fakes.openai_server import FakeServer
from tests.models.conftest import run

ANNA, BEN = Who("anna", "Anna"), Who("ben", "Ben")


def connect(server: FakeServer, provider: str, who: Who = ANNA) -> Connection:
    return connections.add(who, provider, base_url=server.url, key="sk-0123456789abcdef")


@pytest.fixture
def openrouter(mongo: str) -> Connection:
    with FakeServer(flavour="openrouter") as server:
        made = connect(server, "openrouter")
        assert run(catalogue.refresh(ANNA, made)) == 6
    return made


def test_what_openrouter_tells(openrouter: Connection) -> None:
    model = catalogue.find(ANNA, f"{openrouter.id}/vendor/fake")
    assert (model.title, model.context, model.output_limit) == ("Vendor: Fake", 64000, 8000)
    assert model.price == Price(1.0, 2.0, None)
    assert model.abilities == {"vision", "tools", "reasoning", "json"}
    assert model.params == {"temperature", "max_tokens", "reasoning_effort", "json_mode"}


def test_free_is_zero_and_unknown_is_none(openrouter: Connection) -> None:
    free = catalogue.find(ANNA, f"{openrouter.id}/vendor/fake-echo")
    depends = catalogue.find(ANNA, f"{openrouter.id}/vendor/fake-slow")
    assert (free.price.input, free.price.output) == (0, 0)
    assert free.price.cost(Usage(1000, 1000)) == 0
    assert (depends.price.input, depends.price.cost(Usage(1000, 1000))) == (None, None)


def test_lists_belong_to_their_owner(openrouter: Connection) -> None:
    assert [model.id for model in catalogue.models(BEN)] == ["demo/demo"]
    with pytest.raises(NotFound):
        catalogue.find(BEN, f"{openrouter.id}/vendor/fake")
    with pytest.raises(NotFound):
        catalogue.mark(BEN, f"{openrouter.id}/vendor/fake", favourite=True)


def test_marks(openrouter: Connection) -> None:
    chosen, other = f"{openrouter.id}/vendor/fake", f"{openrouter.id}/vendor/fake-echo"
    catalogue.mark(ANNA, chosen, favourite=True, alias=" Mine ")
    catalogue.mark(ANNA, other, hidden=True)
    by_id = {model.id: model for model in catalogue.models(ANNA)}
    assert (by_id[chosen].favourite, by_id[chosen].label) == (True, "Mine")
    assert other not in by_id
    assert other in {model.id for model in catalogue.models(ANNA, hidden=True)}
    catalogue.mark(ANNA, chosen, alias="")
    assert catalogue.find(ANNA, chosen).label == "Vendor: Fake" and catalogue.find(ANNA, chosen).favourite


def test_default_model(openrouter: Connection) -> None:
    first = catalogue.models(ANNA)[0].id
    assert catalogue.default_model(ANNA) == first
    catalogue.mark(ANNA, f"{openrouter.id}/vendor/fake-tools", favourite=True)
    assert catalogue.default_model(ANNA) == f"{openrouter.id}/vendor/fake-tools"
    catalogue.note_used(ANNA, f"{openrouter.id}/vendor/fake-image")
    catalogue.note_used(ANNA, f"{openrouter.id}/vendor/fake-echo")
    assert catalogue.recents(ANNA)[0] == f"{openrouter.id}/vendor/fake-echo" == catalogue.default_model(ANNA)
    catalogue.set_default(ANNA, f"{openrouter.id}/vendor/fake")
    assert catalogue.default_model(ANNA) == f"{openrouter.id}/vendor/fake"
    connections.remove(ANNA, openrouter.id)
    assert catalogue.default_model(ANNA) == "demo/demo" and catalogue.recents(ANNA) == []


def test_without_connections_there_is_the_demo(mongo: str) -> None:
    assert catalogue.default_model(ANNA) == "demo/demo"
    demo = catalogue.find(ANNA, "demo/demo")
    assert demo.demo and "no AI" in demo.title


def test_by_name(openrouter: Connection) -> None:
    assert catalogue.by_name(ANNA, "vendor/fake-tools").name == "vendor/fake-tools"
    assert catalogue.by_name(ANNA, "fake-tools").name == "vendor/fake-tools"
    assert catalogue.by_name(ANNA, f"{openrouter.id}/unlisted/model").name == "unlisted/model"
    assert catalogue.by_name(ANNA, "demo").id == "demo/demo"
    with pytest.raises(NotFound, match="More than one") as unclear:
        catalogue.by_name(ANNA, "endor/")
    assert f"{openrouter.id}/vendor/fake" in unclear.value.hint
    with pytest.raises(NotFound) as unknown:
        catalogue.by_name(ANNA, "vendor/fake-toolz")
    assert "vendor/fake-tools" in unknown.value.hint


def test_known_provider_before_its_first_answer(mongo: str) -> None:
    made = connections.add(ANNA, "anthropic", key="sk-0123456789abcdef")
    names = {model.name for model in catalogue.models(ANNA)}
    assert "claude-sonnet-4-5" in names
    model = catalogue.find(ANNA, f"{made.id}/claude-sonnet-4-5")
    assert model.context == 200000 and model.price.input == 3 and "vision" in (model.abilities or ())


def test_fill_refreshes_once_a_day_and_tells_errors(mongo: str) -> None:
    with FakeServer(flavour="openrouter") as server:
        connect(server, "openai_compatible")
        broken = connections.add(ANNA, "openai_compatible", base_url=f"{server.root}/nothing/here")
        failed = run(catalogue.fill(ANNA))
        assert list(failed) == [broken.id] and failed[broken.id].kind == "model_gone"
        asked = len(server.requests)
        connections.update(ANNA, broken.id, enabled=False)
        assert run(catalogue.fill(ANNA)) == {} and len(server.requests) == asked


def test_refresh_replaces_the_list_at_once(openrouter: Connection) -> None:
    assert len(catalogue.models(ANNA)) == 7
    row = collection("models").find_one({"_id": f"anna:{openrouter.id}"})
    assert row is not None
    with FakeServer(flavour="vllm") as server:
        connections.update(ANNA, openrouter.id, base_url=server.url)
        run(catalogue.refresh(ANNA, connections.get(ANNA, openrouter.id)))
    assert "fake" in {model.name for model in catalogue.models(ANNA)}


@pytest.mark.parametrize(
    ("flavour", "context", "abilities"),
    [
        ("ollama", 32768, {"vision", "tools", "json"}),
        ("llamacpp", 4096, {"vision", "json"}),
        ("lmstudio", 8192, {"vision", "json"}),
        ("vllm", 16384, None),
    ],
)
def test_local_servers_are_asked_for_their_context(
    mongo: str, flavour: str, context: int, abilities: set[str] | None
) -> None:
    with FakeServer(flavour=flavour) as server:
        made = connect(server, flavour)
        run(catalogue.refresh(ANNA, made))
    model = catalogue.find(ANNA, f"{made.id}/fake")
    assert (model.context, model.abilities, model.local) == (context, abilities, True)
    assert model.price == Price()


def test_unknown_context_stays_unknown(mongo: str) -> None:
    with FakeServer() as server:
        made = connect(server, "openai_compatible")
        run(catalogue.refresh(ANNA, made))
    model = catalogue.find(ANNA, f"{made.id}/fake")
    assert (model.context, model.abilities, model.price) == (None, None, Price())


def test_one_model_at_several_providers_is_one_family(mongo: str) -> None:
    families = {
        catalogue.family(name)
        for name in (
            "anthropic/claude-sonnet-4.5",
            "claude-sonnet-4-5-20250929",
            "claude-sonnet-4-5",
            "x/claude-sonnet-4.5:beta",
        )
    }
    assert families == {"claude-sonnet-4-5"}
