"""Finding the right tool among many."""

from __future__ import annotations

import pytest

from hub.db.mongo import collection
from hub.search.embed import AwayModel, MiniLM, Vectors
from hub.tools import rank, vectors
from tests.fakes.toolsets import tools, toolsets


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM(threads=1)


class Counting(MiniLM):
    """Knows how many texts it has read."""

    read = 0

    def embed(self, texts: list[str]) -> Vectors:  # pyright: ignore[reportIncompatibleMethodOverride]
        self.read += len(texts)
        return super().embed(texts)


def test_the_fake_servers_are_as_large_as_real_ones() -> None:
    assert len(toolsets()) == 12
    assert len(tools()) == 300
    assert len({tool.id for tool in tools()}) == 300
    assert all(tool.spec.parameters["type"] == "object" for tool in tools())


@pytest.mark.parametrize(
    ("query", "right"),
    [("kill running query", "database/cancel_query"), ("decline event invitation", "calendar/respond_to_invitation")],
)
def test_words_and_meaning_find_a_tool(minilm: MiniLM, query: str, right: str) -> None:
    assert f"mcp:{right}" in [tool.id for tool in rank.rank(query, tools(), by=minilm)]


def test_the_question_mends_a_poor_query_and_spoils_no_good_one(minilm: MiniLM) -> None:
    def found(query: str, question: str) -> list[str]:
        return [tool.name for tool in rank.rank(query, tools(), by=minilm, question=question)]

    poor, asked = "schedule event, set up routine, schedule daily routine", "let the blinds down at sunset each day"
    assert found(poor, asked)[0] == "create_automation" and "create_automation" not in found(poor, "")
    assert found("cancel delete calendar event", "Is the air in Milan all right for a run?")[0] == "delete_event"
    long = "Is the air all right? " * 100
    assert found("cancel delete calendar event", long) == found("cancel delete calendar event", "")


def test_without_an_embedder_words_decide_and_strangers_are_left_out(configure) -> None:
    configure(embedding_model="none")
    assert rank.rank("snooze an email", tools())[0].name == "snooze_message"
    assert rank.rank("qwertz", tools()) == []
    assert rank.rank("  ", tools()) == []
    assert rank.rank("mail", []) == []


def test_while_the_model_is_away_words_decide() -> None:
    class Away(MiniLM):
        def query(self, text: str) -> Vectors:
            raise AwayModel("It did not answer.")

    assert rank.rank("snooze an email", tools(), by=Away(threads=1))[0].name == "snooze_message"


def test_a_set_brings_its_tools_forward_and_hides_no_other(minilm: MiniLM) -> None:
    def found(toolset: str) -> list[str]:
        return [tool.id for tool in rank.rank("create a new one", tools(), by=minilm, toolset=toolset)]

    assert sum(id.startswith("mcp:crm/") for id in found("crm ")) > sum(id.startswith("mcp:crm/") for id in found(""))
    assert found("no such set") == found("")
    wrong = rank.rank("cancel delete calendar event", tools(), by=minilm, toolset="Payments")
    assert "mcp:calendar/delete_event" in [tool.id for tool in wrong]


def test_exact_names() -> None:
    found = rank.named(["get_balance", "nothing", "create_refund", "get_balance"], tools())
    assert [tool.name for tool in found] == ["get_balance", "create_refund"]


def test_vectors_are_made_once_and_outlive_the_process(mongo: str) -> None:
    vectors.forget()
    few, by = toolsets()["mail"], Counting(threads=1)
    first = rank.rank("reply to a message", few, by=by)
    assert by.read == 2 * len(few) + 1
    rank.rank("reply to a message", few, by=by)
    assert by.read == 2 * len(few) + 2
    vectors.forget()
    assert rank.rank("reply to a message", few, by=by) == first
    assert by.read == 2 * len(few) + 3
    assert collection("tool_vectors").count_documents({}) == 2 * len(few)
