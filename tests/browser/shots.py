"""`make shots`: every page in light and dark, wide and narrow, over a hub with something in it.

`python -m tests.browser.shots [folder]` draws into docs/images, or into the folder.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub import chat, people, projects
from hub.cli.programs import ROOT
from hub.db.mongo import collection, now, object_id
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.settings import override
from hub.web.identity import COOKIE
from tests.browser.chromium import launch
from tests.browser.shots_documents import COMPARED, QUESTION, shelve
from tests.cli.hub_process import HubProcess, hub_up
from tests.fakes.openai_server import FakeServer

SIZES = {"wide": (1280, 720), "narrow": (390, 844)}
SCHEMES = ("light", "dark")
LARGEST_BYTES = 150_000
PLACE = r"""() => {
  const mend = (text) => text.replace(/\/\S+\/data\b/g, "/srv/hub/data");
  for (const one of document.querySelectorAll("code")) one.textContent = mend(one.textContent);
  for (const one of document.querySelectorAll("input")) one.value = mend(one.value);
}"""
"""The scratch folder of the day has no place in a picture."""
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
    """One picture: its name, the address, the text that shows that it is drawn; then what is done on the page, and the
    text after it."""

    name: str
    path: str
    sign: str
    do: Callable[[Page], object] | None = None
    then: str = ""


def pressing(keys: str) -> Callable[[Page], object]:
    """Presses keys once the page listens to them."""

    def press(page: Page) -> None:
        expect(page.locator("[data-listening]")).to_be_attached()
        page.keyboard.press(keys)

    return press


def clicking(selector: str) -> Callable[[Page], object]:
    """Clicks on the first of a selector."""
    return lambda page: page.locator(selector).first.click()


def shots(talk: str, drawing: str, failed: str) -> list[Shot]:
    """Every page in its states."""
    return [
        Shot("chat-new", "/", "Try the hub"),
        Shot("chat-temporary", "/?temporary=1", "Temporary chat"),
        Shot("chat", f"/?c={talk}", "Now a table"),
        Shot("chat-drawing", f"/?c={drawing}", "Draw a diagram"),
        Shot("chat-error", f"/?c={failed}", "Retry"),
        Shot("palette", f"/?c={talk}", "Now a table", pressing("Control+k"), "Recent chats"),
        Shot("shortcuts", "/settings", "Show costs", pressing("Control+/"), "Show this sheet"),
        Shot("library", "/library", "Plan a vegetable garden"),
        Shot("library-empty", "/library?shelf=Archived", "The archive is empty"),
        Shot("models", "/models", "Add connection"),
        Shot("models-catalogue", "/models?view=Catalogue", "Prices are US dollars"),
        Shot("settings", "/settings", "Show costs"),
        Shot("settings-prompts", "/settings?group=Prompts", "/translate"),
        Shot("settings-account", "/settings?group=Account", "has no accounts"),
        Shot("settings-about", "/settings?group=About", "MongoDB"),
    ]


def document_shots(shelf: str, document: str, talk: str) -> list[Shot]:
    """Documents: all, one collection in its parts, one document, and what an answer cites."""
    address = f"/documents?collection={shelf}"
    return [
        Shot("documents", "/documents", "Field station"),
        Shot("documents-collection", address, "handbook.pdf"),
        Shot("documents-try", address, "handbook.pdf", try_question, "Likely answered here"),
        Shot("documents-compare", address, "handbook.pdf", compare, "MRR"),
        Shot("documents-settings", address, "handbook.pdf", clicking("text=Settings >> nth=-1"), "Save"),
        Shot("document", f"/document?d={document}", "Download original"),
        Shot("chat-sources", f"/?c={talk}", "Sources"),
        Shot("chat-source-open", f"/?c={talk}", "Sources", clicking(".cite"), "Open the document"),
    ]


def project_shots(talk: str) -> list[Shot]:
    """Projects: all, and one with a chat in it."""
    made = projects.create(OWNER, "Balcony garden", description="What grows in shade, and when to sow it").id
    projects.create(OWNER, "Bakery", description="Names, prices, opening hours")
    chat.move(OWNER, talk, made)
    return [
        Shot("projects", "/projects", "Balcony garden"),
        Shot("project", f"/projects?p={made}", "Write a function"),
    ]


def try_question(page: Page) -> None:
    """Tries a question on the collection that is open."""
    page.get_by_text("Try a question", exact=True).click()
    page.get_by_label("Question", exact=True).fill(QUESTION)


def compare(page: Page) -> None:
    """Compares two settings of the collection that is open, and looks at what comes of it."""
    page.get_by_role("radio", name="Compare").click()
    page.get_by_label("Questions, one a line").fill(COMPARED)
    page.get_by_role("button", name="Compare settings").click()
    page.get_by_text("MRR").last.scroll_into_view_if_needed(timeout=60_000)


EMPTY = (
    Shot("documents-empty", "/documents", "No documents yet"),
    Shot("projects-empty", "/projects", "No projects yet"),
)
"""What only a hub without them has."""


SIGNED_IN = (
    Shot("settings-signed-in", "/settings?group=Account", "Where you are signed in"),
    Shot("settings-people", "/settings?group=People", "Create an account"),
)
"""What only a hub with accounts has."""


@contextmanager
def hub_with_things() -> Iterator[HubProcess]:
    """A hub on a fresh folder with things in it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeServer(flavour="openrouter") as provider,
        hub_up(Path(folder) / "data", discover_local="false") as hub,
    ):
        override(mongo_url=hub.running.mongo_url, data=hub.data)
        fill(provider)
        yield hub


def fill(provider: FakeServer) -> None:
    """Store what the pictures show."""
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
        totals = {"input": 900 * place, "output": 2100 * place, "answers": place, "unpriced": place % 4, "cost": 0.0041}
        fields = {"updated_at": moment, "totals": totals}
        collection("conversations").update_one({"_id": object_id(one.id)}, {"$set": fields})


def ask(url: str, text: str, conversation: str | None = None) -> str:
    """Have the demo answer and wait for the end; the id of the conversation."""
    with asked(url, text, conversation) as (client, sent):
        client.get(f"/api/runs/{sent['run']}/events?from=1").raise_for_status()
    return sent["conversation"]


@contextmanager
def asked(url: str, text: str, conversation: str | None = None) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """A client, and what the hub said to a question for the demo: {run, conversation, ...}. The run may go on."""
    with httpx.Client(base_url=url, timeout=60, headers={"origin": origin(url)}) as client:
        turn = {"text": text, "targets": [{"model": "demo/demo"}], "conversation": conversation}
        yield client, client.post("/api/runs", json=turn).raise_for_status().json()


def draw_streaming(browser: Browser, url: str, scheme: str, size: str, folder: Path) -> Path:
    """A picture of an answer that is being written; it is stopped afterwards."""
    with asked(url, "Reason about this slowly, then write a long answer with code") as (client, sent):
        shot = Shot("chat-streaming", f"/?c={sent['conversation']}", "Reason about this slowly")
        try:
            return draw(browser, url, shot, scheme, size, folder)
        finally:
            client.post(f"/api/runs/{sent['run']}/cancel").raise_for_status()


def origin(url: str) -> str:
    """The origin of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def draw(browser: Browser, url: str, shot: Shot, scheme: str, size: str, folder: Path, token: str = "") -> Path:
    """Take one picture, signed in with `token` if there is one; fails when the page scrolls sideways."""
    width, height = SIZES[size]
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    if token:
        context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    page = context.new_page()
    page.goto(url + shot.path)
    settled(page, shot.sign)
    if shot.do:
        shot.do(page)
        settled(page, shot.then)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{shot.name} scrolls sideways, {size}"
    page.evaluate(PLACE)
    target = folder / f"{shot.name}-{scheme}-{size}.png"
    small(page.screenshot(), target)
    context.close()
    return target


def small(picture: bytes, target: Path) -> None:
    """Keep a picture with a palette: a third of the size, and nothing that an eye would miss."""
    with Image.open(io.BytesIO(picture)) as full:
        full.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            target, optimize=True
        )
    assert target.stat().st_size < LARGEST_BYTES, f"{target.name} is too large for the repository"


def settled(page: Page, sign: str) -> None:
    """Wait until its sign stands there, the script has ended, and fonts are in."""
    expect(page.get_by_text(sign).filter(visible=True).first).to_be_visible(timeout=30_000)
    app = page.locator('[data-testid="stApp"]')
    if app.count():
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    page.evaluate("document.fonts.ready")
    for diagram in page.locator("figure.diagram").all():
        expect(diagram.locator(".drawing svg")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(700)  # the end of a fold: nothing says when it stands still


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with hub_with_things() as hub, sync_playwright() as driver, launch(driver) as browser:
        url = hub.running.url
        for shot in EMPTY:
            for look in looks:
                print(draw(browser, url, shot, *look, folder).name)
        failed = ask(url, "Show me the error of a rate limit")
        talk = ask(url, "Write a function that yields prime numbers, with code I can run")
        ask(url, "Now a table of the inner planets, and some math", talk)
        everything = shots(talk, ask(url, "Draw a diagram of how a question becomes an answer"), failed)
        everything += document_shots(*shelve(hub))
        everything += project_shots(talk)
        for shot in everything:
            for look in looks:
                print(draw(browser, url, shot, *look, folder).name)
        for look in looks:
            print(draw_streaming(browser, url, *look, folder).name)
            print(draw(browser, url, Shot("setup", "/setup", "account"), *look, folder).name)
        token = sign_up(url)
        for look in looks:
            print(draw(browser, url, Shot("login", "/login", "Sign in"), *look, folder).name)
            for shot in SIGNED_IN:
                print(draw(browser, url, shot, *look, folder, token).name)


def sign_up(url: str) -> str:
    """Make the first account and sign in on two devices; the token of the browser that draws."""
    ada = people.create_first("Ada", "correct horse battery")
    people.begin_session(ada, device="Mozilla/5.0 (iPhone) Safari/604.1", address="192.168.1.20")
    people.create_account(ada, "Grace", "another horse battery")
    while httpx.get(f"{url}/api/conversations").is_success:  # it looks every few seconds whether accounts are there
        time.sleep(0.2)
    return people.begin_session(ada, device="Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", address="127.0.0.1")


if __name__ == "__main__":
    main()
