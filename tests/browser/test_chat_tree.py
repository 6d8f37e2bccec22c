"""The tree of a conversation, and what is kept of a message: branches, forks, deleting, adding, feedback, copying."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page, expect

from tests.browser.shots import origin
from tests.browser.test_chat_messages import menu
from tests.browser.test_chat_stream import answers, box, finished, send
from tests.cli.hub_process import HubProcess


def asked(page: Page, *texts: str) -> None:
    """A conversation of questions to the demo model."""
    for count, text in enumerate(texts, 1):
        send(page, f"{text} fast")
        finished(page, count)


def test_a_question_is_edited_in_place_without_asking_again(page: Page):
    asked(page, "table")
    question = page.locator("article.user")
    question.hover()
    question.locator("[data-act=edit]").click()
    question.get_by_label("Message text").fill("Another question")
    question.get_by_role("button", name="Save", exact=True).click()
    expect(question.locator(".body")).to_have_text("Another question")
    expect(question.locator("[data-act=edit]")).to_be_focused()
    expect(page.locator(".branches")).to_have_count(0)


def test_a_fork_takes_the_path_or_every_branch(page: Page):
    asked(page, "one", "two")
    answers(page).last.locator("[data-act=retry]").first.click()
    expect(page.locator(".branches .count")).to_have_text("2/2")
    finished(page, 2)
    home = page.url
    menu(page, answers(page).last, "Fork with all branches")
    expect(page).not_to_have_url(home)
    expect(page.locator(".branches .count")).to_have_text("2/2")
    page.goto(home)
    finished(page, 2)
    menu(page, answers(page).first, "Fork from here")
    expect(page).not_to_have_url(home)
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator(".branches")).to_have_count(0)


def test_what_follows_goes_too_when_the_person_says_so_and_comes_back(page: Page):
    asked(page, "one", "two")
    menu(page, answers(page).first, "Delete message")
    expect(page.get_by_role("dialog")).to_contain_text("this message and 2 after it go")
    page.get_by_role("button", name="Delete with what follows").click()
    expect(page.locator("article")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("article")).to_have_count(4)


def test_a_message_that_nothing_follows_goes_at_once_and_comes_back(page: Page):
    asked(page, "one")
    menu(page, answers(page), "Delete message")
    expect(answers(page)).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(box(page)).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(answers(page)).to_have_count(1)


def test_the_focus_comes_back_after_a_dialog(page: Page):
    asked(page, "one", "two")
    for item, leave in (("Delete message", "Cancel"), ("Delete message", ""), ("Show what went in", "")):
        menu(page, answers(page).first, item)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_role("button", name=leave, exact=True).click() if leave else page.keyboard.press("Escape")
        expect(answers(page).first.locator("[data-act=menu]")).to_be_focused()


def test_a_message_is_added_by_anybody_and_a_question_gets_its_answer_later(page: Page):
    asked(page, "one")
    for who, text in (("system", "Be kind."), ("user", "Later, fast")):
        menu(page, page.locator("article").last, "Add message after")
        page.get_by_label("Who says it").select_option(who)
        page.get_by_label("Message text").fill(text)
        page.get_by_role("button", name="Add message").click()
        expect(page.locator("article").last.locator(".body")).to_have_text(text)
    expect(answers(page)).to_have_count(1)
    menu(page, page.locator("article.user").last, "Get an answer")
    finished(page, 2)
    expect(answers(page).last).to_contain_text("You wrote: “Later, fast”")


def test_feedback_with_a_reason_of_ones_own_and_taken_back(page: Page):
    asked(page, "one")
    menu(page, answers(page), "Bad answer")
    page.get_by_role("menuitem", name="Write a reason").click()
    page.get_by_label("Why was this a bad answer?").fill("It rambles")
    page.get_by_role("button", name="Send reason").click()
    expect(page.locator(".feedback")).to_have_attribute("title", "It rambles")
    page.reload()
    expect(page.locator(".feedback")).to_have_attribute("title", "It rambles")
    menu(page, answers(page), "Bad answer")
    expect(page.locator(".feedback")).to_have_count(0)
    menu(page, answers(page), "Good answer")
    expect(page.locator(".feedback .icon")).to_have_text("thumb_up")


def test_an_answer_is_copied_as_text_and_as_markdown(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked(page, "table and code")
    copied = "navigator.clipboard.readText()"
    menu(page, answers(page), "Copy as Markdown")
    page.wait_for_function(f"{copied}.then(text => text.includes('**Bold**'))")
    menu(page, answers(page), "Copy as text")
    page.wait_for_function(f"{copied}.then(text => text.includes('Bold') && !text.includes('**'))")
    answers(page).locator("figure.code .copy").click()
    page.wait_for_function(f"{copied}.then(text => text.startsWith('from collections'))")
    expect(answers(page).locator("figure.code .copy")).to_have_text("Copied")


def test_earlier_messages_are_shown_on_demand_and_the_reader_stays(page: Page, hub: HubProcess):
    url = hub.running.url
    sent = {"conversation": None}
    with httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)}) as client:
        for number in range(22):
            turn = {
                "text": f"q{number} fast",
                "targets": [{"model": "demo/demo"}],
                "conversation": sent["conversation"],
            }
            sent = client.post("/api/runs", json=turn).raise_for_status().json()
            client.get(f"/api/runs/{sent['run']}/events?from=1").raise_for_status()
    page.goto(f"/?c={sent['conversation']}")
    expect(page.locator("article")).to_have_count(40)
    earlier = page.get_by_role("button", name="Show earlier messages")
    earlier.scroll_into_view_if_needed()
    first = page.locator("article.user", has_text="q2 fast")
    before = first.bounding_box()
    earlier.click()
    expect(page.locator("article")).to_have_count(44)
    expect(earlier).not_to_be_visible()
    after = first.bounding_box()
    assert before and after and abs(before["y"] - after["y"]) < 60, (before, after)


def test_a_title_is_changed_above_the_chat_and_by_a_command(page: Page):
    asked(page, "Sails and")
    title = page.locator(".st-key-chat_title_menu button:visible").first
    expect(title).to_contain_text("Sails and fast")
    title.click()
    page.get_by_label("Title", exact=True).fill("Ships")
    page.keyboard.press("Enter")
    expect(title).to_contain_text("Ships")
    page.keyboard.press("Escape")
    send(page, "/title Boats of old")
    expect(title).to_contain_text("Boats of old")
    expect(page.locator(".row.current a")).to_have_text(re.compile("Boats of old"))


def test_a_system_prompt_by_command_begins_no_empty_conversation(page: Page):
    send(page, "/system Answer in one word.")
    expect(page.get_by_role("button", name="Adjusted")).to_be_visible()
    assert "c=" not in page.url
    asked(page, "one")
    menu(page, answers(page), "Show what went in")
    expect(page.get_by_role("dialog")).to_contain_text("Answer in one word.")
