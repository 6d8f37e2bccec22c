"""Memory by mouse and keyboard: its page, and what of it stands in a chat."""

from __future__ import annotations

import re
import uuid

import pytest
from bson import ObjectId
from playwright.sync_api import Locator, Page, expect

from hub import chat, memory
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.memory.change import Step, new_id, write
from hub.memory.records import Evidence, Fact
from tests.browser.test_chat_stream import answers
from tests.browser.test_sidebar import pick
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure


@pytest.fixture(autouse=True)
def stores(hub: HubProcess, configure: Configure) -> None:
    """This process stores where the hub does."""
    configure(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)


def learned(text: str, conversation: str = "") -> Fact:
    """A fact as extraction leaves it; the text is its own, since the tests share a hub."""
    text = f"{text} ({uuid.uuid4().hex[:6]})"
    source = Evidence(conversation, "", "as I said")
    made = Fact(new_id(), "", text, "knowledge", recorded_at=now(), sources=(source,))
    write(OWNER, "", [Step("add", made.id, made, conversation=conversation)], "automatic")
    return made


def extracted(answer: str, conversation: str, changes: int) -> None:
    """What the job leaves that learns from an answer."""
    row = {"_id": answer, "owner": OWNER.id, "conversation": conversation, "scope": "", "state": "done", "said": "."}
    row |= {"model": "", "changes": changes, "refusals": [], "tokens": 0, "cost": None, "at": now()}
    collection("memory_extractions").insert_one(row)


def card(page: Page, fact: Fact) -> Locator:
    return page.locator(f'li[data-id="{fact.id}"]')


def undo(page: Page) -> Locator:
    return page.get_by_role("status").get_by_role("button", name="Undo")


def test_a_card_opens_the_fact_and_the_way_back(page: Page):
    fact = learned("Grows tomatoes")
    page.goto("/memory?part=Facts")
    card(page, fact).get_by_role("link").click()
    expect(page.get_by_role("heading", name=fact.text)).to_be_visible()
    expect(page).to_have_url(re.compile(f"fact={fact.id}"))
    page.get_by_role("button", name="All memories").click()
    expect(card(page, fact)).to_be_visible()


def test_chosen_facts_are_pinned_merged_and_deleted_with_undo(page: Page):
    one, other = learned("Has a sister"), learned("The sister is called Lea")
    page.goto("/memory?part=Facts")
    for fact in (one, other):
        card(page, fact).hover()
        card(page, fact).get_by_role("checkbox").check()
    page.get_by_role("button", name="Merge", exact=True).click()
    dialog = page.get_by_role("dialog")
    text = f"Has a sister, Lea ({uuid.uuid4().hex[:6]})"
    dialog.get_by_label("The one that stays").fill(text)
    dialog.get_by_role("button", name="Merge memories").click()
    merged = page.locator("li", has_text=text)
    expect(merged).to_be_visible()
    expect(card(page, one)).to_have_count(0)
    undo(page).click()
    expect(card(page, one)).to_be_visible()
    expect(merged).to_have_count(0)


def test_a_fact_is_deleted_by_keyboard_and_comes_back(page: Page):
    fact = learned("Likes rain")
    page.goto("/memory?part=Facts")
    card(page, fact).get_by_role("link").focus()
    page.keyboard.press("Delete")
    expect(card(page, fact)).to_have_count(0)
    undo(page).click()
    expect(card(page, fact)).to_be_visible()


def test_the_table_and_the_search_find_it(page: Page):
    fact, other = learned("Plays the cello"), learned("Bakes bread")
    page.goto("/memory?part=Facts")
    expect(card(page, other)).to_be_visible()
    page.get_by_role("radio", name="Table").click()
    page.get_by_label("Search memories").fill(fact.text[:15])
    expect(card(page, other)).to_have_count(0)
    expect(card(page, fact).locator(".source")).to_have_text("Learned")


def test_a_sentence_of_the_summary_leads_to_its_fact(page: Page):
    fact = learned("Works at a bakery")
    page.goto("/memory")
    page.get_by_role("button", name="Rewrite summary").click()
    page.get_by_role("link", name=fact.text).click()
    expect(page.get_by_role("heading", name=fact.text)).to_be_visible()


def test_a_chat_does_without_memory_until_it_is_wanted_again(page: Page):
    home = chat.create(OWNER, title="Without memory").id
    chat.add_message(OWNER, home, "user", "Hello")
    page.goto(f"/?c={home}")
    page.get_by_role("button", name="Attach files and documents").click()
    page.get_by_role("menuitem", name="Use memory in this chat").click()
    expect(page.get_by_text("Memory off")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Memory off")).to_be_visible()
    assert chat.get(OWNER, home).attached["memory"] == {"off": True}
    page.get_by_role("button", name="Use memory again").click()
    expect(page.get_by_text("Memory off")).to_have_count(0)


def test_a_deleted_chat_offers_to_forget_what_was_learned_from_it(page: Page):
    home = chat.create(OWNER, title="Told too much").id
    chat.add_message(OWNER, home, "user", "I told too much")
    fact = learned("Told too much", home)
    page.goto(f"/?c={home}")
    pick(page, home, "Delete")
    page.get_by_role("button", name="Forget 1 memory from it").click()
    expect(page.get_by_text("Removed 1 memory for good")).to_be_visible()
    assert fact.id not in {one.id for one in memory.facts(OWNER, most=500).facts}
    undo(page).click()
    expect(page.locator(f'.row[data-id="{home}"]')).to_be_visible()


def test_an_answer_says_what_was_learned_and_takes_back_what_is_wrong(page: Page):
    home = chat.create(OWNER, title="Tea").id
    chat.add_message(OWNER, home, "user", "What do I like?")
    answer = chat.add_message(OWNER, home, "assistant", "You like tea.")
    fact = learned("Likes tea", home)
    source = {"kind": "memory", "item": fact.id, "title": "", "text": fact.text}
    collection("messages").update_one({"_id": ObjectId(answer)}, {"$set": {"sources": [source]}})
    extracted(answer, home, 2)
    page.goto(f"/?c={home}")
    answers(page).get_by_text("Used in this answer").click()
    answers(page).get_by_role("button", name="This is wrong").click()
    expect(page.get_by_text("Forgot 1 memory")).to_be_visible()
    assert memory.get(OWNER, fact.id).shelf == "deleted"
    undo(page).click()
    expect(undo(page)).to_have_count(0)
    answers(page).get_by_role("link", name="2 memories updated").click()
    expect(page.get_by_role("heading", name="Memory")).to_be_visible()
    expect(page).to_have_url(re.compile("part=Changes"))
    assert memory.get(OWNER, fact.id).shelf == "live"


def test_what_was_learned_stands_under_the_answer_without_a_reload(page: Page):
    home = chat.create(OWNER, title="Coffee").id
    chat.add_message(OWNER, home, "user", "I like coffee.")
    answer = chat.add_message(OWNER, home, "assistant", "Noted.")
    page.goto(f"/?c={home}")
    expect(answers(page).get_by_text("Noted.")).to_be_visible()
    expect(page.get_by_text("Memory updated")).to_have_count(0)
    extracted(answer, home, 1)
    expect(answers(page).get_by_role("link", name="Memory updated")).to_be_visible()
