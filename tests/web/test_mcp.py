"""The hub as an MCP server, asked by a real client; and signing in at other servers in the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
import pytest
from mcp import Client, MCPError, types
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent, TextResourceContents

from hub import agents, hooks, mcp, people, skills
from hub.agents.records import AgentSpec
from hub.db.who import OWNER, Who
from hub.errors import HubError, NotFound
from hub.models import connections
from hub.served import ServedResource, ServedTool
from hub.skills import store as skill_store
from hub.web import identity as identities
from tests.fakes.identity import Identity
from tests.fakes.openai_server import FakeServer
from tests.mcp.servers.web import open_server, signed_in_server
from tests.skills.conftest import written
from tests.web.conftest import Hub

T = TypeVar("T")
SHAPE = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


class Room:
    """A room that gives something to programs."""

    @hooks.implementation
    def served_tools(self, who: Who) -> Sequence[ServedTool]:
        def fail(given: dict[str, Any]) -> str:
            raise RuntimeError("a secret of the hub")

        about = "Says it back."
        echo = ServedTool("echo", about, SHAPE, lambda given: f"{who.id}: {given['text']}")
        return (echo, ServedTool("fail", about, SHAPE, fail))

    @hooks.implementation
    def served_resources(self, who: Who) -> Sequence[ServedResource]:
        return (ServedResource("skill://pdf", "pdf", "Reads PDFs.", lambda: f"# PDF of {who.id}"),)


@pytest.fixture(autouse=True)
def room() -> Iterator[None]:
    given = Room()
    hooks.plugins().register(given)
    yield
    hooks.plugins().unregister(given)
    skill_store.forget(OWNER, everybody=True)


def asked(hub: Hub, key: str, ask: Callable[[Client], Awaitable[T]], *, mode: str = "auto") -> T:
    """What a program with a key gets."""

    async def run() -> T:
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx2.AsyncClient(headers=headers, trust_env=False) as http:
            transport = streamable_http_client(f"{hub.url}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                return await ask(client)

    return asyncio.run(run())


async def echoed(client: Client) -> str:
    given = await client.call_tool("echo", {"text": "hello"})
    assert isinstance(given.content[0], TextContent)
    return given.content[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_program_with_a_key_calls_and_reads(hub: Hub, mode: str) -> None:
    _, key = people.create_api_key(OWNER, "My editor")

    async def all_of_it(client: Client) -> tuple[set[str], str, list[str], Any]:
        tools = {one.name for one in (await client.list_tools()).tools}
        uris = [one.uri for one in (await client.list_resources()).resources]
        return tools, await echoed(client), uris, (await client.read_resource("skill://pdf")).contents[0]

    tools, said, uris, text = asked(hub, key, all_of_it, mode=mode)
    assert {"echo", "search_documents", "recall_memory"} <= tools
    assert (said, uris) == ("owner: hello", ["skill://pdf"])
    assert isinstance(text, TextResourceContents) and text.text == "# PDF of owner"
    [used] = people.api_keys(OWNER)
    assert used.used_at and key not in repr(used) and used.hint == key[-4:]


def test_what_goes_wrong_is_said_without_the_hubs_insides(hub: Hub) -> None:
    _, key = people.create_api_key(OWNER, "My editor")

    async def wrong(client: Client) -> list[str]:
        calls = (("echo", {}), ("echo", {"text": {}}), ("nobody", {}), ("fail", {"text": "x"}))
        given = [await client.call_tool(name, arguments) for name, arguments in calls]
        assert all(one.is_error for one in given)
        with pytest.raises(MCPError, match="no such resource"):
            await client.read_resource("skill://none")
        return [one.content[0].text for one in given if isinstance(one.content[0], TextContent)]

    said = asked(hub, key, wrong)
    assert "text" in said[0] and "There is no tool nobody" in said[2]
    assert "RuntimeError" in said[3] and "secret" not in said[3]


@pytest.mark.parametrize("key", ["", "hub_made-up", "Bearer", "x" * 5000])
def test_nobody_comes_in_without_a_key(hub: Hub, client: httpx.Client, key: str) -> None:
    sent = {"Authorization": f"Bearer {key}"} if key else {}
    answer = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=sent)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert client.get("/mcp").status_code == 401


def test_a_cookie_is_no_key_and_a_key_is_no_cookie(hub: Hub, client: httpx.Client) -> None:
    who = people.create_first("Ada", "a long password 1")
    identities.known_people.someone()
    token = people.begin_session(who)
    client.cookies.set(identities.COOKIE, token)
    answer = client.post("/mcp", json={})
    client.cookies.clear()
    assert answer.status_code == 401
    _, key = people.create_api_key(who, "My editor")
    assert client.get("/api/conversations", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert asked(hub, key, echoed) == "owner: hello"


def test_a_revoked_key_and_that_of_who_is_gone(hub: Hub, client: httpx.Client) -> None:
    admin = people.create_first("Ada", "a long password 1")
    identities.known_people.someone()
    ben = people.create_account(admin, "Ben", "a long password 2")
    who = Who(ben.id, ben.name)
    made, first = people.create_api_key(who, "First")
    _, second = people.create_api_key(who, "Second")
    assert asked(hub, first, echoed) == f"{who.id}: hello"
    with pytest.raises(NotFound):
        people.revoke_api_key(admin, made.id)
    people.revoke_api_key(who, made.id)
    with pytest.raises(HubError, match="Not everything"):  # the index is away; the keys are gone all the same
        people.delete_account(admin, who.id)
    for key in (first, second):
        headers = {"Authorization": f"Bearer {key}"}
        assert client.post("/mcp", json={}, headers=headers).status_code == 401


def test_a_program_has_an_agent_do_a_task(hub: Hub, fake: FakeServer) -> None:
    _, key = people.create_api_key(OWNER, "My editor")
    made = connections.add(OWNER, "openai_compatible", name="Fake", key="k", base_url=fake.url)
    agents.create(OWNER, AgentSpec("Echo", description="Says it back.", model=f"{made.id}/fake-echo"))

    async def all_of_it(client: Client) -> tuple[str, Any, Any]:
        about = next(one for one in (await client.list_tools()).tools if one.name == "run_agent").description or ""
        done = await client.call_tool("run_agent", {"agent": "Echo", "task": "Hello"})
        return about, done, await client.call_tool("run_agent", {"agent": "Nobody", "task": "Hello"})

    about, done, nobody = asked(hub, key, all_of_it)
    assert "- Echo: Says it back." in about
    assert (done.content[0].text, done.is_error) == ("You said: Hello", False)
    assert nobody.is_error and "There are: Echo." in nobody.content[0].text


def test_another_site_is_refused_even_with_a_key(hub: Hub, client: httpx.Client) -> None:
    _, key = people.create_api_key(OWNER, "My editor")
    headers = {"Authorization": f"Bearer {key}", "Origin": "https://evil.example"}
    assert client.post("/mcp", json={}, headers=headers).status_code == 403


def test_signing_in_goes_there_and_back(hub: Hub, client: httpx.Client) -> None:
    with Identity() as provider, signed_in_server(provider) as served:
        draft = mcp.Draft("Signed", "http", mcp.Access(url=served.url))
        made = mcp.add(OWNER, draft)
        there = client.get("/api/mcp/oauth/start", params={"server": made.id})
        assert there.status_code == 303 and there.headers["location"].startswith(provider.root)
        back = httpx.get(there.headers["location"]).headers["location"]
        assert back.startswith(f"{hub.url}/api/mcp/oauth/callback?")
        done = client.get(back)
        assert (done.status_code, done.headers["location"]) == (303, f"/tools?part=Servers&server={made.id}")
        [shown] = client.get("/api/mcp/servers").json()["servers"]
        assert shown["signed_in"] is True
        again = client.get(back)
        assert again.status_code == 400 and "not started here" in again.text
        state = parse_qs(urlsplit(back).query)["state"][0]
        assert state not in again.text


def test_resources_and_prompts_for_the_composer(hub: Hub, client: httpx.Client) -> None:
    with open_server() as served:
        made = mcp.add(OWNER, mcp.Draft("Web", "http", mcp.Access(url=served.url)))
        base = f"/api/mcp/servers/{made.id}"
        assert client.get(f"{base}/resources").json()["resources"][0]["uri"] == "notes://today"
        [text] = client.get(f"{base}/resource", params={"uri": "notes://today"}).json()["contents"]
        assert text["text"] == "# Today\n\nBuy milk."
        assert client.get(f"{base}/prompts").json()["prompts"][0]["arguments"][0]["name"] == "code"
        filled = client.post(f"{base}/prompts/review", json={"arguments": {"code": "x"}}).json()
        assert filled == {"text": "Review this:\n\nx"}
        [stored] = client.post(f"{base}/files", json={"uri": "notes://today", "name": "Notes of today"}).json()
        assert (stored["name"], stored["kind"]) == ("Notes of today.md", "text")
        day = {"uri": "notes://day/{day}", "arguments": {"day": "a/b"}}
        [stored] = client.post(f"{base}/files", json=day).json()
        assert client.get(f"/api/files/{stored['id']}").text == "On a/b: bread."
        assert client.post(f"{base}/files", json={"uri": "notes://never"}).status_code >= 400
        missing = client.get(f"/api/mcp/servers/{'0' * 24}/resources")
        assert missing.status_code == 404


def test_skills_are_read_level_by_level(hub: Hub) -> None:
    _, key = people.create_api_key(OWNER, "My editor")
    tea = written("brew-tea", "Brews tea.", "Boil water.", who=OWNER, references__green="80 degrees")
    off = written("brew-coffee", "Brews coffee.", who=OWNER, scripts__grind="import os")
    skills.switch(OWNER, off, "off")
    written("of-ben", "Is not the owner's.", who=Who("ben", "Ben"))
    skills.add_files(OWNER, tea, "assets", {"cup.png": b"\x89PNG\r\n\x1a\n\x00\x00"})

    async def levels(client: Client) -> tuple[list[types.Resource], str, str]:
        listed = [one for one in (await client.list_resources()).resources if one.name != "pdf"]
        return listed, await text(client, listed[0].uri), await text(client, "skill://brew-tea/references/green.md")

    async def text(client: Client, uri: str) -> str:
        [found] = (await client.read_resource(uri)).contents
        assert isinstance(found, TextResourceContents)
        return found.text

    async def refused(client: Client) -> None:
        for uri in ("brew-coffee/SKILL.md", "of-ben/SKILL.md", "brew-tea/assets/cup.png", "brew-tea/../SKILL.md"):
            with pytest.raises(MCPError, match="no such resource"):
                await client.read_resource(f"skill://{uri}")

    [tea_listed], body, file = asked(hub, key, levels)
    assert (tea_listed.uri, tea_listed.name) == ("skill://brew-tea/SKILL.md", "brew-tea")
    assert tea_listed.description and tea_listed.description.startswith("Brews tea. (")
    assert body.startswith("---\nname: brew-tea") and "Boil water." in body
    assert "- skill://brew-tea/references/green.md (10 bytes)" in body and "cup.png" not in body
    assert file == "80 degrees"
    asked(hub, key, refused)
