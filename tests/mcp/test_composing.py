"""What the composer gets of servers: resources as files, prompts that are remembered."""

from __future__ import annotations

import pytest

from hub import mcp
from hub.db.mongo import collection
from hub.errors import BadInput, NotFound
from hub.mcp.records import ResourceText
from tests.mcp.conftest import ADMIN, ANNA, BEN, by_address, program, until
from tests.mcp.servers.web import Served


def test_resources_come_with_their_blanks(web: Served) -> None:
    made = by_address(web.url, everybody=True)
    found = {one.uri: one for one in mcp.list_resources(ANNA, made.id)}
    assert [one.name for one in found["notes://day/{day}"].arguments] == ["day"]
    assert not found["notes://today"].arguments
    [text] = mcp.read_resource(ANNA, made.id, "notes://day/{day}", {"day": "Monday"})
    assert text.text == "On Monday: bread."
    with pytest.raises(BadInput, match="no address with blanks"):
        mcp.read_resource(ANNA, made.id, "notes://{", {"day": "Monday"})


def test_prompts_are_remembered_when_the_server_is_away(web: Served) -> None:
    mine = by_address(web.url, ADMIN, "My Notes!")
    assert mcp.offering(BEN) == ()
    with pytest.raises(NotFound):
        mcp.list_prompts(BEN, mine.id)
    web.stop()
    mcp.close()
    [found] = mcp.offering(ADMIN)
    assert (found.id, found.word, [one.name for one in found.prompts]) == (mine.id, "my-notes", ["review", "standup"])
    assert [(one.name, one.required) for one in found.prompts[0].arguments] == [("code", True)]
    mcp.switch(ADMIN, mine.id, on=False)
    assert mcp.offering(ADMIN) == ()


def test_prompts_are_listed_when_a_server_is_connected() -> None:
    made = program()
    collection("mcp_lists").update_many({"server": made.id}, {"$unset": {"prompts": ""}})
    mcp.close()
    mcp.list_resources(ADMIN, made.id)  # connects
    until(lambda: "prompts" in (collection("mcp_lists").find_one({"server": made.id}) or {}))


def test_each_server_has_a_word_of_its_own(web: Served) -> None:
    first = by_address(web.url, ADMIN, "Notes", everybody=True)
    second = by_address(web.url, ADMIN, "notes ?")
    assert {one.word: one.id for one in mcp.offering(ADMIN)} == {"notes": first.id, "notes-2": second.id}


@pytest.mark.parametrize(
    ("name", "uri", "mime", "expected"),
    [
        ("Notes of today", "notes://today", "text/markdown", "Notes of today.md"),
        ("", "file:///srv/a%20b/report.csv", "text/csv", "report.csv"),
        ("a/b", "x://y", "application/vnd.unknown", "a b.txt"),
        ("", "urn:x", "text/plain; charset=utf-8", "x.txt"),
    ],
)
def test_what_stands_there_is_named(name: str, uri: str, mime: str, expected: str) -> None:
    assert mcp.as_files([ResourceText(uri, mime, text="Text.")], name) == [(expected, b"Text.")]


def test_several_texts_are_several_files_and_none_is_said() -> None:
    some = [ResourceText("f:///a.md", "text/markdown", text="A"), ResourceText("f:///b.bin", "x/y", data=b"B")]
    assert mcp.as_files(some, "Folder") == [("Folder.md", b"A"), ("b.bin", b"B")]
    with pytest.raises(BadInput, match="nothing in Folder"):
        mcp.as_files([ResourceText("f:///a.md", "text/markdown")], "Folder")
