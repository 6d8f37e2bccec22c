"""An answer that is written while things happen around it: the demo model writes it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

LONG = 30_000


def box(page: Page) -> Locator:
    return page.get_by_label("Message", exact=True)


def answers(page: Page) -> Locator:
    return page.locator("article.assistant")


def send(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


def finished(page: Page, count: int = 1) -> None:
    """Wait until `count` answers stand there and nothing is written any more."""
    expect(answers(page)).to_have_count(count, timeout=LONG)
    expect(page.locator("article.streaming")).to_have_count(0, timeout=LONG)
    expect(answers(page).last.locator("[data-act=retry]").first).to_be_attached(timeout=LONG)


def test_first_run_reaches_a_streamed_answer_in_one_click(page: Page):
    page.locator("[data-act=starter]").first.click()
    expect(page.locator("article.user")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?c="))
    finished(page)
    expect(answers(page).locator("table")).to_be_visible()
    expect(answers(page).locator("figure.code .k").first).to_be_visible()
    expect(answers(page).locator("math").first).to_be_visible()
    expect(answers(page).locator(".drawing svg")).to_be_visible()


def test_what_is_sent_stands_there_before_the_hub_has_answered(page: Page):
    page.route("**/api/runs", lambda route: None)
    send(page, "Are you there?")
    expect(page.locator("article.user")).to_have_text(re.compile("Are you there"))
    expect(page.locator("article.waiting")).to_have_count(1)


def test_the_end_of_an_answer_moves_nothing(page: Page):
    send(page, "table long")
    expect(page.locator("article.streaming table")).to_be_visible()
    page.evaluate(
        """() => {
        const list = window.part('.messages');
        window.table = list.querySelector('table');
    }"""
    )
    finished(page)
    assert page.evaluate("window.table.isConnected"), "the stored message was drawn anew"


def test_a_click_while_an_answer_is_written_loses_nothing(page: Page):
    send(page, "long")
    expect(page.locator("article.streaming h2, article.streaming h3").first).to_be_visible(timeout=LONG)
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url) if "/events" in request.url else None)
    page.locator(".st-key-chat_title_menu button").first.click()
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    before = len(answers(page).inner_text())
    page.wait_for_function(
        """before => {
        const root = window.part('.messages');
        return root.querySelector('article.assistant').innerText.length > before + 200;
    }""",
        arg=before,
    )
    assert not streams, "the stream was opened again"


def test_a_reload_while_an_answer_is_written_goes_on(page: Page):
    send(page, "long")
    expect(page).to_have_url(re.compile(r"\?c="))
    expect(page.locator("article.streaming .body p").first).to_be_visible(timeout=LONG)
    page.reload()
    expect(page.locator("article.streaming .body p").first).to_be_visible(timeout=LONG)
    page.keyboard.press("Escape")
    finished(page)
    expect(answers(page).get_by_text("Stopped.")).to_be_visible()
    expect(answers(page).get_by_role("button", name="Continue")).to_be_visible()


def test_two_tabs_watch_one_answer(page: Page):
    send(page, "long")
    expect(page).to_have_url(re.compile(r"\?c="))
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("article.streaming .body p").first).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Stop", exact=True).click()
    finished(page)
    finished(other)
    assert answers(other).locator(".body").inner_text() == answers(page).locator(".body").inner_text()


def test_a_message_sent_meanwhile_waits_its_turn(page: Page):
    send(page, "long")
    expect(page.locator("article.streaming .body p").first).to_be_visible(timeout=LONG)
    send(page, "table")
    expect(page.locator(".queued")).to_have_text(re.compile("table"))
    page.get_by_role("button", name="Stop", exact=True).click()
    finished(page, 2)
    expect(page.locator(".queued")).to_have_count(0)
    expect(answers(page).last.locator("table")).to_be_visible()


def test_a_queued_message_comes_back_for_editing(page: Page):
    send(page, "long")
    expect(page.locator("article.streaming .body p").first).to_be_visible(timeout=LONG)
    send(page, "not like this")
    page.get_by_role("button", name="Edit queued message").click()
    expect(box(page)).to_have_value("not like this")
    expect(page.locator(".queued")).to_have_count(0)
    page.get_by_role("button", name="Stop", exact=True).click()
    finished(page)


def test_reasoning_is_folded_with_its_duration(page: Page):
    send(page, "reason")
    finished(page)
    expect(page.locator(".reasoning .title")).to_have_text(re.compile(r"Thought for "))
    expect(page.locator(".thought")).not_to_be_visible()
    page.locator(".reasoning summary").click()
    expect(page.locator(".thought")).to_be_visible()


def test_a_failure_says_why_and_what_next(page: Page):
    send(page, "error rate")
    expect(page.locator(".card.error .cause")).to_be_visible(timeout=LONG)
    expect(page.locator(".card.error")).to_contain_text("charged")
    expect(page.locator(".card.error").get_by_role("button", name="Retry")).to_be_visible()


def test_a_refused_send_gives_the_text_back(page: Page):
    down = {"error": {"kind": "store_down", "message": "The store does not answer.", "hint": "Nothing was saved."}}
    page.route("**/api/runs", lambda route: route.fulfill(status=503, json=down))
    send(page, "precious words")
    expect(page.get_by_role("alert").filter(has_text="The store does not answer. Nothing was saved.")).to_be_visible()
    expect(box(page)).to_have_value("precious words")
    expect(page.locator("article")).to_have_count(0)
