"""The trace of an answer: reached from the chat, rows opened by keyboard, all of it as a file; agents shown nested."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from bson import ObjectId
from playwright.sync_api import Locator, Page, expect

from hub import chat
from hub.agents import ask_store
from hub.db.mongo import collection, now, object_id
from hub.db.who import OWNER
from hub.models import connections
from hub.runs.records import Call, Step, ToolAnswer
from tests.browser.test_chat_stream import answers, finished, send
from tests.cli.hub_process import HubProcess
from tests.conftest import Configure
from tests.fakes.openai_server import FakeServer

SUM = 'Work it out.\ncall calculator {"expression": "6*7"} && current_time {}\ncall calculator {"expression": "2+2"}'


@pytest.fixture
def home(hub: HubProcess, configure: Configure) -> Iterator[str]:
    """A chat with a model that calls what it is told to."""
    configure(mongo_url=hub.running.mongo_url, data=hub.data)
    with FakeServer() as provider:
        made = connections.add(OWNER, "openai_compatible", name="Traced", key="k", base_url=provider.url)
        entry = {"name": "fake-caller", "title": "Caller", "context": 100_000, "output_limit": 1_000,
                 "price": [1.0, 2.0, None], "abilities": ["tools"], "params": None}  # fmt: skip
        row = {"owner": OWNER.id, "connection": made.id, "refreshed_at": now(), "entries": [entry]}
        collection("models").replace_one({"_id": f"{OWNER.id}:{made.id}"}, row, upsert=True)
        yield chat.create(OWNER, title="Sums", model=f"{made.id}/fake-caller").id
        connections.remove(OWNER, made.id)


def rows(page: Page) -> Locator:
    return page.locator("details.row")


def asked(answer: str) -> None:
    """Has the first call of an answer be one that asked an agent, which asked another."""
    found = collection("messages").find_one({"_id": object_id(answer)})
    assert found
    call = found["tool_calls"][0]["id"]
    first, second = ObjectId(), ObjectId()
    inner = Call("a", "ask_agent", "{}", 0), Call("b", "look", '{"path": "notes.md"}', 0)
    steps = [asdict(Step(0, 10, 60, 200)), asdict(Step(1, 300, 320, 400))]
    results = [
        ToolAnswer("a", "ask_agent", "Read.", began_ms=200, ms=90),
        ToolAnswer("b", "look", "Seen.", "Look", ms=20),
    ]
    about = {"answer": answer, "conversation": str(found["conversation"]), "depth": 1, "agent": "x", "version": 1}
    about |= {"status": "done", "at": now(), "hue": 20, "avatar": "", "steps": steps, "model_label": "Small"}
    work = {
        "tool_calls": [asdict(one) for one in inner],
        "tool_results": [asdict(one) for one in results],
    }
    top = {"parent": "", "call": call, "name": "Scout", "task": "Look around.", "text": "It is **quiet**.", **work}
    below = {"parent": str(first), "call": "a", "name": "Reader", "task": "Read it.", "text": "Read."}
    ask_store.insert(OWNER, {"_id": first, **about, **top})
    ask_store.insert(OWNER, {"_id": second, **about, **below})
    changes = {"tool_results.0.about": {"asked": str(first)}}
    collection("messages").update_one({"_id": object_id(answer)}, {"$set": changes})


def test_a_trace_is_reached_read_by_keyboard_and_downloaded(page: Page, home: str, tmp_path: Path):
    page.goto(f"/?c={home}")
    send(page, SUM)
    finished(page)
    answers(page).hover()
    answers(page).get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Show trace").click()
    expect(page).to_have_url(re.compile(r"/trace\?m="))
    expect(page.get_by_text("Work it out.")).to_be_visible()
    expect(rows(page).locator(".label")).to_have_text(
        ["Step 1", "Calculate", "Tell the time", "Step 2", "Calculate", "Step 3"]
    )
    expect(page.locator(".facts")).to_contain_text("Steps3")
    summaries = rows(page).locator("> summary")
    summaries.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(rows(page).nth(1).locator(".part.result pre")).to_contain_text("42")
    expect(rows(page).nth(1).locator(".part.arguments pre")).to_contain_text('"expression": "6*7"')
    summaries.nth(3).click()
    step = rows(page).nth(3)
    expect(step.locator(".message .role")).to_have_text(["Model", "Tool result", "Tool result"])
    step.get_by_role("button", name=re.compile("of the step before")).click()
    expect(step.locator(".message .role").first).to_have_text("Tools")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_download() as got:
        page.get_by_role("button", name="Download").click()
    got.value.save_as(tmp_path / "trace.json")
    kept = json.loads((tmp_path / "trace.json").read_text())
    assert len(kept["trace"]["spans"]) == 6 and kept["request"]["messages"][-1]["role"] == "tool"
    page.get_by_role("button", name="Back to the chat").click()
    expect(answers(page)).to_contain_text("All done")


def test_agents_that_were_asked_stand_nested_in_the_chat_and_in_the_trace(page: Page, home: str):
    page.goto(f"/?c={home}")
    send(page, SUM)
    finished(page)
    message = chat.open_window(OWNER, home).messages[-1].id
    asked(message)
    page.reload()
    finished(page)
    call = answers(page).locator(".call").first
    expect(call.locator("> summary .title")).to_have_text("Scout")
    call.locator("> summary").click()
    expect(call.locator(".beneath > .line .key")).to_have_text("notes.md")
    inner = call.locator(".beneath > .call")
    expect(inner.locator("> summary .title")).to_have_text("Reader")
    inner.locator("> summary").click()
    expect(inner.locator(".answer")).to_have_text("Read.")
    expect(call.locator("> .answer strong")).to_have_text("quiet")
    call.locator("> .more").get_by_text("Trace").click()
    expect(page).to_have_url(re.compile(f"m={message}"))
    scout = page.locator("details.row.of-agent").first
    expect(scout.locator("> summary .label")).to_have_text("Scout")
    expect(scout.locator("details.row > summary .label")).to_have_text(
        ["Step 1", "Reader", "Step 1", "Step 2", "Look", "Step 2"]
    )
    scout.locator("> .about > summary").click()
    expect(scout.locator("> .about .part.task pre")).to_have_text("Look around.")
