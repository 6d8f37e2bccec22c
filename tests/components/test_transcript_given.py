"""Tools, citations and sources of an answer, as the transcript and the panel draw them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.source_panel.words import shown_source
from components.transcript.given import LONGEST_RESULT
from components.transcript.views import view
from hub.chat.records import ToolUsed
from hub.documents.records import Cited
from hub.models.types import ToolUse
from hub.runs.records import Call, ToolAnswer
from hub.traces import Work
from hub.turns import Source
from tests.components.test_transcript_views import ANSWER

PAGE = Source("document", "p1", "handbook.pdf", "Boil  water\nfor a minute.", "page 3", 0.8312, {}, 1)
OTHER = Source("document", "p2", "notes.md", "Else", "", 0.2, {}, 2)
FACT = Source("memory", "f1", "", "Likes tea.", "since May")
PAST = Source("message", "m1", "Tea", "We spoke of tea.", "12 June", 0.6, {"conversation": "c9"})
GIVEN = replace(ANSWER, text="Boil it [2], not [7].", sources=(PAGE, OTHER, FACT, PAST))


def test_cited_sources_stand_before_those_that_were_only_given():
    rows = view(GIVEN).data()["sources"]
    assert [(row["item"], row["at"], row["cited"]) for row in rows[:2]] == [("p2", 1, True), ("p1", 0, False)]
    assert rows[1]["text"] == "Boil water for a minute."
    assert rows[3]["conversation"] == "c9"


def test_a_source_that_came_twice_is_shown_once():
    twice = replace(GIVEN, sources=(PAGE, OTHER, PAGE))
    assert [row["item"] for row in view(twice).data()["sources"]] == ["p2", "p1"]


def test_a_citation_says_where_it_leads():
    html = view(GIVEN).data()["html"]
    assert 'aria-label="Source 2: notes.md"' in html
    assert "[7]" in html


def test_a_tool_line_says_what_it_gave():
    calls = (
        ToolUse("1", "search_documents", '{"question": "tea"}'),
        ToolUse("2", "read", "{}"),
        ToolUse("3", "on", "{}"),
    )
    gave = (
        ToolUsed("1", "x" * (LONGEST_RESULT + 5), "Search documents", "search", "4 passages", ms=120),
        ToolUsed("2", "There is none.", "Read", "description", "Not found", error=True),
    )
    first, second, third = view(replace(ANSWER, tool_calls=calls, tool_results=gave)).data()["tools"]
    assert (first["title"], first["said"], first["status"], first["ms"]) == (
        "Search documents",
        "4 passages",
        "done",
        120,
    )
    assert first["result"].endswith("… 5 more characters")
    assert (second["status"], second["said"]) == ("error", "Not found")
    assert "result" not in third


def test_the_panel_shows_the_open_source_in_its_document():
    placed = Cited("Before. Boil it. After.", 8, 16, document="d1", note="Said.")
    shown = shown_source((ANSWER, replace(GIVEN, id="a2")), ("a2", 0), lambda source: placed)
    assert shown and (shown.title, shown.place, shown.steps) == ("handbook.pdf", "page 3", (0, 1))
    assert shown.wire()["score"] == "0.83"
    assert "Before. <mark>Boil it.</mark> After." in shown.html
    assert (shown.document, shown.note) == ("d1", "Said.")
    for open_ in (None, ("a2", 9), ("gone", 0)):
        assert shown_source((GIVEN,), open_, lambda source: placed) is None


def test_a_source_from_elsewhere_is_shown_as_it_went_in():
    web = replace(PAGE, kind="web", text="**As it went in**")
    shown = shown_source((replace(GIVEN, id="a2", sources=(web,)),), ("a2", 0), lambda source: pytest.fail())
    assert shown and "<strong>As it went in</strong>" in shown.html and not shown.document


def test_a_call_that_asked_an_agent_shows_what_that_did():
    call = Call("c", "ask_agent", '{"agent": "Scout"}')
    inner = (ToolAnswer("i", "look", "Seen.", "Look", "visibility", "read", ms=40, key="path", cost=0.5),)
    calls = (Call("i", "look", '{"path": "a.txt"}'), Call("j", "ask_agent", "{}", 1))
    first = Work(
        "1", "done", calls=calls, results=inner, call="c", name="Scout", hue=20, task="Look", text="**Seen**", cost=0.7
    )
    second = Work("2", "error", parent="1", call="j", name="Reader", avatar="R", error="No.")
    [drawn] = view(replace(ANSWER, tool_calls=(call,)), asked=(first, second)).data()["tools"]
    agent = drawn["agent"]
    assert (agent["name"], agent["avatar"], agent["task"], agent["cost"]) == ("Scout", "Sc", "Look", "$0.700")
    assert "<strong>Seen</strong>" in agent["html"]
    looked, asked = agent["lines"]
    assert (looked["title"], looked["key"], looked["status"], looked["cost"]) == ("Look", "a.txt", "done", "$0.500")
    assert (asked["agent"]["name"], asked["agent"]["said"], asked["agent"]["error"]) == ("Reader", "Failed", "No.")
    [plain] = view(replace(ANSWER, tool_calls=(call,)), asked=(first,), costs=False).data()["tools"]
    assert plain["agent"]["cost"] == "" and plain["agent"]["lines"][0]["cost"] == ""
