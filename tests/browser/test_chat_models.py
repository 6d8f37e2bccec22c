"""The chat with models of two connections: prices and windows are known, one model can take over from another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PART, each_chat_alone
from tests.browser.shots import origin
from tests.browser.test_chat_messages import menu
from tests.browser.test_chat_stream import LONG, answers, box, finished, send
from tests.cli.hub_process import HubProcess, hub_up
from tests.fakes.openai_server import FakeServer

WORDS = "about tides and moons " * 150
DATA = Path(__file__).parents[1] / "files" / "data"


@dataclass(frozen=True)
class Place:
    """A hub with the connections Router (prices) and Small (a window of 4,096 tokens)."""

    hub: HubProcess
    router: FakeServer
    small: FakeServer

    def ask(self, model: str, text: str, conversation: str | None = None) -> str:
        """Have a model of Small answer, listed or not, and wait for the end; the id of the conversation."""
        url = self.hub.running.url
        with httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)}) as client:
            names = {one["connection_name"]: one["connection"] for one in client.get("/api/models").json()}
            turn = {"text": text, "targets": [{"model": f"{names['Small']}/{model}"}], "conversation": conversation}
            sent = client.post("/api/runs", json=turn).raise_for_status().json()
            client.get(f"/api/runs/{sent['run']}/events?from=1").raise_for_status()
        return sent["conversation"]


def asked(server: FakeServer, text: str) -> dict[str, Any]:
    """The one chat request that ends with `text`; memory reads the exchange afterwards, in requests of its own."""
    [found] = [
        one.body for one in server.requests if one.body and one.body.get("messages", [{}])[-1].get("content") == text
    ]
    return found


def connect(page: Page, kind: str, url: str, name: str) -> None:
    """Make a connection as a person does."""
    add = page.get_by_role("button", name="Add connection")
    expect(page.get_by_text("vLLM", exact=True).or_(add).first).to_be_visible()
    if add.count():
        add.first.click()
    page.get_by_text(kind, exact=True).last.click()
    page.get_by_placeholder(kind, exact=True).fill(name)
    page.get_by_label("Address").fill(url)
    page.get_by_role("button", name=re.compile("^Connect (server|llama.cpp)")).click()
    expect(page.get_by_text(name, exact=True).first).to_be_visible()


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with (
        FakeServer(flavour="openrouter", tokens=40, gap_ms=5) as router,
        FakeServer(flavour="llamacpp", tokens=40, gap_ms=5) as small,
        hub_up(tmp_path_factory.mktemp("models") / "data", discover_local="false") as hub,
    ):
        each_chat_alone(hub)
        page = browser.new_page(base_url=hub.running.url)
        page.goto("/models")
        connect(page, "Other server", router.url, "Router")
        connect(page, "llama.cpp", small.url, "Small")
        page.close()
        yield Place(hub, router, small)


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    context = browser.new_context(base_url=place.hub.running.url, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(20_000)
    context.add_init_script(PART)
    shown = context.new_page()
    shown.goto("/")
    expect(box(shown)).to_be_visible()
    yield shown
    context.close()


def choose(page: Page, words: str, provider: str) -> None:
    """Pick a model of a connection above the chat."""
    page.locator(".st-key-model_picker button").first.click()
    page.get_by_placeholder("Find a model").fill(words)
    expect(page.get_by_role("option")).to_have_count(1)
    page.get_by_role("option").get_by_text(re.compile(f"^{provider}")).click()
    expect(page.get_by_role("button", name=re.compile(f"^Model: .*{words}, {provider}", re.IGNORECASE))).to_be_visible()


def test_a_model_is_switched_inside_a_conversation(page: Page):
    choose(page, "fake-echo", "Router")
    send(page, "one")
    finished(page)
    choose(page, "fake-slow", "Router")
    send(page, "two tokens=5")
    finished(page, 2)
    expect(answers(page).first.locator(".facts")).to_contain_text("Vendor: Fake-Echo")
    expect(answers(page).last.locator(".facts")).to_contain_text("Vendor: Fake-Slow")


def test_below_an_answer_and_in_the_title_stand_tokens_cost_and_speed(page: Page):
    choose(page, "fake-reasoning", "Router")
    send(page, "tokens=60")
    finished(page)
    for said in (
        r"\d+ in \(4 cached\)",
        r"60 out \(3 reasoning\)",
        r"\$0\.0001",
        r"ms to first token",
        r"\d+ tokens/s",
    ):
        expect(answers(page).locator(".facts")).to_have_text(re.compile(said))
    page.locator(".st-key-chat_title_menu button:visible").first.click()
    sums = page.get_by_test_id("stPopoverBody")
    expect(sums).to_contain_text(re.compile(r"1 answer: \d+ tokens in, 60 out\."))
    expect(sums).to_contain_text("Cost so far $0.0001.")


def test_the_same_question_goes_to_another_model(page: Page, place: Place):
    page.goto(f"/?c={place.ask('fake', 'Which one?')}")
    finished(page)
    menu(page, answers(page), "Regenerate with another model")
    page.get_by_label("Find a model").fill("echo small")
    expect(page.get_by_role("menuitem")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".branches .count")).to_have_text("2/2")
    finished(page)
    expect(answers(page).locator(".body")).to_have_text("You said: Which one?")
    page.get_by_role("button", name="Previous branch").click()
    expect(answers(page).locator(".body")).to_contain_text("quick brown fox")


def test_a_model_that_says_nothing_leaves_a_next_step(page: Page, place: Place):
    page.goto(f"/?c={place.ask('fake-empty', 'Anything?')}")
    card = page.locator(".card.silent")
    expect(card).to_contain_text("ended its answer without saying anything")
    expect(card).to_contain_text("may have charged")
    expect(page.locator(".notice")).to_have_count(0)
    expect(card.get_by_role("button", name="Retry")).to_be_visible()
    card.get_by_role("button", name="Use another model").click()
    page.get_by_label("Find a model").fill("echo small")
    page.keyboard.press("Enter")
    expect(answers(page).locator(".body")).to_have_text("You said: Anything?")


def test_an_answer_that_was_cut_goes_on_in_the_same_message(page: Page, place: Place):
    page.goto(f"/?c={place.ask('fake-length', 'Tell me')}")
    expect(page.get_by_text("The answer reached its output limit.")).to_be_visible()
    page.locator(".card").get_by_role("button", name="Continue").click()
    expect(answers(page).locator(".body")).to_have_text("cut by the limcut by the lim")
    expect(answers(page)).to_have_count(1)


def test_pictures_come_out(page: Page, place: Place):
    page.goto(f"/?c={place.ask('fake-image', 'Draw a boat')}")
    picture = answers(page).locator(".made img")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1


def test_a_full_window_is_summarised_and_the_summary_is_edited(page: Page, place: Place):
    conversation = place.ask("fake", f"first {WORDS}")
    for number in range(4):
        conversation = place.ask("fake", f"question {number} tokens=300 {WORDS}", conversation)
    page.goto(f"/?c={conversation}")
    expect(answers(page)).to_have_count(5)
    expect(page.locator(".notice").last).to_contain_text("Older messages were summarised to make room")
    summary = page.locator("details.summary").last
    summary.locator("summary").click()
    summary.get_by_role("button", name="Edit summary").click()
    page.get_by_label("Summary", exact=True).fill("They talked about **the tide**.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(summary.locator("strong")).to_have_text("the tide")
    expect(summary.locator(".title")).to_contain_text("edited")
    expect(summary.get_by_role("button", name="Edit summary")).to_be_focused()
    expect(page.locator(".meter .count")).to_have_text(re.compile(r"k of 4\.1k"))
    send(page, "go on tokens=5")
    finished(page, 6)
    head = asked(place.small, "go on tokens=5")["messages"][0]
    assert head["role"] == "system" and "They talked about **the tide**." in head["content"]
    menu(page, answers(page).last, "Show what went in")
    expect(page.get_by_role("dialog")).to_contain_text("A summary in place of the older messages.")


def test_what_does_not_fit_is_said_before_it_is_sent_and_after(page: Page):
    choose(page, "fake-tools", "Small")
    page.locator("input[type=file]").first.set_input_files([DATA / "handbook.pdf", DATA / "boat_course.docx"])
    expect(page.locator(".chip.ready")).to_have_count(2)
    expect(page.locator(".fit-note")).to_contain_text("handbook.pdf goes in shortened.")
    send(page, "Read these, tokens=5")
    expect(page.locator("article.user .file").first).to_contain_text(
        re.compile(r"first [\d,]+ of [\d,]+ tokens went in")
    )
    expect(page.locator("article.user .file").last).to_contain_text(re.compile(r"^description.*\n?.*\d+ tokens"))
    menu(page, answers(page).last, "Show what went in")
    expect(page.get_by_role("dialog")).to_contain_text("boat_course.docx went in whole")


def test_only_what_the_model_takes_is_offered(page: Page):
    choose(page, "fake-tools", "Router")
    page.get_by_role("button", name="Adjust").click()
    fields = page.get_by_test_id("stPopoverBody")
    expect(fields.get_by_label("Temperature")).to_be_visible()
    for absent in ("Seed", "Top-p", "Stop at"):
        expect(fields.get_by_label(absent)).to_have_count(0)


def test_a_preset_is_saved_and_begins_a_new_chat(page: Page, place: Place):
    choose(page, "fake-image", "Router")
    page.get_by_role("button", name="Adjust").click()
    page.get_by_label("Temperature").fill("0.3")
    page.get_by_label("System prompt").fill("Answer like a sailor.")
    page.get_by_label("Save as preset").fill("Sailor")
    page.get_by_role("button", name="Save preset").click()
    expect(page.get_by_role("button", name="Adjusted")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New chat").first.click()
    page.get_by_role("button", name="Adjust", exact=True).click()
    expect(page.get_by_label("System prompt")).to_have_value("")
    page.get_by_role("combobox", name=re.compile("Preset")).click()
    page.get_by_role("option", name="Sailor").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Adjusted")).to_be_visible()
    assert "c=" not in page.url, "an empty conversation was stored"
    page.keyboard.press("Escape")
    send(page, "Where to? tokens=5")
    finished(page)
    sent = asked(place.router, "Where to? tokens=5")
    assert (sent["model"], sent["temperature"]) == ("vendor/fake-image", 0.3)
    assert sent["messages"][0]["role"] == "system"
    assert sent["messages"][0]["content"].startswith("Answer like a sailor.")
    menu(page, answers(page), "Show what went in")
    expect(page.get_by_role("dialog")).to_contain_text("Answer like a sailor.")
    expect(page.get_by_role("dialog")).not_to_contain_text("Bearer", timeout=LONG)
