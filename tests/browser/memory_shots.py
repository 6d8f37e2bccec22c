"""Memory for the pictures: facts with sources and a history, and the states of its page.

`python -m tests.browser.memory_shots [folder]` draws only these.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from hub import chat, memory
from hub.cli.programs import ROOT
from hub.db.mongo import collection, now
from hub.db.who import OWNER
from hub.memory.change import Step, new_id, write
from hub.memory.fold import state_of
from hub.memory.records import EventTime, Evidence, Fact, Kind
from hub.settings import override
from tests.browser.chromium import launch
from tests.browser.shots import SCHEMES, SIZES, Shot, draw, hub_with_things
from tests.cli.hub_process import HubProcess

FACTS: tuple[tuple[str, Kind, str, str], ...] = (
    ("Lives in Lisbon since March 2026.", "profile", "the user", "I moved to Lisbon in March"),
    ("Works as a backend engineer at a bakery chain.", "profile", "the user", "I'm the backend engineer there"),
    ("Prefers metric units and 24-hour times.", "preference", "the user", "please always use metric"),
    ("Wants short answers, code first when there is code.", "instruction", "the user", "keep it short, code first"),
    ("Is writing a Rust cache library called larder.", "plan", "larder", "I want to publish larder in January"),
    ("Lea, a sister, is vegetarian and allergic to hazelnuts.", "relationship", "Lea", "Lea can't eat hazelnuts"),
    ("Lea visits Lisbon on 27 November 2026.", "event", "Lea", "Lea is coming on the 27th"),
    ("larder keeps entries in a slab and evicts with S3-FIFO.", "knowledge", "larder", "a slab with S3-FIFO"),
)


def fill_memory(hub: HubProcess) -> str:
    """Stores facts; the id of the one with the longest story."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    talk = chat.create(OWNER, title="Plan a dinner for Lea", model="demo/demo").id
    made: list[Fact] = []
    for at, (text, kind, subject, quote) in enumerate(FACTS):
        begin, event = now() - timedelta(days=3 * at), EventTime("2026-11-27") if "27" in text else None
        fact = Fact(new_id(), "", text, kind, subject, recorded_at=begin, valid_from=begin, event=event)
        fact = replace(fact, sources=(Evidence(talk, "", quote),), importance=0.7)
        write(OWNER, "", [Step("add", fact.id, fact, conversation=talk)], "automatic")
        made.append(fact)
    memory.pin(OWNER, made[3].id)
    memory.edit(OWNER, made[5].id, text="Lea, a younger sister, is vegetarian and allergic to hazelnuts and walnuts.")
    memory.delete(OWNER, memory.add(OWNER, "Likes pineapple on pizza.").id, wrong=True)
    memory.add_never_rule(OWNER, "What I earn")
    waits = Fact(new_id(), "", "Is training for a marathon in April.", "plan", recorded_at=now(), sources=(Evidence(),))
    row = {"_id": f"{waits.id}.0", "owner": OWNER.id, "scope": "", "op": "add", "fact": waits.id, "at": now()}
    row |= {"state": state_of(waits), "replaces": "", "reason": "", "group": new_id(), "conversation": ""}
    collection("memory_pending").insert_one(row)
    return made[5].id


EMPTY = Shot("memory-empty", "/memory", "Nothing remembered yet")


def memory_shots(fact: str) -> list[Shot]:
    """The page with something in it."""
    return [
        Shot("memory", "/memory", "Lives in Lisbon"),
        Shot("memory-facts", "/memory?part=Facts", "Lives in Lisbon"),
        Shot("memory-fact", f"/memory?fact={fact}", "Where it was said"),
        Shot("memory-changes", "/memory?part=Changes", "Lately"),
        Shot("memory-recall", "/memory?part=Recall", "Show what goes in"),
        Shot("memory-settings", "/memory?part=Settings", "Review first"),
    ]


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with hub_with_things() as hub, sync_playwright() as driver, launch(driver) as browser:
        for look in looks:
            print(draw(browser, hub.running.url, EMPTY, *look, folder).name)
        for shot in memory_shots(fill_memory(hub)):
            for look in looks:
                print(draw(browser, hub.running.url, shot, *look, folder).name)


if __name__ == "__main__":
    main()
