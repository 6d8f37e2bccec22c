"""Comparing models in a browser: several columns over one stream, votes by key, merges, blind, and what is stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from bson import ObjectId
from playwright.sync_api import Browser, Locator, Page, expect

from hub import compare, documents
from hub.db.mongo import collection
from hub.db.who import OWNER
from tests.browser.conftest import PART, each_chat_alone
from tests.browser.shots import origin
from tests.browser.test_chat_models import connect
from tests.browser.test_chat_stream import LONG, box, send
from tests.browser.test_composer import NAMELESS
from tests.cli.hub_process import HubProcess, hub_up
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer


@dataclass(frozen=True)
class Place:
    """A hub with a provider."""

    hub: HubProcess
    server: FakeServer

    def client(self) -> httpx.Client:
        """Who asks the hub's API from the terminal."""
        url = self.hub.running.url
        return httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)})

    def go_on(self, comparison: str, *texts: str) -> None:
        """Ask all columns on, each time when they have answered."""
        with self.client() as client:
            for text in texts:
                asked = client.post(f"/api/comparisons/{comparison}/turns", json={"text": text}).raise_for_status()
                client.get(f"/api/runs/{asked.json()['run']}/events?from=1").raise_for_status()

    def start(self, *models: str, text: str = "Which?", blind: bool = False, wait: bool = True) -> str:
        """Compare models of the provider, listed or not; the id of the comparison."""
        with self.client() as client:
            known: list[dict[str, Any]] = client.get("/api/models").json()
            at = next(one["connection"] for one in known if one["connection_name"] == "Fake")
            asked = {"text": text, "models": [{"model": f"{at}/{name}"} for name in models], "blind": blind}
            made = client.post("/api/comparisons", json=asked).raise_for_status().json()
            if wait:
                client.get(f"/api/runs/{made['run']}/events?from=1").raise_for_status()
        return made["comparison"]


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with (
        FakeServer(flavour="llamacpp", tokens=40, gap_ms=2) as server,
        hub_up(tmp_path_factory.mktemp("compare") / "data", discover_local="false") as hub,
    ):
        each_chat_alone(hub)
        page = browser.new_page(base_url=hub.running.url)
        page.goto("/models")
        connect(page, "llama.cpp", server.url, "Fake")
        page.close()
        yield Place(hub, server)


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    context = browser.new_context(base_url=place.hub.running.url, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(20_000)
    context.add_init_script(PART)
    shown = context.new_page()
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    yield shown
    context.close()
    assert not errors


def panes(page: Page) -> Locator:
    return page.locator(".board .pane")


def over(page: Page, count: int) -> None:
    """Wait until that many columns stand there and none is being written."""
    expect(panes(page)).to_have_count(count, timeout=LONG)
    expect(page.locator(".board .pane.busy")).to_have_count(0, timeout=LONG)


def menu(page: Page, pane: Locator, item: str) -> None:
    pane.get_by_role("button", name="Actions of").click()
    page.get_by_role("menuitem", name=item).click()


def test_two_models_answer_side_by_side_over_one_stream(page: Page):
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url) if "/events" in request.url else None)
    page.goto("/compare")
    expect(page.locator(".member:not(.add)")).to_have_count(2)
    send(page, "fast: a table")
    expect(page).to_have_url(re.compile(r"/compare\?c="))
    over(page, 2)
    expect(panes(page).locator(".figures").first).to_contain_text("to first token")
    expect(page.get_by_text("Which answer is better?")).to_be_visible()
    assert len(streams) == 1
    page.reload()
    over(page, 2)
    expect(panes(page).locator("article.user")).to_have_count(2)


def test_what_is_sent_stands_in_every_column_before_the_hub_has_answered(page: Page):
    page.goto("/compare")
    expect(page.locator(".member:not(.add)")).to_have_count(2)
    page.route("**/api/comparisons", lambda route: None)
    send(page, "Are you there?")
    expect(panes(page).locator("article.user")).to_have_count(2)
    expect(panes(page).locator("article.waiting")).to_have_count(2)


def test_what_the_hub_refuses_comes_back(page: Page):
    page.goto("/compare")
    expect(page.locator(".member:not(.add)")).to_have_count(2)
    page.route("**/api/comparisons", lambda route: route.fulfill(status=503, json={"error": {"message": "Not now."}}))
    send(page, "Are you there?")
    expect(page.get_by_role("alert").filter(has_text="Not now.")).to_be_visible()
    expect(box(page)).to_have_value("Are you there?")
    expect(page.locator(".lineup")).to_be_visible()


def test_a_failed_column_holds_up_nobody_and_is_asked_again(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-500')}")
    over(page, 2)
    expect(panes(page).first.locator(".figures")).to_contain_text("tokens")
    expect(panes(page).last.locator(".card.error")).to_be_visible()
    expect(page.get_by_text("Which answer is better?")).not_to_be_visible()
    before = len(place.server.requests)
    panes(page).last.get_by_role("button", name="Answer again").click()
    assert place.server.wait_for(lambda one: len(one.requests) > before)
    over(page, 2)


def test_one_column_is_stopped_and_the_other_goes_on(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake?tokens=2000&gap=10', 'fake?tokens=400&gap=20', wait=False)}")
    expect(page.locator(".pane.busy")).to_have_count(2)
    panes(page).first.get_by_role("button", name="Stop this answer").click()
    expect(panes(page).first.get_by_text("Stopped.")).to_be_visible()
    over(page, 2)
    assert len(panes(page).last.locator(".body").last.inner_text().split()) == 400


def test_a_vote_by_key_and_its_undoing(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-echo')}")
    expect(page.get_by_text("Which answer is better?")).to_be_visible()
    panes(page).first.locator(".flow").click()
    page.keyboard.press("2")
    expect(page.get_by_text("You said fake-echo > fake")).to_be_visible()
    expect(panes(page).last.locator(".sign")).to_have_text("1st")
    page.keyboard.press("u")
    expect(page.get_by_text("Which answer is better?")).to_be_visible()
    page.get_by_role("button", name="Say why").click()
    page.get_by_role("textbox", name="Why").fill("shorter")
    page.get_by_role("button", name="Tie", exact=True).click()
    expect(page.get_by_text("You called it a tie · shorter")).to_be_visible()


def test_digits_in_the_message_box_are_no_votes(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-echo')}")
    expect(page.get_by_text("Which answer is better?")).to_be_visible()
    box(page).press_sequentially("1tx")
    expect(box(page)).to_have_value("1tx")
    expect(page.get_by_text("Which answer is better?")).to_be_visible()


def test_names_are_hidden_until_the_ranking_is_in(page: Page, place: Place):
    made = place.start("fake", "fake-echo", "fake-reasoning", blind=True)
    page.goto(f"/compare?c={made}")
    over(page, 3)
    expect(page.get_by_text("Names hidden")).to_be_visible()
    for part in ("bar", "board", "votes"):
        assert "fake" not in page.evaluate("name => window.part('.board').querySelector(`.${name}`).outerHTML", part)
    assert "fake" not in page.title()
    for letter in ("B", "A"):
        page.get_by_role("button", name=f"Model {letter}", exact=False).and_(page.locator("[data-vote]")).click()
    expect(page.locator(".vote .nth")).to_have_text(["2", "1", "3"])
    page.get_by_role("button", name="Save ranking").click()
    expect(page.get_by_text("Names hidden")).not_to_be_visible()
    expect(panes(page).first.locator(".model .name")).to_contain_text("fake")
    page.get_by_role("button", name="Undo").click()
    expect(panes(page).first.locator(".model .name")).to_have_text("Model A")


def test_columns_come_change_and_go(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-echo')}")
    over(page, 2)
    page.get_by_role("button", name="Add a column").click()
    page.get_by_role("menuitem", name="fake-reasoning").click()
    over(page, 3)
    expect(panes(page).last.locator(".thought")).to_be_attached()
    panes(page).first.locator("button.model").click()
    page.get_by_role("menuitem", name="fake-tools").click()
    expect(panes(page).first.locator(".model .name")).to_have_text("fake-tools")
    over(page, 3)
    menu(page, panes(page).first, "Remove column")
    over(page, 2)


def test_a_further_question_goes_to_one_column(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-echo')}")
    over(page, 2)
    page.get_by_role("button", name="To all 2").click()
    page.get_by_role("menuitem", name="fake-echo").click()
    send(page, "And you?")
    expect(panes(page).last.locator("article.user")).to_have_count(2)
    over(page, 2)
    expect(panes(page).first.locator("article.user")).to_have_count(1)
    expect(page.get_by_role("button", name="To all 2")).to_be_visible()


def test_a_question_that_waits_for_its_column_is_taken_back(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake?tokens=3000&gap=10', 'fake', wait=False)}")
    slow, quick = panes(page).first, panes(page).last
    expect(slow).to_have_class(re.compile("busy"))
    expect(quick).not_to_have_class(re.compile("busy"))
    send(page, "And then?")
    expect(slow.locator(".waits .name")).to_have_text("And then?")
    expect(quick.locator("article.user")).to_have_count(2)
    slow.get_by_role("button", name="Edit waiting question", exact=True).click()
    expect(slow.locator(".waits .name")).to_have_count(0)
    expect(box(page)).to_have_value("And then?")
    expect(page.get_by_role("button", name="To fake?tokens=3000&gap=10", exact=True)).to_be_visible()
    send(page, "And what then?")
    slow.get_by_role("button", name="Drop waiting question", exact=True).click()
    expect(slow.locator(".waits .name")).to_have_count(0)
    expect(box(page)).to_have_value("")
    slow.get_by_role("button", name="Stop this answer", exact=True).click()
    over(page, 2)
    expect(slow.locator("article.user")).to_have_count(1)


def test_earlier_messages_come_when_they_are_asked_for(page: Page, place: Place):
    made = place.start("fake", "fake")
    place.go_on(made, *(f"Question {number}" for number in range(2, 24)))
    page.goto(f"/compare?c={made}")
    questions = panes(page).first.locator("article.user")
    expect(questions).to_have_count(20)
    first = questions.filter(has_text=re.compile("Question 4$"))
    panes(page).first.locator(".flow").evaluate("flow => flow.scrollTo(0, 0)")
    before = first.bounding_box()
    panes(page).first.get_by_role("button", name="Show earlier messages", exact=True).click()
    expect(questions).to_have_count(23)
    expect(panes(page).last.locator("article.user")).to_have_count(23)
    expect(page.get_by_role("button", name="Show earlier messages", exact=True)).to_have_count(0)
    after = first.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 2, "what was read stays where it was"


def test_two_answers_word_by_word(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake?tokens=5', 'fake?tokens=6')}")
    over(page, 2)
    menu(page, panes(page).first, "Compare text with")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("ins")).to_contain_text("over")
    expect(dialog.locator("section")).to_have_count(2)


def test_answers_are_merged_beside_each_other(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-echo')}")
    over(page, 2)
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_role("radio", name="Table").click()
    page.get_by_role("button", name="Make table").click()
    page.get_by_role("radio", name="Own instruction").click()
    page.get_by_role("textbox", name="Instruction").fill("Take the shorter one")
    page.get_by_role("button", name="Merge answers").click()
    merges = page.locator(".pane.merge")
    expect(merges).to_have_count(2)
    expect(merges.first.get_by_role("button", name="Use as the answer")).to_be_visible(timeout=LONG)
    expect(merges.last.get_by_role("button", name="Use as the answer")).to_be_visible(timeout=LONG)
    merges.first.get_by_role("button", name="Remove this merge").click()
    expect(merges).to_have_count(1)
    merges.get_by_role("button", name="Use as the answer").click()
    expect(page).to_have_url(re.compile(r"/\?c="))


def test_columns_scroll_together_unless_they_shall_not(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake?tokens=900&gap=0', 'fake?tokens=900&gap=0')}")
    over(page, 2)
    panes(page).first.locator(".flow").hover()
    page.mouse.wheel(0, 300)
    top = "([at]) => window.part('.board').querySelectorAll('.board .flow')[at].scrollTop"
    page.wait_for_function(f"({top})([1]) > 200")
    page.get_by_role("button", name="Scroll columns together").click()
    before = page.evaluate(top, [1])
    page.mouse.move(500, 300)
    page.mouse.wheel(0, 200)
    page.wait_for_function(f"({top})([0]) > {before} + 100")
    assert page.evaluate(top, [1]) == before


def test_on_a_phone_one_column_is_seen_and_tabs_lead_to_the_others(page: Page, place: Place):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/compare?c={place.start('fake', 'fake-echo', 'fake-reasoning')}")
    over(page, 3)
    tabs = page.locator(".tab")
    expect(tabs.first).to_have_attribute("aria-current", "true")
    tabs.nth(1).click()
    expect(tabs.nth(1)).to_have_attribute("aria-current", "true")
    expect(tabs.first).to_have_attribute("aria-current", "false")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Rename", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("Title")).to_be_visible()


def test_a_team_is_kept_and_used(page: Page):
    page.goto("/compare")
    page.get_by_role("button", name="Add models").click()
    page.get_by_role("menuitem", name="fake-echo").click()
    page.keyboard.press("Escape")
    expect(page.locator(".member:not(.add)")).to_have_count(3)
    page.get_by_role("button", name="Save as team").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Fast ones")
    page.get_by_role("button", name="Save team").click()
    expect(page.get_by_role("button", name="Fast ones 3")).to_be_visible()
    page.get_by_role("button", name="Remove fake-echo").first.click()
    expect(page.locator(".member:not(.add)")).to_have_count(2)
    page.get_by_role("button", name="Fast ones 3").click()
    expect(page.locator(".member:not(.add)")).to_have_count(3)


def test_an_answer_of_the_chat_is_compared(page: Page):
    page.goto("/")
    send(page, "fast: hello")
    expect(page.locator("article.assistant [data-act=retry]").first).to_be_attached(timeout=LONG)
    page.locator("article.assistant").hover()
    page.locator("article.assistant").get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Compare with other models").click()
    expect(page.get_by_text("Compare this answer")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Ask th")).click()
    expect(panes(page)).to_have_count(3, timeout=LONG)
    over(page, 3)
    menu(page, panes(page).first, "Continue in chat")
    expect(page).to_have_url(re.compile(r"/\?c="))


def test_a_comparison_is_renamed_and_deleted_with_undo(page: Page, place: Place):
    page.goto(f"/compare?c={place.start('fake', 'fake-echo', text='Which of these?')}")
    over(page, 2)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Rename", exact=True).click()
    page.get_by_role("dialog").get_by_label("Title").fill("The two of them")
    page.get_by_role("dialog").get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator(".bar .title")).to_have_text("The two of them")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="New comparison", exact=True).click()
    expect(page.locator(".member:not(.add) .model .name")).to_have_text(["fake", "fake-echo"])
    earlier = page.get_by_role("link", name="The two of them 2 models")
    page.get_by_role("button", name="Actions for The two of them", exact=True).and_(page.locator(".tool")).click()
    page.get_by_role("menuitem", name="Delete with its chat", exact=True).click()
    expect(earlier).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(earlier).to_be_visible()


def test_a_collection_is_asked_and_a_citation_opens_its_passage(page: Page, place: Place, configure: Configure):
    configure(mongo_url=place.hub.running.mongo_url, data=place.hub.data)
    name = f"Handbook {ObjectId()}"
    documents.create_collection(OWNER, name)
    page.goto("/compare")
    page.get_by_role("button", name="Attach files and documents", exact=True).click()
    page.get_by_role("menuitem", name=f"{name} 0 documents", exact=True).click()
    expect(page.locator(".book")).to_contain_text(name)
    send(page, "fast: How long?")
    over(page, 2)
    page.reload()
    expect(page.locator(".book")).to_contain_text(name)
    made = parse_qs(urlsplit(page.url).query)["c"][0]
    answer = compare.open_comparison(OWNER, made).panes[1].messages[-1]
    passages = [{"kind": "document", "item": f"gone-{at}", "title": f"part {at}.md", "text": f"Passage **{at}**.",
                 "place": f"page {at}", "score": 0.5, "number": at} for at in (1, 2)]  # fmt: skip
    fields = {"text": "A minute [2, 1].", "sources": passages}
    collection("messages").update_one({"_id": ObjectId(answer.id)}, {"$set": fields})
    page.reload()
    cite = panes(page).last.locator(".cite").first
    cite.click()
    panel = page.locator("dialog.panel")
    expect(panel.locator("strong")).to_have_text("2")
    panel.get_by_label("Previous source", exact=True).click()
    expect(panel.locator("strong")).to_have_text("1")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_everything_has_a_name(page: Page, place: Place):
    page.goto("/compare")
    expect(page.locator(".lineup")).to_be_visible()
    assert page.evaluate(NAMELESS) == []
    page.goto(f"/compare?c={place.start('fake', 'fake-echo')}")
    over(page, 2)
    page.get_by_role("button", name="Merge", exact=True).click()
    assert page.evaluate(NAMELESS) == []
