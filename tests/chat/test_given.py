"""What other rooms give to an answer: context, tools, sources; and that their failures leave the turn alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub import chat, files, hooks, runs
from hub.chat.records import Message
from hub.db.mongo import collection, now
from hub.db.who import Who
from hub.errors import HubError, StoreDown
from hub.models import catalogue, text_protocol
from hub.models.types import ToolSpec
from hub.turns import Block, Source, Tool, ToolFile, ToolResult, Turn
from tests.chat.conftest import ANNA
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of

PASSAGE = Source("document", "d1", "handbook.pdf", "Boats leave at nine.", "page 3", 0.9, {"page": 3})


class Room:
    """A plugin that gives what a test sets."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.blocks: list[Block] = []
        self.given: list[Tool] = []
        self.error: Exception | None = None

    @hooks.implementation
    def chat_context(self, turn: Turn) -> Sequence[Block]:
        self.turns.append(turn)
        if self.error:
            raise self.error
        return self.blocks

    @hooks.implementation
    def tools(self, turn: Turn) -> Sequence[Tool]:
        return self.given


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    hooks.plugins().register(made, "hub.testroom.plugin")
    yield made
    hooks.plugins().unregister(made)


def able(model: str, name: str, who: Who = ANNA) -> str:
    """The id of a fake model that the catalogue knows to take tools."""
    connection = model.rstrip("/")
    entry = {
        "name": name,
        "title": "Fake",
        "context": 10_000,
        "output_limit": 1_000,
        "price": [1.0, 2.0, None],
        "abilities": ["tools"],
        "params": None,
    }
    row = {"owner": who.id, "connection": connection, "refreshed_at": now(), "entries": [entry]}
    collection("models").replace_one({"_id": f"{who.id}:{connection}"}, row, upsert=True)
    catalogue.mark(who, f"{connection}/{name}", hidden=False)
    return f"{model}{name}"


def answer(model: str, **more: Any) -> Message:
    sent = chat.send(ANNA, **{"text": "When do boats leave?", "targets": [(model, None)]} | more)
    assert sent.run and runs.wait(sent.run, timeout=20)
    return chat.open_window(ANNA, sent.conversation).messages[-1]


def prompts(server: FakeServer) -> list[list[dict[str, Any]]]:
    return [one.body["messages"] for one in server.requests if one.path.endswith("/chat/completions")]


def weather(arguments: dict[str, Any]) -> ToolResult:
    return ToolResult(f"Rain in {arguments['city']}.", "Rain", sources=(PASSAGE,))


def data(text: str) -> str:
    """What a tool gave as the model gets it."""
    return f'<tool_data tool="weather">\n{text}\n</tool_data>'


WEATHER = Tool(ToolSpec("weather", "The weather.", {"type": "object"}), "Weather", "cloud", weather)


def test_blocks_stand_where_they_belong_and_are_kept_with_the_answer(
    model: str, server: FakeServer, room: Room
) -> None:
    room.blocks = [
        Block("testroom", "Profile", "Anna is a warden.", 5, "system"),
        Block("testroom", "Passages", "<passages>[1] Boats leave at nine.</passages>", 12, sources=(PASSAGE,)),
    ]
    got = answer(f"{model}fake", system_prompt="Be brief.", attached={"documents": {"mode": "auto"}})
    system, question = prompts(server)[-1]
    assert system == {"role": "system", "content": "Be brief.\n\nAnna is a warden."}
    assert question["content"] == "<passages>[1] Boats leave at nine.</passages>\n\nWhen do boats leave?"
    assert got.context_used and [one.title for one in got.context_used.blocks] == ["Profile", "Passages"]
    assert got.sources == (PASSAGE,)
    [turn] = room.turns
    assert (turn.question, turn.attached) == ("When do boats leave?", {"documents": {"mode": "auto"}})
    assert (turn.asked, turn.answer) == (got.parent, got.id)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreDown("The index is away."), "Without testroom: The index is away."),
        (ValueError("secret detail"), "Without testroom: something went wrong in it (ValueError)."),
    ],
)
def test_a_room_that_fails_is_said_and_left_out(model: str, room: Room, error: Exception, said: str) -> None:
    room.error = error
    got = answer(f"{model}fake")
    assert got.text == text_of(20)
    assert got.notices == (said,)


def test_tools_answer_and_the_model_goes_on(model: str, server: FakeServer, room: Room) -> None:
    room.given = [WEATHER]
    got = answer(able(model, "fake-tools"))
    assert got.text == f"Let me look.\n\n{text_of(20)}"
    assert [(call.name, call.arguments) for call in got.tool_calls] == [
        ("weather", '{"city":"Oslo"}'),
        ("weather", '{"city":"Rome"}'),
    ]
    assert sorted((one.call, one.text, one.said, one.title, one.icon) for one in got.tool_results) == [
        ("call_0", data("Rain in Oslo."), "Rain", "Weather", "cloud"),
        ("call_1", data("Rain in Rome."), "Rain", "Weather", "cloud"),
    ]
    assert [(call.round, call.at) for call in got.tool_calls] == [(0, 12), (0, 12)]
    assert got.sources == (PASSAGE,)
    first, second = prompts(server)
    assert [one["role"] for one in first] == ["system", "user"]
    assert [one["role"] for one in second] == ["system", "user", "assistant", "tool", "tool"]
    assert [one["content"] for one in second[3:]] == [data("Rain in Oslo."), data("Rain in Rome.")]
    assert [(step.number, step.finish) for step in got.steps] == [(0, "tool_calls"), (1, "stop")]
    assert got.usage and got.usage.output > 20  # both requests are counted


def test_a_model_that_is_not_known_to_take_tools_is_told_of_them_in_words(
    model: str, server: FakeServer, room: Room
) -> None:
    room.given = [WEATHER]
    got = answer(
        f"{model}fake-caller", text='Weather?\ncall weather {"city":"Oslo"}', attached={"tools": {"mode": "on"}}
    )
    assert [(call.name, call.arguments) for call in got.tool_calls] == [("weather", '{"city":"Oslo"}')]
    assert got.text.startswith("All done: <tool_response>") and "<tool_call>" not in got.text
    body = server.requests[-1].body
    assert "tools" not in body and '"name":"weather"' in body["messages"][0]["content"]
    assert [one["role"] for one in body["messages"]] == ["system", "user", "assistant", "user"]
    given = body["messages"][-1]["content"]
    assert given == f"<tool_response>\n{data('Rain in Oslo.')}\n</tool_response>\n{text_protocol.NEXT}"


def test_tools_in_words_are_called_one_after_the_other(model: str, server: FakeServer, room: Room) -> None:
    room.given = [WEATHER]
    both = 'Weather?\ncall weather {"city":"Oslo"} && weather {"city":"Rome"}'
    got = answer(f"{model}fake-caller", text=both, attached={"tools": {"mode": "on"}})
    assert [call.arguments for call in got.tool_calls] == ['{"city":"Oslo"}']
    assert len(prompts(server)) == 2


def test_a_tool_that_fails_says_so_to_the_model(model: str, server: FakeServer, room: Room) -> None:
    def refuse(_: dict[str, Any]) -> ToolResult:
        raise HubError("There is no such city.", hint="Name another.")

    def crash(_: dict[str, Any]) -> ToolResult:
        raise RuntimeError("inner detail")

    for call, said in (
        (refuse, data("There is no such city. Name another.")),
        (crash, "weather failed in the hub (RuntimeError)."),
    ):
        room.given = [Tool(WEATHER.spec, "Weather", "cloud", call)]
        got = answer(able(model, "fake-tools"))
        assert [(one.text, one.error) for one in got.tool_results] == [(said, True)] * 2
        assert got.text.endswith(text_of(20)) and got.status == "done"


def test_a_model_that_calls_the_same_tool_again_and_again_is_stopped(model: str, room: Room) -> None:
    room.given = [WEATHER]
    got = answer(able(model, "fake-tools-for-ever"))
    assert got.text == "Enough."
    assert [one.error for one in got.tool_results] == [False, False, False, True]
    assert got.notices == (
        "The model kept calling the same tool with the same arguments. The model was asked to end without more tools.",
    )


@pytest.mark.parametrize("given", [{"documents": {"$where": 1}}, {"a.b": 1}, {"documents": "x" * 30_000}])
def test_what_cannot_be_attached_is_refused(model: str, given: dict[str, Any]) -> None:
    with pytest.raises(HubError, match=r"attached|attach"):
        chat.send(ANNA, text="Hello", targets=[(f"{model}fake", None)], attached=given)


def test_rooms_hear_what_the_person_said_before(model: str, room: Room) -> None:
    first = answer(f"{model}fake")
    answer(f"{model}fake", conversation=first.conversation, text="And on Sunday?")
    assert [turn.said for turn in room.turns] == [(), ("When do boats leave?",)]


def test_an_exchange_can_be_read_by_other_rooms(model: str) -> None:
    first = answer(f"{model}fake")
    sent = chat.send(ANNA, conversation=first.conversation, text="And on Sunday?", targets=[(f"{model}fake", None)])
    assert sent.run and runs.wait(sent.run, timeout=20)
    read = hooks.exchange(ANNA, sent.answers[0])
    assert read is not None
    assert (read.asked.text, read.answered.text, read.temporary, read.scope) == (
        "And on Sunday?",
        text_of(20),
        False,
        "",
    )
    assert [one.text for one in read.before] == ["When do boats leave?", text_of(20)]
    chat.delete(ANNA, first.conversation)
    assert hooks.exchange(ANNA, sent.answers[0]) is None


def test_files_of_a_tool_are_kept_read_and_taken_away(model: str, server: FakeServer, room: Room) -> None:
    made = (
        ToolFile("tides.csv", "text/csv", b"time,metres\n12:00,2.1\n"),
        ToolFile("x.blob", "application/x", bytes(256)),
    )
    room.given = [replace(WEATHER, call=lambda _: ToolResult("Here.", "2 files", files=made))]
    got = answer(able(model, "fake-tools"))
    assert {(one.name, one.size) for one in got.files} == {("tides.csv", 22), ("x.blob", 256)}
    assert files.content(ANNA, got.files[1].id) == bytes(256)
    read = prompts(server)[-1][-1]["content"]
    assert "12:00" in read and "x.blob" in read and read.startswith('<tool_data tool="weather">')
    collection("files").update_many(
        {"unused_since": {"$exists": True}}, {"$set": {"unused_since": now() - timedelta(days=2)}}
    )
    files.sweep()
    assert files.get(ANNA, got.files[0].id).name == "tides.csv"
    before = len(prompts(server))
    again = chat.send(ANNA, text="And now?", conversation=got.conversation)
    assert again.run and runs.wait(again.run, timeout=20)
    assert "12:00" not in str(prompts(server)[before])


def test_a_picture_that_a_model_made_stays(model: str) -> None:
    got = answer(f"{model}fake-image")
    collection("files").update_many(
        {"unused_since": {"$exists": True}}, {"$set": {"unused_since": now() - timedelta(days=2)}}
    )
    files.sweep()
    assert files.content(ANNA, got.images[0].id)


def test_an_answer_ends_at_the_persons_own_limits(model: str, room: Room) -> None:
    room.given = [WEATHER]
    chat.preferences.change(ANNA, most_steps=1)
    [notice] = answer(able(model, "fake-tools")).notices
    assert "took 1 steps, as many as it may" in notice
    chat.preferences.change(ANNA, most_steps=25, most_tokens=1_000, most_cost=0.001)
    with pytest.raises(HubError):
        chat.preferences.change(ANNA, most_cost=0)
