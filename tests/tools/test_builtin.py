"""The hub's own tools, against services on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.errors import BadInput, HubError
from hub.models import connections
from hub.tools import plugin, searching, switches
from hub.tools.builtin.calculator import calculator
from hub.tools.builtin.clock import current_time
from hub.tools.builtin.fetch_page import allowed, fetch_page
from hub.turns import Source, Tool, ToolResult
from tests.fakes.openai_server import FakeServer
from tests.fakes.services import KEY, Services
from tests.tools.conftest import ADA, ANNA, BERT, turn

Configure = Callable[..., None]


@pytest.fixture
def web() -> Iterator[Services]:
    with Services() as fake:
        yield fake


def offered(**more: Any) -> dict[str, Tool]:
    asked = turn(**more)
    return {tool.name: tool for tool in switches.offered(asked, plugin.tools(asked))}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.1 + 0.2", "0.3"),
        ("2^10", "1024"),
        ("(3 + 4) * 2**0.5", "9.89949493661167"),
        ("mean(1, 2, 6) + sum(1, 2)", "6"),
        ("comb(49, 6)", "13983816"),
        ("7 // 2 == 3", "true"),
        ("17 % 5", "2"),
        ("factorial(20)", "2432902008176640000"),
        ("-round(2.567, 1)", "-2.6"),
    ],
)
def test_sums(expression: str, value: str) -> None:
    assert calculator(expression=expression).text == f"{expression} = {value}"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("9**9**9", "too large"),
        ("10**4000 * 10**4000", "too large"),
        ("factorial(100000)", "up to 1,000"),
        ("'a' * 10**9", "only numbers"),
        ("__import__('os')", "not defined"),
        ("(1).__class__", "__class__"),
        ("1 / 0", "division by zero"),
        ("(-1) ** 0.5", "no real result"),
        ("sqrt(", "never closed"),
        ("[x for x in (1, 2)]", "worked out"),
        ("x" * 2000, "1,000 characters"),
        ("", "worked out"),
    ],
)
def test_what_cannot_be_worked_out(expression: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        calculator(expression=expression)


def test_the_time_is_told_in_any_zone() -> None:
    assert "(UTC+09:00, Asia/Tokyo)" in current_time(turn(), zone="Tokyo").text
    assert "(UTC+00:00, UTC)" in current_time(turn(), zone="utc").text
    own = turn(attached={"tools": {"zone": "Asia/Kolkata"}})
    assert "(UTC+05:30, Asia/Kolkata)" in current_time(own).text
    assert "the time of the server" in current_time(turn()).text
    with pytest.raises(BadInput, match="no time zone 'Atlantis'"):
        current_time(turn(), zone="Atlantis")


def test_a_page_is_asked_for_unless_the_person_or_a_search_named_it() -> None:
    asked = turn("Read https://tides.example/brattvik#top, please", said=("and docs.example.org/a?b=1 too.",))
    assert allowed(asked, {"url": "https://tides.example/brattvik/"}) == "always"
    assert allowed(asked, {"url": "http://docs.example.org/a?b=1"}) == "always"
    assert allowed(asked, {"url": "https://tides.example/brattvik?secret=1"}) == "ask"
    assert allowed(asked, {"url": "https://docs.example.org/"}) == "ask"
    assert allowed(asked, {}) == "ask"
    asked.citations.cite(Source("web", "a", "A", "t", about={"url": "https://found.example/a", "searched": True}))
    asked.citations.cite(Source("web", "b", "B", "t", about={"url": "https://fetched.example/a"}))
    assert allowed(asked, {"url": "https://found.example/a"}) == "always"
    assert allowed(asked, {"url": "https://fetched.example/a"}) == "ask"
    made = fetch_page.of(asked)
    assert made.permission == "ask" and made.decide is not None
    assert made.decide({"url": "https://elsewhere.example"}) == "ask"


def test_a_page_becomes_text_with_a_number(web: Services, configure: Configure) -> None:
    with pytest.raises(BadInput, match="not fetched"):
        fetch_page(turn(), url=f"{web.url}/tides")
    configure(private_urls="true")
    found = fetch_page(turn(), url=f"{web.url}/tides")
    assert found.text.startswith(f"[1] Tides ({web.url}/tides)") and "noon" in found.text and not found.ours
    [source] = found.sources
    assert (source.kind, source.number, source.about["url"]) == ("web", 1, f"{web.url}/tides")
    picture = fetch_page(turn(), url=f"{web.url}/picture.png")
    assert picture.images and picture.said == "a picture"


def search(who: Any = ANNA, **given: Any) -> ToolResult:
    return {tool.name: tool for tool in plugin.tools(turn(who=who))}["web_search"].call(given)


def test_there_is_no_search_until_an_engine_is_set_up(mongo: str) -> None:
    assert list(offered()) == ["current_time", "calculator", "fetch_page"]


@pytest.mark.parametrize("kind", ["searxng", "brave", "tavily"])
def test_each_engine_gives_numbered_results(kind: Any, web: Services, mongo: str, configure: Configure) -> None:
    configure(brave_url=f"{web.url}/brave", tavily_url=f"{web.url}/tavily", private_urls="true")
    made = searching.choose(ANNA, kind, url=web.url if kind == "searxng" else "", key="" if kind == "searxng" else KEY)
    assert made.source == "own" and made.key_hint == ("" if kind == "searxng" else KEY[-4:])
    found = search(query="tides", most=5, recent="week")
    assert [source.item for source in found.sources] == [
        "https://tides.example/brattvik",
        "https://tides.example/other",
    ]
    assert found.text.startswith("[1] Tides at Brattvik\nhttps://tides.example/brattvik")
    assert "noon & midnight" in found.text and "<b>" not in found.text
    sent = {**dict(web.last.query), **(web.last.body if isinstance(web.last.body, dict) else {})}
    assert {"searxng": sent.get("time_range"), "brave": sent.get("freshness"), "tavily": sent.get("time_range")}[
        kind
    ] == {"searxng": "week", "brave": "pw", "tavily": "week"}[kind]
    web.status = 429
    with pytest.raises(HubError, match="takes no more searches"):
        search(query="tides")


@pytest.mark.parametrize("flavour", ["openai_compatible", "openrouter"])
def test_a_model_searches_by_itself(mongo: str, configure: Configure, flavour: str) -> None:
    with FakeServer() as provider:
        made = connections.add(ANNA, flavour, name="Searcher", key="k", base_url=provider.url)
        with pytest.raises(BadInput, match="for you alone"):
            searching.choose(ADA, "model", url=f"{made.id}/fake", everybody=True)
        with pytest.raises(BadInput, match="without a search"):
            searching.choose(ANNA, "model", url=f"{made.id}/fake-blind")
        with pytest.raises(HubError):
            searching.choose(BERT, "model", url=f"{made.id}/fake")
        assert searching.chosen(ANNA) is None
        assert searching.choose(ANNA, "model", url=f"{made.id}/fake").title == "A model's own search"
        found = search(query="tides", most=5, recent="week")
        sent = provider.requests[-1].body
    [source] = found.sources
    assert (source.item, source.title) == ("https://tides.example/brattvik", "Tides at Brattvik")
    assert source.text == "High tide at Brattvik is at noon."
    assert found.usage and found.usage.input and "tides (of the last week)" in str(sent["messages"])
    asked = (
        {"plugins": [{"id": "web", "max_results": 5}]}
        if flavour == "openrouter"
        else {"web_search_options": {"search_context_size": "medium"}}
    )
    assert sent == {**sent, **asked}


def test_what_a_model_searched_may_stand_beside_its_answer(mongo: str) -> None:
    with FakeServer() as provider:
        made = connections.add(ANNA, "openai_compatible", name="Lister", key="k", base_url=provider.url)
        searching.choose(ANNA, "model", url=f"{made.id}/fake-lists")
        [source] = search(query="tides").sources
    assert (source.item, source.title, source.text) == ("https://tides.example/list", "Tides", "Noon.")


def test_a_model_whose_key_is_refused_is_said_without_the_key(mongo: str) -> None:
    with FakeServer(key="right") as provider:
        made = connections.add(ANNA, "openai_compatible", name="Locked", key="sk-wrong-key", base_url=provider.url)
        with pytest.raises(HubError) as told:
            searching.choose(ANNA, "model", url=f"{made.id}/fake")
    assert "Locked" in told.value.message and "sk-wrong-key" not in str(told.value.record())


def test_an_engine_that_refuses_is_not_stored(web: Services, mongo: str, configure: Configure) -> None:
    configure(brave_url=f"{web.url}/brave")
    with pytest.raises(HubError, match="Brave Search refused the request"):
        searching.choose(ANNA, "brave", key="wrong")
    with pytest.raises(BadInput, match="key for Tavily is missing"):
        searching.choose(ANNA, "tavily")
    with pytest.raises(BadInput, match="private network"):
        searching.choose(ANNA, "searxng", url=web.url)
    assert searching.chosen(ANNA) is None


def test_own_engine_before_everybodys_before_the_environments(web: Services, mongo: str, configure: Configure) -> None:
    configure(searxng_url=web.url, brave_url=f"{web.url}/brave")
    assert searching.chosen(BERT) == searching.Chosen("searxng", "environment", web.url)
    with pytest.raises(HubError, match="Only an administrator"):
        searching.choose(ANNA, "brave", key=KEY, everybody=True)
    searching.choose(ADA, "brave", key=KEY, everybody=True)
    found = searching.chosen(BERT)
    assert found and (found.engine, found.source, found.title) == ("brave", "everybody", "Brave Search")
    searching.choose(ADA, "searxng", url=web.url)
    mine = searching.chosen(ADA)
    assert mine and mine.source == "own"
    plugin.person_deleted(ADA)
    again = searching.chosen(ADA)
    assert again and again.source == "everybody"
    searching.forget(ADA, everybody=True)
    last = searching.chosen(ADA)
    assert last and last.source == "environment"


def test_a_picture_is_made_at_a_connection_of_the_person(web: Services, mongo: str) -> None:
    assert "generate_image" not in offered()
    made = connections.add(ANNA, "openai", key="sk-anna", base_url=f"{web.url}/v1")
    tool = offered()["generate_image"]
    assert tool.permission == "ask"
    found = tool.call({"prompt": "a lighthouse", "shape": "wide"})
    assert found.images[0].mime == "image/png" and found.said == "1 picture"
    assert web.last.headers["authorization"] == "Bearer sk-anna"
    assert (web.last.body["model"], web.last.body["size"]) == ("gpt-image-1", "1536x1024")
    switches.choose_image_model(ANNA, f"{made.id}/own-model")
    assert offered()["generate_image"].call({"prompt": "a lighthouse"}).cost is None
    assert web.last.body["model"] == "own-model"
    web.status = 401
    with pytest.raises(HubError):
        tool.call({"prompt": "a lighthouse"})


def test_switches_of_a_person_and_of_a_conversation(mongo: str) -> None:
    switches.switch(ANNA, "hub:calculator", on=False)
    assert list(offered()) == ["current_time", "fetch_page"]
    assert "calculator" in offered(who=BERT)
    assert "calculator" in offered(attached={"tools": {"on": ["hub:calculator"]}})
    assert list(offered(attached={"tools": {"off": ["group:Built in"], "on": ["hub:calculator"]}})) == ["calculator"]
    switches.switch(ANNA, "hub:calculator", on=True)
    switches.switch(ANNA, switches.group_id("Built in"), on=False)
    assert list(offered()) == []
    plugin.person_deleted(ANNA)
    assert "calculator" in offered()
