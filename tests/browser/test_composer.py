"""The composer: what goes in beside text, what it will take, what waits; and that everything has a name."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_chat_stream import LONG, answers, box, finished, send
from tests.browser.test_library import talk
from tests.cli.hub_process import HubProcess

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
GIVE = """([how, name, kind, data]) => {
    const held = new DataTransfer();
    held.items.add(new File([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))], name, { type: kind }));
    const more = { bubbles: true, cancelable: true };
    const area = window.part('input[type=file]').querySelector('textarea');
    if (how === 'paste') return area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, ...more }));
    for (const step of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(step, { dataTransfer: held, ...more }));
}"""
NAMELESS = """() => {
    const found = [];
    const named = (one) => one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.title
        || one.labels?.length || one.innerText?.trim() || one.closest('[aria-label]');
    const look = (root) => {
        for (const one of root.querySelectorAll('*')) {
            if (one.shadowRoot) look(one.shadowRoot);
            if (!one.matches('button, a[href], input:not([type=hidden]), textarea, select')) continue;
            if (one.checkVisibility() && !named(one)) found.push(one.outerHTML.slice(0, 200));
        }
    };
    look(document);
    return found;
}"""


def test_a_picture_is_pasted_and_a_table_dropped(page: Page):
    expect(box(page)).to_be_visible()
    page.evaluate(GIVE, ["paste", "pixel.png", "image/png", PIXEL])
    page.evaluate(GIVE, ["drop", "table.csv", "text/csv", "YSxiCjEsMg=="])
    expect(page.locator(".chip.ready")).to_have_count(2)
    expect(page.locator(".box.over")).to_have_count(0)
    send(page, "fast, look")
    finished(page)
    expect(page.locator("article.user .picture img")).to_be_visible()
    expect(page.locator("article.user .file")).to_contain_text("table.csv")
    expect(answers(page)).to_contain_text("With it came 1 picture and 1 text file")


def test_files_survive_a_reload_with_the_draft(page: Page):
    expect(box(page)).to_be_visible()
    page.evaluate(GIVE, ["drop", "kept.csv", "text/csv", "YSxiCjEsMg=="])
    expect(page.locator(".chip.ready")).to_be_visible()
    page.wait_for_function("Object.values(localStorage).some((value) => value.includes('kept.csv'))")
    page.reload()
    expect(page.locator(".chip.ready")).to_contain_text("kept.csv")
    page.get_by_role("button", name="Remove kept.csv").click()
    expect(page.locator(".chip")).to_have_count(0)


def test_the_next_turn_is_estimated_while_it_is_typed(page: Page):
    box(page).fill("some words to count")
    expect(page.locator(".meter .count")).to_have_text(re.compile(r"^\d+ of 8\.2k · price unknown$"))
    expect(
        page.get_by_role("img", name=re.compile(r"The next turn sends about \d+ tokens of the 8,192"))
    ).to_be_visible()
    box(page).fill("")
    expect(page.locator(".meter")).not_to_be_visible()


def test_sending_interrupts_by_choice(page: Page):
    send(page, "long")
    expect(page.locator("article.streaming .body p").first).to_be_visible(timeout=LONG)
    box(page).fill("table fast")
    page.get_by_role("button", name="Interrupt").click()
    finished(page, 2)
    expect(answers(page).first.get_by_text("Stopped.")).to_be_visible()
    expect(answers(page).last.locator("table")).to_be_visible()


def test_a_prompt_is_put_in_with_its_first_place_chosen(page: Page):
    page.goto("/settings?group=Prompts")
    page.get_by_role("button", name="Add prompt").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("translate")
    page.get_by_role("dialog").get_by_role("textbox", name="Text").fill("Translate into {{language}}: the sea")
    page.get_by_role("button", name="Save prompt").click()
    expect(page.get_by_text("/translate").first).to_be_visible()
    page.goto("/")
    box(page).press_sequentially("/tra")
    expect(page.get_by_role("option")).to_have_count(1)
    box(page).press("Enter")
    expect(box(page)).to_have_value("Translate into {{language}}: the sea")
    page.keyboard.type("Dutch")
    expect(box(page)).to_have_value("Translate into Dutch: the sea")


def test_a_new_chat_begins_with_nothing_chosen_and_a_temporary_one_keeps_what_was(page: Page):
    page.get_by_role("button", name="Adjust").click()
    page.get_by_label("System prompt").fill("Answer in verse.")
    page.get_by_role("button", name="Use in this chat").click()
    expect(page.get_by_role("button", name="Adjusted")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Temporary").first.click()
    expect(page.get_by_role("button", name="Keep this chat").first).to_be_visible()
    expect(page.get_by_role("button", name="Adjusted")).to_be_visible()
    page.get_by_role("button", name="New chat").first.click()
    expect(page.get_by_role("button", name="Adjust", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Temporary").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_control_has_a_name(page: Page, hub: HubProcess, width: int):
    one = talk(hub, "everything and image")
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/", f"/?c={one}", "/library"):
        page.goto(path)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.locator("article.assistant figure" if "c=" in path else "textarea, table").first).to_be_visible()
        assert page.evaluate(NAMELESS) == [], path
