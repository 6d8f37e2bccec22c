"""Whose servers there are, who may make which, what leaves the store."""

from __future__ import annotations

import json

import pytest

from hub import hooks, mcp
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from hub.mcp import plugin, store
from hub.mcp.records import Access, Draft
from hub.net.address import checked_address
from tests.conftest import Configure
from tests.mcp.conftest import ADMIN, ANNA, BEN, by_address, call, program, tools
from tests.mcp.servers.web import Served


def test_other_peoples_servers_are_invisible(web: Served) -> None:
    made = by_address(web.url)
    assert not mcp.cards(BEN) and not tools(BEN)
    asks = (mcp.server, mcp.test, mcp.log, mcp.access, mcp.remove, mcp.list_resources, mcp.list_prompts, mcp.sign_out)
    for ask in asks:
        with pytest.raises(NotFound):
            ask(BEN, made.id)
    with pytest.raises(NotFound):
        mcp.switch(BEN, made.id, on=False)
    with pytest.raises(NotFound):
        mcp.begin_sign_in(BEN, made.id, "http://127.0.0.1/back")


def test_a_member_uses_what_an_administrator_shares_and_changes_nothing(web: Served) -> None:
    made = by_address(web.url, everybody=True, headers={"X-Key": "s3cr3t-value"})
    [card] = mcp.cards(ANNA)
    assert not card.may_change and card.server.header_names == ("X-Key",)
    for change in (lambda: mcp.switch(ANNA, made.id, on=False), lambda: mcp.access(ANNA, made.id)):
        with pytest.raises(BadInput, match="belongs to an administrator"):
            change()
    assert json.loads(mcp.export_servers(ANNA)) == {"mcpServers": {}}


def test_what_a_member_may_not_add() -> None:
    with pytest.raises(BadInput, match="Only an administrator can add a server that is a program"):
        mcp.add(ANNA, Draft("Shell", "stdio", Access(command="sh")))
    with pytest.raises(BadInput, match="for everybody"):
        mcp.add(ANNA, Draft("Web", "http", Access(url="https://mcp.example/mcp"), everybody=True))


def test_a_private_address_is_refused_and_may_be_allowed(web: Served, configure: Configure) -> None:
    made = by_address(web.url, ANNA, listed=False)
    with pytest.raises(mcp.ServerAway, match="leads into a private network"):
        mcp.test(ANNA, made.id)
    assert mcp.card(ANNA, made).status.state == "failed"
    configure(private_urls=True)
    allowed = by_address(web.url, ANNA, name="Allowed")
    assert call(ANNA, "allowed_add", a=1, b=1).text == "2" and allowed.private
    with pytest.raises(BadInput, match="link-local"):
        checked_address("169.254.169.254", 80, private=True)
    assert checked_address("127.0.0.1", 80, private=True) == "127.0.0.1"


@pytest.mark.parametrize("url", ["", "ftp://x.example/", "https://", "https://me:key@mcp.example/", "http://x:99999/"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(BadInput):
        mcp.add(ADMIN, Draft("Web", "http", Access(url=url)))


def test_secrets_are_encrypted_kept_and_never_shown() -> None:
    made = program(name="Secret", API_KEY="sk-1234567890abcdef")
    row = str(collection("mcp_servers").find_one({"name": "Secret"}))
    assert "sk-1234567890abcdef" not in row and "sk-1234567890abcdef" not in repr(store.access(ADMIN, made.id))
    form = mcp.access(ADMIN, made.id)
    assert form.env["API_KEY"] == ""
    mcp.change(ADMIN, made.id, Draft("Renamed", "stdio", form))
    assert store.access(ADMIN, made.id).env["API_KEY"] == "sk-1234567890abcdef"
    call(ADMIN, "renamed_fail")
    shown = mcp.export_servers(ADMIN) + str(mcp.log(ADMIN, made.id)) + str(mcp.cards(ADMIN))
    assert "sk-1234567890abcdef" not in shown


def test_headers_do_not_follow_to_another_server(web: Served) -> None:
    made = by_address(web.url, headers={"X-Key": "s3cr3t-value"})
    kept = mcp.access(ADMIN, made.id)
    elsewhere = Access(url="https://other.example/mcp", headers=kept.headers)
    with pytest.raises(BadInput, match="headers have to be entered again"):
        mcp.change(ADMIN, made.id, Draft("Web", "http", elsewhere))


def test_a_person_leaves_nothing_behind(web: Served) -> None:
    by_address(web.url)
    call(ADMIN, "web_add", a=1, b=1)
    hooks.plugins()
    plugin.person_deleted(ADMIN)
    for name in ("mcp_servers", "mcp_tokens", "mcp_lists"):
        assert collection(name).count_documents({}) == 0


def test_the_log_is_a_ring_of_what_happened_without_what_was_said(web: Served) -> None:
    made = by_address(web.url, everybody=True)
    call(ANNA, "web_weather", town="Timbuktu")
    mcp.close()
    shown = mcp.log(ANNA, made.id)
    assert "Timbuktu" not in str(shown) and any(one.said == "weather: Called" and one.ms for one in shown)
    assert not any(one.kind == "call" for one in mcp.log(BEN, made.id))
    from hub.mcp import journal

    for number in range(journal.KEPT + 20):
        journal.note(made.id, "", "call", str(number))
    assert len(mcp.log(BEN, made.id)) == journal.KEPT


def test_names_are_sane() -> None:
    assert plugin.tool_name("My Server!", "do.it") == "my_server_do_it"
    long = plugin.tool_name("A very long name of a server " * 3, "t" * 60)
    assert len(long) <= 64 and plugin.tool_name("日本", "道具") == "mcp_tool"
