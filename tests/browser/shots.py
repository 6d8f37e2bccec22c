"""`make shots`: every page in light and dark, wide and narrow, over a hub with something in it.

`python -m tests.browser.shots [folder]` draws into docs/images, or into the folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub import chat
from hub.cli.programs import ROOT
from hub.db.mongo import collection, now, object_id
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.settings import override
from tests.browser.chromium import launch
from tests.cli.hub_process import HubProcess, hub_up
from tests.fakes.openai_server import FakeServer

SIZES = {"wide": (1280, 720), "narrow": (390, 844)}
SCHEMES = ("light", "dark")
TITLES = (
    "Plan a vegetable garden on a balcony",
    "Rust lifetimes, explained with pictures and far too many words",
    "Letter to the landlord",
    "Compare three ways to cache a page",
    "خطة سفر إلى مراكش",
    "Why is the sky dark at night?",
    "SQL for the monthly report",
    "Names for a small bakery",
    "Regular expression for ISO dates",
    "Debug a flaky browser test",
)


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the address, the text that shows that it is drawn."""

    name: str
    path: str
    sign: str


def shots(conversation: str) -> list[Shot]:
    """Every page in its states."""
    return [
        Shot("chat-new", "/", "New chat"),
        Shot("chat", f"/?c={conversation}", "New chat"),
        Shot("library", "/library", "conversations"),
        Shot("models", "/models", "Add connection"),
        Shot("models-catalogue", "/models?view=Catalogue", "Prices are US dollars"),
        Shot("settings", "/settings", "Titles come from"),
        Shot("settings-prompts", "/settings?group=Prompts", "/translate"),
        Shot("settings-account", "/settings?group=Account", "without sign-in"),
        Shot("settings-about", "/settings?group=About", "MongoDB"),
    ]


@contextmanager
def hub_with_things() -> Iterator[tuple[HubProcess, str]]:
    """A hub on a fresh folder with things in it, and the id of a conversation with an answer."""
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeServer(flavour="openrouter") as provider,
        hub_up(Path(folder) / "data", discover_local="false") as hub,
    ):
        override(mongo_url=hub.running.mongo_url, data=hub.data)
        yield hub, fill(hub, provider)


def fill(hub: HubProcess, provider: FakeServer) -> str:
    """Store what the pictures show; the id of the conversation with an answer."""
    made = connections.add(OWNER, "openai_compatible", name="Router", base_url=provider.url, key="sk-0123456789abcdef")
    wait_for(catalogue.refresh(OWNER, made))
    names = [model.id for model in catalogue.models(OWNER) if not model.demo]
    catalogue.mark(OWNER, names[0], favourite=True)
    catalogue.mark(OWNER, names[2], alias="The quick one")
    catalogue.set_default(OWNER, "demo/demo")
    chat.prompts.save(OWNER, "translate", "Translate into {{language}}:", "A text in another language")
    chat.presets.save(OWNER, "Careful editor", names[0], {"temperature": 0.2}, "You correct, and say what you changed.")
    for place, title in enumerate(TITLES):
        one = chat.create(OWNER, title=title, model="demo/demo")
        chat.pin(OWNER, one.id, place in {2, 6})
        moment = now() - timedelta(hours=9 * place * place)
        collection("conversations").update_one({"_id": object_id(one.id)}, {"$set": {"updated_at": moment}})
    return ask(hub.running.url, "Show me everything: a table, code and a formula")


def ask(url: str, text: str) -> str:
    """Have the demo answer and wait for the end; the id of the conversation."""
    with httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)}) as client:
        turn = {"text": text, "targets": [{"model": "demo/demo"}]}
        sent = client.post("/api/runs", json=turn).raise_for_status().json()
        with client.stream("GET", f"/api/runs/{sent['run']}/events?from=1") as events:
            for _ in events.iter_lines():
                pass
    return sent["conversation"]


def origin(url: str) -> str:
    """The origin of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def draw(browser: Browser, url: str, shot: Shot, scheme: str, size: str, folder: Path) -> Path:
    """Take one picture; fails when the page scrolls sideways."""
    width, height = SIZES[size]
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url + shot.path)
    settled(page, shot.sign)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{shot.name} scrolls sideways, {size}"
    target = folder / f"{shot.name}-{scheme}-{size}.png"
    page.screenshot(path=target)
    context.close()
    return target


def settled(page: Page, sign: str) -> None:
    """Wait until the script has ended, its sign stands there, and fonts and pictures are in."""
    expect(page.get_by_text(sign).first).to_be_attached(timeout=30_000)
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle", timeout=30_000) if sign != "New chat" else page.wait_for_timeout(700)


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with hub_with_things() as (hub, conversation), sync_playwright() as driver, launch(driver) as browser:
        for shot in shots(conversation):
            for scheme in SCHEMES:
                for size in SIZES:
                    print(draw(browser, hub.running.url, shot, scheme, size, folder).name)


if __name__ == "__main__":
    main()
