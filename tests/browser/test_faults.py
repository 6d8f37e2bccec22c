"""What a person sees when something breaks, and when what is written is hostile."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.test_chat_stream import answers, box, finished, send
from tests.cli.hub_process import HubProcess

HOSTILE = (
    "fast <script>window.hit = 1</script><img src=x onerror='window.hit = 2'> [x](javascript:window.hit=3) "
    "**broken [link](http:// `code </textarea><style>*{display:none}</style> \u202eabc e\u0301 \u05e9\u05dc\u05d5\u05dd"
)


def test_what_is_typed_is_kept_while_the_hub_starts_again(page: Page, hub: HubProcess):
    send(page, "fast first")
    finished(page)
    hub.child("streamlit").kill()
    send(page, "fast second")
    expect(page.get_by_role("alert").filter(has_text=re.compile("does not answer. Nothing was sent"))).to_be_visible()
    expect(box(page)).to_have_value("fast second")
    hub.wait_for("web is back")
    page.reload()
    expect(box(page)).to_have_value("fast second")
    box(page).press("Enter")
    finished(page, 2)
    expect(page.locator("article.user")).to_have_count(2)


def test_the_page_comes_back_by_itself_after_the_store(page: Page, hub: HubProcess):
    send(page, "fast hello")
    finished(page)
    hub.child("secantus").kill()
    page.reload()
    hub.wait_for("SecantusDB is back")
    finished(page)
    send(page, "fast again")
    finished(page, 2)


def test_a_frozen_store_is_said_and_the_page_comes_back_by_itself(page: Page, hub: HubProcess):
    send(page, "fast hello")
    finished(page)
    store = hub.child("secantus")
    store.suspend()
    try:
        page.reload()
        expect(page.get_by_text("The database does not answer.").first).to_be_visible()
    finally:
        store.resume()
    finished(page)
    send(page, "fast again")
    finished(page, 2)


def test_hostile_text_and_file_names_are_shown_and_do_nothing(page: Page):
    name = "<img src=x onerror='window.hit = 4'>.txt"
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/plain", "buffer": b"text"})
    expect(page.locator(".chip.ready")).to_contain_text(name)
    send(page, HOSTILE)
    finished(page)
    expect(page.locator("article.user")).to_contain_text("<script>window.hit = 1</script>")
    expect(page.locator("article.user")).to_contain_text(name)
    page.reload()
    finished(page)
    expect(answers(page)).to_be_visible()
    assert page.evaluate("window.hit === undefined")
    assert page.locator("article script, article img[src=x], article a[href^=javascript]").count() == 0
