"""What the pictures of schedules show: none, many with one that failed, the form, history, inbox, calendar, channels.

`python -m tests.browser.shots_schedules [folder]` draws only these.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from hub import notify
from hub.cli.programs import ROOT
from hub.db.mongo import now
from hub.db.who import OWNER
from hub.models.types import Usage
from hub.schedules import manage, spec, store
from hub.schedules.fire import occurrence
from hub.schedules.records import Schedule, Spec
from hub.schedules.when import parse
from hub.settings import override
from tests.browser.chromium import launch
from tests.browser.shots import SCHEMES, SIZES, Shot, draw, hub_with_things
from tests.cli.hub_process import HubProcess

EMPTY = (
    Shot("schedules-empty", "/schedules", "No schedules yet"),
    Shot("inbox-empty", "/inbox", "Nothing unread"),
)
PLANS = (
    ("Morning briefing", "Read {{url https://example.org/news}} and tell me what is new.", "every weekday at 7:30"),
    ("Price of the train to Lyon", "What does the train to Lyon cost on 3 March?", "every 6 hours"),
    ("Minutes of the garden club", "Write the minutes of what was said.", "every other friday at 16:00"),
    ("Review of the budget", "Compare what was spent with the plan.", "on the last working day of the month at 9"),
    ("Backups, checked", "Look whether the backups of the night are there.", "every day at 2:30"),
)
SAID = (
    "## What is new\n\n- **Trams** run again from Monday, with a stop at the market\n- The library opens at *eight*\n"
    "- A warning of frost for two nights"
)


def store_all(hub: HubProcess) -> str:
    """Store them with what became of them; the id of one with a history."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    made = [manage.create(OWNER, Spec(name, prompt, when=parse(at, "UTC", now()))) for name, prompt, at in PLANS]
    for days in range(6, 0, -1):
        ran(made[0], days * 24, said=SAID, cost=0.0031 + days / 5_000, shelf="unread" if days < 3 else "read")
    ran(made[1], 30, said="The fare is **€ 89** in both classes.", cost=0.0004)
    error = {"error": "The provider refused the key.", "hint": "Enter a new one on the page of models."}
    ran(made[1], 5, "failed", **error)
    ran(made[2], 20, said="I could not send them by myself.", needs=["Send mail"], cost=0.012)
    ran(made[4], 12, "missed", shelf="")
    manage.pause(OWNER, made[3].id)
    notify.add(OWNER, "My phone", "ntfy://garden-club-7313")
    notify.add(OWNER, "Desk", "json://127.0.0.1:9/told")
    return made[0].id


def ran(one: Schedule, hours: float, status: str = "done", **more: Any) -> None:
    """Something that became of a schedule so many hours ago."""
    at = now() - timedelta(hours=hours)
    row = occurrence(store.row(OWNER, one.id), at, "time", at.isoformat())
    row |= {"status": status, "began_at": at, "ended_at": at + timedelta(seconds=7), "shelf": "unread"}
    row |= {"usage": spec.plain(Usage(1_840, 212))} if status == "done" else {}
    row |= {"began_at": None, "ended_at": None} if status == "missed" else {}
    row |= more
    store.insert_occurrences([row])


def written(page: Page) -> None:
    """Says in words what is to be done and when."""
    page.get_by_role("button", name="New schedule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What should be done?").fill("Look whether the backups of the night are there.")
    dialog.get_by_label("When", exact=True).fill("every sunday at 1:30 Berlin time")
    expect(dialog.get_by_text("Next times")).to_be_visible()


def choosing(word: str) -> Any:
    """Opens a part or a shelf."""
    return lambda page: page.get_by_role("radio", name=word, exact=True).click()


def shots(one: str) -> list[Shot]:
    """Every page in its states."""
    return [
        Shot("schedules", "/schedules", "Morning briefing"),
        Shot("schedules-new", "/schedules", "Morning briefing", written, "Next times"),
        Shot("schedule", f"/schedule?s={one}", "Morning briefing"),
        Shot("schedule-edit", f"/schedule?s={one}", "Morning briefing", choosing("Edit"), "Answered by"),
        Shot("inbox", "/inbox", "Morning briefing"),
        Shot("inbox-needs-you", "/inbox", "Morning briefing", choosing("Needs you"), "Send mail"),
        Shot("calendar", "/calendar", "Price of the train"),
        Shot("settings-channels", "/settings?group=Account", "My phone"),
    ]


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with hub_with_things() as hub, sync_playwright() as driver, launch(driver) as browser:
        for shot in EMPTY:
            for look in looks:
                print(draw(browser, hub.running.url, shot, *look, folder).name)
        for shot in shots(store_all(hub)):
            for look in looks:
                print(draw(browser, hub.running.url, shot, *look, folder).name, flush=True)


if __name__ == "__main__":
    main()
