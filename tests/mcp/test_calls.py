"""Tools of real servers, called as a turn calls them."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import psutil
import pytest

from hub import mcp
from hub.mcp import plugin
from hub.mcp.open import pool
from tests.mcp.conftest import ADMIN, ANNA, by_address, call, program, tools, turn, until
from tests.mcp.servers.offering import PIXEL
from tests.mcp.servers.web import Served, open_server


@pytest.fixture(params=["stdio", "http", "sse"])
def server(request: pytest.FixtureRequest, web: Served) -> str:
    """The same tools over each way of reaching them; the name of the server."""
    if request.param == "stdio":
        program(name="One")
    elif request.param == "http":
        by_address(web.url, name="One")
    else:
        old = open_server(old=True)
        old.start()
        request.addfinalizer(old.stop)
        by_address(old.url, name="One", transport="sse")
    return "one"


def test_every_sort_of_result_comes_over_every_transport(server: str) -> None:
    assert call(ADMIN, "one_add", a=2, b=40).text == "42"
    assert '"celsius": 21.5' in call(ADMIN, "one_weather", town="Bonn").text
    pictured = call(ADMIN, "one_picture")
    assert [(one.mime, one.data) for one in pictured.images] == [("image/png", PIXEL)]
    table, blob = call(ADMIN, "one_report").files
    assert (table.name, table.mime, table.data[:4]) == ("tide table.csv", "application/x-report", b"time")
    assert (blob.name, len(blob.data)) == ("blob.xyz", 256)
    failed = call(ADMIN, "one_fail")
    assert failed.error and "nothing works today" in failed.text
    wrong = call(ADMIN, "one_add", a="x")
    assert wrong.error


def test_tools_are_offered_without_asking_the_server(web: Served) -> None:
    made = by_address(web.url)
    mcp.close()
    web.stop()
    found = tools(ADMIN)
    assert "web_add" in found and mcp.card(ADMIN, made).status.state == "resting"
    one = found["web_add"]
    assert (one.id, one.group, one.icon, one.permission) == (f"mcp:{made.id}/add", "Web", "extension", "ask")
    assert one.version and one.spec.parameters["properties"].keys() == {"a", "b"}


def test_a_trusted_hint_spares_the_question_and_only_for_what_reads(web: Served) -> None:
    made = by_address(web.url)
    mcp.trust(ADMIN, made.id, on=True)
    found = tools(ADMIN)
    assert found["web_add"].permission == "always" and found["web_weather"].permission == "ask"


def test_switches_take_tools_and_servers_away(web: Served) -> None:
    made = by_address(web.url)
    mcp.switch_tool(ADMIN, made.id, "add", on=False)
    assert "web_add" not in tools(ADMIN) and "web_fail" in tools(ADMIN)
    mcp.switch_tool(ADMIN, made.id, "add", on=True)
    kept = tools(ADMIN)["web_add"]
    mcp.switch(ADMIN, made.id, on=False)
    assert not tools(ADMIN)
    late = kept.call({"a": 1, "b": 1})
    assert late.error and "switched off" in late.text


@pytest.mark.parametrize("kind", ["stdio", "http"])
def test_a_changed_list_is_followed(kind: str, web: Served) -> None:
    _ = program(name="One") if kind == "stdio" else by_address(web.url, name="One")
    assert "one_multiply" not in tools(ADMIN)
    assert call(ADMIN, "one_grow").text == "grown"
    until(lambda: "one_multiply" in tools(ADMIN))
    assert call(ADMIN, "one_multiply", a=6, b=7).text == "42"


def test_a_tool_that_became_another_is_not_called_by_what_was_allowed() -> None:
    program(name="One")
    allowed = tools(ADMIN)["one_add"]
    assert call(ADMIN, "one_turn_coat").text == "turned"
    until(lambda: tools(ADMIN)["one_add"].version != allowed.version)
    refused = allowed.call({"a": 1, "b": 2})
    assert refused.error and "has changed its tool" in refused.text and "deleted" not in refused.text


def test_a_dying_server_says_so_and_comes_back() -> None:
    made = program(name="One")
    died = call(ADMIN, "one_die")
    assert died.error and "ended while die was called" in died.text
    until(lambda: mcp.card(ADMIN, made).status.state == "waiting")
    waiting = call(ADMIN, "one_add", a=1, b=1)
    assert waiting.error and "One is not running, restarted in 1 s" in waiting.text
    assert "status 3" in waiting.text
    until(lambda: mcp.card(ADMIN, made).status.state == "ready")
    assert call(ADMIN, "one_add", a=1, b=1).text == "2"
    assert {"connected", "broken", "call"} <= {line.kind for line in mcp.log(ADMIN, made.id)}


def test_a_server_that_is_killed_while_it_rests_is_restarted() -> None:
    made = program(name="One")
    pid = int(call(ADMIN, "one_surroundings").text.split()[-2])
    os.kill(pid, signal.SIGKILL)
    until(lambda: mcp.card(ADMIN, made).status.state == "waiting")
    until(lambda: mcp.card(ADMIN, made).status.state == "ready")
    assert int(call(ADMIN, "one_surroundings").text.split()[-2]) != pid


def test_the_pauses_grow() -> None:
    made = program(name="One", MCP_BROKEN="sk-very-secret-key")
    with pytest.raises(mcp.ServerAway):
        mcp.test(ADMIN, made.id)
    until(lambda: sum(line.kind == "broken" for line in mcp.log(ADMIN, made.id)) >= 3)
    said = [line.said for line in reversed(mcp.log(ADMIN, made.id)) if line.kind == "broken"]
    assert [line.rpartition(" in ")[2] for line in said[:3]] == ["1 s", "2 s", "4 s"]
    assert "cannot go on" in said[0] and "sk-very-secret-key" not in "".join(said)


def test_a_web_server_that_goes_and_comes_back(web: Served) -> None:
    made = by_address(web.url)
    web.stop()
    until(lambda: mcp.card(ADMIN, made).status.state == "waiting")
    away = call(ADMIN, "web_add", a=1, b=1)
    assert away.error and "is not running" in away.text
    web.start()
    until(lambda: mcp.card(ADMIN, made).status.state == "ready")
    assert call(ADMIN, "web_add", a=1, b=1).text == "2"


@pytest.mark.parametrize("kind", ["stdio", "http"])
def test_a_stopped_answer_stops_its_calls_at_the_server(kind: str, web: Served, tmp_path: Path) -> None:
    _ = program(name="One") if kind == "stdio" else by_address(web.url, name="One")
    file, asked = tmp_path / "waits", turn(ADMIN)
    waiting = next(one for one in plugin.tools(asked) if one.name == "one_wait")
    given: list[str] = []
    thread = threading.Thread(target=lambda: given.append(waiting.call({"file": str(file)}).text))
    thread.start()
    until(lambda: file.exists() and file.read_text() == "began")
    pool().cancel(asked.answer)
    thread.join(10)
    assert "was stopped" in given[0]
    until(lambda: file.read_text() == "stopped")


def test_a_call_has_its_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(name="One")
    monkeypatch.setattr(plugin, "SECONDS", 0.3)
    late = call(ADMIN, "one_wait", file=str(tmp_path / "waits"))
    assert late.error and "no answer within 0 s" in late.text
    assert call(ADMIN, "one_add", a=1, b=1).text == "2"


def test_a_program_gets_only_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-hub")
    made = program(name="One", GIVEN="yes")
    names, most, files, group, pid, place = call(ADMIN, "one_surroundings").text.split()
    assert set(names.split(",")) <= {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "PYTHONPATH", "GIVEN", "PWD"}
    assert (int(most), int(files)) == (2048 * 1024 * 1024, 1024)
    assert int(group) != os.getpgid(0) and place.endswith(f"/mcp/{made.id}")
    mcp.close()
    until(lambda: not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE)


def test_resources_and_prompts(web: Served) -> None:
    made = by_address(web.url)
    named = [(one.uri, one.name) for one in mcp.list_resources(ADMIN, made.id)]
    assert named == [("notes://today", "Notes of today"), ("notes://day/{day}", "Notes of a day")]
    [text] = mcp.read_resource(ADMIN, made.id, "notes://today")
    assert (text.mime, text.text) == ("text/markdown", "# Today\n\nBuy milk.")
    prompt, _ = mcp.list_prompts(ADMIN, made.id)
    assert (prompt.title, [(one.name, one.required) for one in prompt.arguments]) == ("Review", [("code", True)])
    assert mcp.get_prompt(ADMIN, made.id, "review", {"code": "x = 1"}) == "Review this:\n\nx = 1"
    with pytest.raises(mcp.ServerAway, match="Web says"):
        mcp.read_resource(ADMIN, made.id, "notes://never")


def test_a_server_for_everybody_serves_everybody(web: Served) -> None:
    by_address(web.url, everybody=True)
    assert call(ANNA, "web_add", a=1, b=2).text == "3"
