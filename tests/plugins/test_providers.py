"""Providers of plugins: one by the OpenAI protocol, and ones that fail in every way."""

from __future__ import annotations

from hub import chat, plugins, runs
from hub.chat.records import Message
from hub.models import catalogue, connections, trial
from hub.models.providers import offered
from tests.chat.conftest import ANNA
from tests.fakes.openai_server import FakeServer
from tests.plugins.conftest import ADMIN, Put

HEAD = """
from hub import hooks
from hub.models.provided import ModelProvider, Speaking
from hub.models.providers import Provider
from hub.models.types import Entry

async def early(request):
    raise ValueError("no bird is there")
    yield

async def late(request):
    yield "Half a"
    raise ValueError("it flew away")

def boom(asked):
    raise ValueError("no cage")

def listed(asked):
    return [Entry("early"), Entry("late")]

def opened(asked):
    return Speaking(asked.name, globals()[asked.name])

bird = Provider("bird", "Bird", "plugin", needs_key=False)
@hooks.implementation
def model_providers():
    return [GIVEN]
"""


def bird(given: str) -> str:
    return HEAD.replace("GIVEN", given)


def answer(model: str) -> Message:
    sent = chat.send(ANNA, text="sing", targets=[(model, None)])
    assert runs.wait(sent.run or "", 20)
    return chat.get_message(ANNA, sent.answers[0])


def test_one_that_speaks_the_protocol_of_openai_is_only_a_row(engine: None, put: Put, server: FakeServer) -> None:
    row = f'Provider("nest", "Nest", "openai", base_url="{server.url}", key_page="https://nest.example/keys")'
    put(nest=bird(f"ModelProvider({row})"))
    assert offered()[-1].title == "Nest"
    made = trial.connect(ANNA, "nest", key="sk-nest")
    assert made.ok, made.sentence
    name = next(one.id for one in catalogue.models(ANNA) if one.name == "fake")
    assert answer(name).status == "done"
    assert server.requests[-1].headers["authorization"] == "Bearer sk-nest"


def test_a_model_that_raises_is_an_error_of_its_answer_only(engine: None, put: Put) -> None:
    put(nest=bird("ModelProvider(bird, opened, listed)"))
    made = trial.connect(ANNA, "bird")
    assert made.ok, made.sentence
    early = answer(f"{made.connection}/early")
    assert early.error and "the plugin nest failed (ValueError)" in early.error.message
    late = answer(f"{made.connection}/late")
    assert late.error and late.text == "Half a" and "in the middle of the answer" in late.error.message
    [one] = plugins.every(ADMIN)[0].failures
    assert (one.where, one.message, one.count) == ("model", "it flew away", 2)


def test_one_that_cannot_open_or_list_says_so(engine: None, put: Put) -> None:
    put(nest=bird("ModelProvider(bird, boom, boom)"))
    made = trial.connect(ANNA, "bird")
    assert not made.ok and "the plugin nest failed (ValueError)" in made.sentence
    said = answer(f"{made.connection}/any")
    assert said.error and "the plugin nest failed" in said.error.message


def test_what_is_no_provider_is_left_out(engine: None, put: Put) -> None:
    before = offered()
    for given in ("ModelProvider(bird)", '"bird"', 'ModelProvider(Provider("openai", "Mine", "openai"))'):
        put(nest=bird(given))
        assert offered() == before
        assert plugins.every(ADMIN)[0].failures[0].where == "model_providers"


def test_a_connection_outlives_its_plugin(engine: None, put: Put) -> None:
    put(nest=bird("ModelProvider(bird, opened, listed)"))
    made = trial.connect(ANNA, "bird")
    put(nest="")
    [kept] = [one for one in connections.list_connections(ANNA) if one.source != "demo"]
    assert (kept.kind, kept.preset.kind) == ("bird", "gone")
    assert not trial.trial(ANNA, kept).ok
    said = answer(f"{made.connection}/early")
    assert said.error and "switched off or gone" in said.error.message
    connections.remove(ANNA, kept.id)
