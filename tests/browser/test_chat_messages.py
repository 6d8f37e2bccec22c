"""What can be done with messages and in the composer."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_chat_stream import answers, box, finished, send


def menu(page: Page, message: Locator, item: str) -> None:
    message.hover()
    message.locator("[data-act=menu]").click()
    page.get_by_role("menuitem", name=item).click()


def test_edit_and_send_makes_a_branch_and_the_arrows_lead_back(page: Page):
    send(page, "table fast")
    finished(page)
    asked = page.locator("article.user")
    asked.hover()
    asked.locator("[data-act=edit]").click()
    asked.get_by_label("Message text").fill("code fast")
    asked.get_by_role("button", name="Save and send").click()
    expect(page.locator(".branches .count")).to_have_text("2/2")
    finished(page)
    expect(answers(page).locator("figure.code")).to_be_visible()
    page.get_by_role("button", name="Previous branch").click()
    expect(page.locator(".branches .count")).to_have_text("1/2")
    expect(answers(page).locator("table")).to_be_visible()


def test_an_answer_is_edited_in_place(page: Page):
    send(page, "table fast")
    finished(page)
    menu(page, answers(page), "Edit")
    area = page.get_by_label("Message text")
    area.fill("Mine **now**")
    area.press("Control+Enter")
    expect(answers(page).locator("strong")).to_have_text("now")
    expect(answers(page).locator(".facts")).to_contain_text("edited")


def test_deleting_says_what_goes_and_can_be_taken_back(page: Page):
    send(page, "table fast")
    finished(page)
    menu(page, page.locator("article.user"), "Delete message")
    expect(page.get_by_role("dialog")).to_contain_text("moves up")
    page.get_by_role("dialog").get_by_role("button", name="Delete message").click()
    expect(page.locator("article.user")).to_have_count(0)
    expect(answers(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("article.user")).to_have_count(1)


def test_a_fork_is_a_conversation_of_its_own(page: Page):
    send(page, "table fast")
    finished(page)
    here = page.url
    menu(page, answers(page), "Fork from here")
    expect(page).not_to_have_url(here)
    expect(answers(page).locator("table")).to_be_visible()


def test_a_bad_answer_with_a_reason(page: Page):
    send(page, "table fast")
    finished(page)
    menu(page, answers(page), "Bad answer")
    page.get_by_role("menuitem", name="Too long").click()
    expect(answers(page).locator(".feedback")).to_have_attribute("title", "Too long")


def test_what_went_in_is_one_click_away(page: Page):
    send(page, "table fast")
    finished(page)
    answers(page).locator(".facts button").click()
    expect(page.get_by_role("dialog")).to_contain_text("messages")


def test_a_draft_survives_a_reload_and_goes_when_it_is_sent(page: Page):
    box(page).fill("half a thought")
    page.wait_for_function("Object.values(localStorage).some(value => value.includes('half a thought'))")
    page.reload()
    expect(box(page)).to_have_value("half a thought")
    box(page).press("Enter")
    expect(page.locator("article.user")).to_have_count(1)
    finished(page)
    page.goto("/")
    expect(box(page)).to_have_value("")


def test_shift_enter_is_a_line_and_arrow_up_recalls(page: Page):
    box(page).press_sequentially("fast one")
    box(page).press("Shift+Enter")
    box(page).press_sequentially("two")
    expect(box(page)).to_have_value("fast one\ntwo")
    box(page).press("Enter")
    finished(page)
    box(page).press("ArrowUp")
    expect(box(page)).to_have_value("fast one\ntwo")


def test_slash_opens_commands_and_a_temporary_chat(page: Page):
    box(page).press_sequentially("/temp")
    expect(page.get_by_role("option")).to_have_count(1)
    box(page).press("Enter")
    expect(page.get_by_text("Temporary chat")).to_be_visible()
    expect(box(page)).to_have_value("")


def test_a_temporary_chat_stays_marked_and_is_not_listed(page: Page):
    page.get_by_role("button", name="Temporary").first.click()
    expect(page.get_by_role("button", name="Keep this chat").first).to_be_visible()
    send(page, "table fast")
    finished(page)
    expect(page.locator(".st-key-chat_header .stMarkdownBadge:visible")).to_have_count(1)
    expect(page.locator(".row.current")).to_have_count(0)


def test_a_message_is_added_without_asking(page: Page):
    send(page, "/add The tide turns at noon")
    expect(page.locator("article.user")).to_have_text(re.compile("The tide turns at noon"))
    expect(page).to_have_url(re.compile(r"\?c="))
    expect(answers(page)).to_have_count(0)


def test_a_summary_is_removed(page: Page):
    for count in range(1, 4):
        send(page, "long fast")
        finished(page, count)
    send(page, "/compact")
    summary = page.locator("details.summary")
    expect(summary).to_be_visible(timeout=30_000)
    summary.locator("summary").click()
    summary.get_by_role("button", name="Remove summary").click()
    expect(summary).to_have_count(0)


def test_the_last_answer_by_keyboard(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    send(page, "table fast")
    finished(page)
    page.keyboard.press("Control+Shift+C")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('| planet |'))")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".branches .count")).to_have_text("2/2")
    finished(page)
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Copy the last answer")


def test_on_a_phone_the_sidebar_folds_away_when_something_is_opened(page: Page):
    send(page, "table fast")
    finished(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".row a").first.click()
    expect(page).to_have_url(re.compile(r"\?c="))
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()


def test_files_are_attached_and_shown_with_the_message(page: Page, tmp_path: Path):
    note = tmp_path / "note.md"
    note.write_text("# A note\n\nwith words")
    page.locator("input[type=file]").set_input_files([note])
    expect(page.locator(".chip.ready")).to_contain_text("tokens")
    send(page, "fast, read this")
    expect(page.locator("article.user .file")).to_contain_text("note.md")
    finished(page)


def test_a_file_that_is_too_large_is_refused_at_once(page: Page):
    expect(box(page)).to_be_visible()
    page.evaluate(
        """() => {
        const root = window.part('input[type=file]');
        const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(51e6)], 'huge.bin'));
        const input = root.querySelector('input[type=file]');
        input.files = files.files;
        input.onchange();
    }"""
    )
    expect(page.locator(".chip.failed")).to_contain_text("Larger than 50 MB")


def test_files_that_cannot_be_read_say_why_and_the_rest_is_sent(page: Page):
    data = Path(__file__).parent.parent / "files" / "data"
    names = ("encrypted.pdf", "corrupt.pdf", "empty.txt")
    page.locator("input[type=file]").first.set_input_files([data / name for name in names])
    for words in ("locked with a password", "damaged", "is empty"):
        expect(page.locator(".chip.failed").filter(has_text=words)).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "binary.txt", "mimeType": "text/plain", "buffer": bytes(range(256)) * 40}
    )
    expect(page.locator(".chip.failed")).to_have_count(4)
    box(page).fill("fast, without them")
    expect(box(page)).to_have_value("fast, without them")


def test_script_in_a_message_is_text(page: Page):
    bad = 'fast <img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    send(page, bad)
    finished(page)
    expect(page.locator("article.user .body")).to_have_text(bad)
    assert page.evaluate("window.hit") is None


def test_the_reader_stays_where_they_scrolled(page: Page):
    send(page, "long")
    main = page.get_by_test_id("stMain")
    expect(page.locator("article.streaming h2, article.streaming h3").nth(4)).to_be_attached(timeout=30_000)
    page.mouse.move(700, 300)
    page.mouse.wheel(0, -400)
    jump = page.get_by_role("button", name="Jump to latest")
    expect(jump).to_be_visible()
    top = main.evaluate("element => element.scrollTop")
    height = main.evaluate("element => element.scrollHeight")
    page.wait_for_function(
        "height => document.querySelector('[data-testid=stMain]').scrollHeight > height + 60", arg=height
    )
    assert main.evaluate("element => element.scrollTop") == top
    jump.click()
    expect(jump).not_to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()


def test_a_phone_scrolls_down_only(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    send(page, "everything fast")
    finished(page)
    assert page.get_by_test_id("stMain").evaluate("element => element.scrollWidth <= element.clientWidth")


def test_colours_follow_the_system(page: Page):
    background = "getComputedStyle(document.documentElement).getPropertyValue('--hub-page').trim()"
    expect(box(page)).to_be_visible()
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(box(page)).to_be_visible()
    assert re.match(r"#1\w{5}$", page.evaluate(background))
